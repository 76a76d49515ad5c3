using System.Collections.Immutable;
using System.Text.Json;
using Governance.Core.Kpis;
using Governance.Core.Scans;

namespace Governance.Cli.Commands;

/// <summary>KPIs over periods and by department as JSON.</summary>
internal static class KpiDocuments
{
    public static void Write(Stream stream, ImmutableArray<PeriodKpis> periods) => Document(stream, "periods", periods, (json, period) =>
    {
        json.WriteString("period", period.Period);
        json.WriteString("scanId", period.ScanId);
        json.WriteString("status", period.Status is { } status ? ContractNames.Of(status) : null);
        Values(json, period.Values, 0);
    });

    /// <param name="smallest">Fewer people are given as null, so that no small group shows.</param>
    public static void Write(Stream stream, ImmutableArray<DepartmentKpis> departments, int smallest) => Document(stream, "departments", departments, (json, department) =>
    {
        json.WriteString("department", department.Department);
        Number(json, "people", department.People, smallest);
        Values(json, department.Values, smallest);
    });

    private static void Document<T>(Stream stream, string name, ImmutableArray<T> items, Action<Utf8JsonWriter, T> write)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Values(Utf8JsonWriter json, ImmutableArray<KpiValue> values, int smallest)
    {
        json.WriteStartArray("kpis");
        foreach (var kpi in values)
        {
            json.WriteStartObject();
            json.WriteString("id", kpi.Id);
            Number(json, "value", kpi.Value, kpi.Unit == "users" ? smallest : 0);
            json.WriteString("unit", kpi.Unit);
            Number(json, "target", kpi.Target, 0);
            Number(json, "previous", kpi.Previous, kpi.Unit == "users" ? smallest : 0);
            json.WriteString("trend", ContractNames.Of(kpi.Trend));
            json.WriteNumber("sampleSize", kpi.SampleSize);
            json.WriteNumber("definitionVersion", kpi.DefinitionVersion);
            json.WriteBoolean("complete", kpi.Complete);
            json.WriteString("note", kpi.Note);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, decimal? number, int smallest)
    {
        if (number is { } value && (value == 0 || value >= smallest))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
