using System.Collections.Immutable;
using System.Text.Json;
using Governance.Api.Exports;
using Governance.Core.Kpis;
using Governance.Core.Scans;

namespace Governance.Cli.Commands;

/// <summary>KPIs of the last scan, over periods and by department as JSON; see <see cref="ExportSchema"/>.</summary>
internal static class KpiDocuments
{
    public static void Write(Stream stream, ImmutableArray<KpiValue> kpis) => Document(stream, "governance-kpis", "kpis", kpis, ScanDocument.Write);

    public static void Write(Stream stream, ImmutableArray<PeriodKpis> periods) => Document(stream, "governance-kpis-by-period", "periods", periods, (json, period) =>
    {
        json.WriteStartObject();
        json.WriteString("period", period.Period);
        json.WriteString("scanId", period.ScanId);
        json.WriteString("status", period.Status is { } status ? ContractNames.Of(status) : null);
        Values(json, period.Values, 0);
        json.WriteEndObject();
    });

    /// <param name="smallest">Fewer people are given as null, so that no small group shows.</param>
    public static void Write(Stream stream, ImmutableArray<DepartmentKpis> departments, int smallest) => Document(stream, "governance-kpis-by-department", "departments", departments, (json, department) =>
    {
        json.WriteStartObject();
        json.WriteString("department", department.Department);
        Number(json, "people", department.People, smallest);
        Values(json, department.Values, smallest);
        json.WriteEndObject();
    });

    private static void Document<T>(Stream stream, string document, string name, ImmutableArray<T> items, Action<Utf8JsonWriter, T> write)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("document", document);
        json.WriteNumber("schemaVersion", ExportSchema.Version);
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
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
