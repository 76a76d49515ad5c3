using System.Collections.Immutable;
using System.Text.Json;
using Governance.Core.Scans;

namespace Governance.Api.Exports;

/// <summary>The <c>governance-export</c> document: the scan's own document behind a head that says its kind and version.</summary>
internal static class JsonExport
{
    /// <summary>Bytes kept in memory before they are passed on.</summary>
    private const int FlushAt = 64 * 1024;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes as it goes; the document is never held as a whole.</summary>
    public static async Task WriteAsync(Stream stream, StoredFacts facts, ExportWhat what, CancellationToken cancellationToken)
    {
        var json = new Utf8JsonWriter(stream, Indented);
        await using (json.ConfigureAwait(false))
        {
            json.WriteStartObject();
            json.WriteString("document", "governance-export");
            json.WriteNumber("schemaVersion", ExportSchema.Version);
            json.WritePropertyName("scan");
            ScanDocument.Write(json, facts.State.LastScan);
            await ListAsync("apps", ExportWhat.Apps, facts.State.Apps, ScanDocument.Write).ConfigureAwait(false);
            await ListAsync("findings", ExportWhat.Findings, facts.State.Findings, ScanDocument.Write).ConfigureAwait(false);
            await ListAsync("kpis", ExportWhat.Kpis, facts.State.Kpis, ScanDocument.Write).ConfigureAwait(false);
            json.WriteEndObject();
        }

        async Task ListAsync<T>(string name, ExportWhat kind, ImmutableArray<T> items, Action<Utf8JsonWriter, T> write)
        {
            if (what != ExportWhat.All && what != kind)
            {
                return;
            }

            json.WriteStartArray(name);
            foreach (var item in items)
            {
                write(json, item);
                if (json.BytesPending > FlushAt)
                {
                    await json.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            json.WriteEndArray();
        }
    }

    /// <summary>Every finding on a line of its own, with the scan it was last part of.</summary>
    public static void WriteFindingLines(Stream stream, StoredFacts facts)
    {
        using var written = new MemoryStream();
        ScanDocument.WriteFindings(written, facts.State.Findings);
        using var document = JsonDocument.Parse(written.GetBuffer().AsMemory(0, (int)written.Length));
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
}
