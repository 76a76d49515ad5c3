using System.Text.Json;
using Governance.Core.Scans;

namespace Governance.Api.Exports;

/// <summary>The <c>governance-export</c> document: the scan's own document behind a head that says its kind and version.</summary>
internal static class JsonExport
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    public static void Write(Stream stream, StoredFacts facts, ExportWhat what)
    {
        using var document = ScanOf(facts);
        using var json = new Utf8JsonWriter(stream, Indented);
        json.WriteStartObject();
        json.WriteString("document", "governance-export");
        json.WriteNumber("schemaVersion", ExportSchema.Version);
        foreach (var part in document.RootElement.EnumerateObject())
        {
            if (part.Name == "scan" || what == ExportWhat.All || part.NameEquals(ContractNames.Of(what)))
            {
                part.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Every finding on a line of its own, with the scan it was last part of.</summary>
    public static void WriteFindingLines(Stream stream, StoredFacts facts)
    {
        using var document = ScanOf(facts);
        foreach (var finding in document.RootElement.GetProperty("findings").EnumerateArray())
        {
            using (var json = new Utf8JsonWriter(stream))
            {
                json.WriteStartObject();
                json.WriteString("tenantId", facts.State.LastScan.TenantId);
                json.WriteString("scanId", facts.State.LastScan.Id);
                foreach (var property in finding.EnumerateObject())
                {
                    property.WriteTo(json);
                }

                json.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
        }
    }

    private static JsonDocument ScanOf(StoredFacts facts)
    {
        using var written = new MemoryStream();
        ScanDocument.Write(written, new ScanReport(
            facts.State.LastScan, [], facts.State.Findings, facts.State.Kpis, facts.Digest.Events, []), facts.State.Apps);
        return JsonDocument.Parse(written.ToArray());
    }
}
