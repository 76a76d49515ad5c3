using System.Text.Json;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;

namespace Governance.Api.Resources;

/// <summary>A scan as the API shows it, from the moment it is asked for: the same fields before, during and after.</summary>
internal static class ScanResource
{
    /// <param name="scan">The scan the run left; null while there is none, or when only the run's own facts are wanted.</param>
    public static void Write(Utf8JsonWriter json, ScanRun run, Scan? scan)
    {
        json.WriteStartObject();
        json.WriteString("id", run.Id);
        json.WriteString("tenantId", run.TenantId);
        json.WriteString("mode", ContractNames.Of(scan?.Mode ?? run.Mode));
        json.WriteString("status", Status(run, scan));
        json.WriteString("requestedBy", run.RequestedBy);
        json.WriteString("requestedAt", ScanDocument.Time(run.RequestedAt));
        json.WriteString("startedAt", run.StartedAt is { } started ? ScanDocument.Time(started) : null);
        json.WriteString("completedAt", run.EndedAt is { } ended ? ScanDocument.Time(ended) : null);
        if (scan is null)
        {
            json.WriteStartArray("parts");
            foreach (var part in run.Parts)
            {
                Write(json, part);
            }

            json.WriteEndArray();
        }
        else
        {
            WriteParts(json, scan);
        }

        json.WriteString("problem", run.Problem);
        json.WriteString("scanId", run.ScanId);
        WriteLinks(json, run.Id, run.Live, run.ScanId is not null && run.State == ScanRunState.Completed);
        json.WriteEndObject();
    }

    /// <summary>A scan that was not asked for over the API.</summary>
    public static void Write(Utf8JsonWriter json, Scan scan)
    {
        json.WriteStartObject();
        json.WriteString("id", scan.Id);
        json.WriteString("tenantId", scan.TenantId);
        json.WriteString("mode", ContractNames.Of(scan.Mode));
        json.WriteString("status", ContractNames.Of(scan.Status));
        json.WriteNull("requestedBy");
        json.WriteNull("requestedAt");
        json.WriteString("startedAt", ScanDocument.Time(scan.StartedAt));
        json.WriteString("completedAt", ScanDocument.Time(scan.CompletedAt));
        WriteParts(json, scan);
        json.WriteNull("problem");
        json.WriteString("scanId", scan.Id);
        WriteLinks(json, scan.Id, live: false, hasResults: true);
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, Scan scan)
    {
        json.WriteStartArray("parts");
        foreach (var part in scan.Parts)
        {
            ScanDocument.Write(json, part);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, PartProgress part)
    {
        json.WriteStartObject();
        json.WriteString("name", PartNames.Of(part.Part));
        json.WriteString("status", part.Done ? "read" : "reading");
        json.WriteNumber("items", part.Items);
        if (part.Expected is { } expected)
        {
            json.WriteNumber("expected", expected);
        }
        else
        {
            json.WriteNull("expected");
        }

        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, string id, bool live, bool hasResults)
    {
        json.WriteStartObject("links");
        json.WriteString("self", $"/api/scans/{id}");
        if (live)
        {
            json.WriteString("cancel", $"/api/scans/{id}/cancel");
        }

        if (hasResults)
        {
            json.WriteString("apps", "/api/apps");
            json.WriteString("findings", "/api/findings");
            json.WriteString("kpis", "/api/kpis");
            json.WriteString("report", "/api/report");
        }

        json.WriteEndObject();
    }

    private static string Status(ScanRun run, Scan? scan) => run.State switch
    {
        ScanRunState.Running when run.CancelRequested => "cancelling",
        ScanRunState.Completed => scan is null ? "completed" : ContractNames.Of(scan.Status),
        _ => ContractNames.Of(run.State),
    };
}
