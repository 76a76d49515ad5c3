using System.Text.Json;
using Governance.Core.Findings;
using Governance.Core.Risk;
using Governance.Core.Scans;

namespace Governance.Api.Exports;

/// <summary>Findings as OCSF 1.3.0 Detection Finding (class 2004), one JSON object on each line.</summary>
/// <remarks>
/// Source: github.com/ocsf/ocsf-schema, tag 1.3.0 (events/findings/detection_finding.json and what it extends), read 2026-11-22.
/// The same finding keeps its <c>finding_info.uid</c> over exports; times are milliseconds since 1970.
/// </remarks>
internal static class OcsfFindings
{
    private const int Category = 2;
    private const int Class = 2004;

    /// <summary>OCSF <c>activity_id</c>.</summary>
    private enum Activity
    {
        Create = 1,
        Update = 2,
        Close = 3,
    }

    public static void Write(Stream stream, StoredFacts facts)
    {
        var apps = facts.State.Apps.ToDictionary(app => app.Id.ToString(), StringComparer.OrdinalIgnoreCase);
        foreach (var finding in facts.State.Findings)
        {
            using (var json = new Utf8JsonWriter(stream))
            {
                Write(json, finding, apps.GetValueOrDefault(finding.Subject), facts.State.LastScan);
            }

            stream.WriteByte((byte)'\n');
        }
    }

    private static void Write(Utf8JsonWriter json, Finding finding, AssessedApp? app, Scan scan)
    {
        var activity = !finding.Live ? Activity.Close : finding.OpenedAt >= scan.StartedAt ? Activity.Create : Activity.Update;
        json.WriteStartObject();
        json.WriteNumber("category_uid", Category);
        json.WriteString("category_name", "Findings");
        json.WriteNumber("class_uid", Class);
        json.WriteString("class_name", "Detection Finding");
        json.WriteNumber("activity_id", (int)activity);
        json.WriteString("activity_name", activity.ToString());
        json.WriteNumber("type_uid", (Class * 100) + (int)activity);
        json.WriteString("type_name", $"Detection Finding: {activity}");
        json.WriteNumber("time", Millis(finding.ResolvedAt ?? finding.LastSeen));
        json.WriteNumber("start_time", Millis(finding.FirstSeen));
        json.WriteNumber("end_time", Millis(finding.LastSeen));
        json.WriteNumber("severity_id", SeverityId(finding.Severity));
        json.WriteString("severity", SeverityName(finding.Severity));
        json.WriteNumber("status_id", StatusId(finding.State));
        json.WriteString("status", StatusName(finding.State));
        json.WriteString("message", finding.Title);
        if (finding.ResolvedBy is { } by)
        {
            json.WriteString("status_detail", by);
        }

        WriteInfo(json, finding);
        WriteMetadata(json, scan);
        if (app is not null)
        {
            WriteApp(json, app);
        }

        WriteEvidence(json, finding);
        json.WriteStartObject("unmapped");
        json.WriteString("scan_id", scan.Id);
        json.WriteString("policy_version", finding.PolicyVersion);
        json.WriteBoolean("unconfirmed", finding.Unconfirmed);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInfo(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject("finding_info");
        json.WriteString("uid", finding.Id);
        json.WriteString("title", finding.Title);
        json.WriteNumber("created_time", Millis(finding.FirstSeen));
        json.WriteNumber("first_seen_time", Millis(finding.FirstSeen));
        json.WriteNumber("last_seen_time", Millis(finding.LastSeen));
        json.WriteNumber("modified_time", Millis(finding.ResolvedAt ?? finding.LastSeen));
        json.WriteStartArray("types");
        json.WriteStringValue(finding.Rule);
        json.WriteEndArray();
        json.WriteStartObject("analytic");
        json.WriteString("uid", finding.Rule);
        json.WriteString("name", finding.Rule);
        json.WriteNumber("type_id", 1);
        json.WriteString("type", "Rule");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, Scan scan)
    {
        json.WriteStartObject("metadata");
        json.WriteString("version", "1.3.0");
        json.WriteString("tenant_uid", scan.TenantId);
        json.WriteString("correlation_uid", scan.Id);
        json.WriteStartObject("product");
        json.WriteString("name", "GovernanceFunctions");
        json.WriteString("vendor_name", "GovernanceFunctions");
        json.WriteString("version", typeof(OcsfFindings).Assembly.GetName().Version?.ToString(3));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteApp(Utf8JsonWriter json, AssessedApp app)
    {
        json.WriteNumber("risk_score", app.Risk.Score);
        json.WriteNumber("risk_level_id", (int)app.Risk.Level);
        json.WriteString("risk_level", app.Risk.Level == Severity.None ? "Info" : app.Risk.Level.ToString());
        json.WriteStartArray("resources");
        json.WriteStartObject();
        json.WriteString("uid", app.Id);
        json.WriteString("name", app.App.Principal.Name);
        json.WriteString("type", "servicePrincipal");
        json.WriteStartArray("labels");
        json.WriteStringValue($"governance:{ContractNames.Of(app.Standing.State)}{(app.Standing.Unconfirmed ? ":unconfirmed" : string.Empty)}");
        json.WriteStringValue($"ai:{ContractNames.Of(app.Classification.Ai.Verdict)}");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteEvidence(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartArray("evidences");
        foreach (var item in finding.Evidence)
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteString("name", item.Name);
            json.WriteString("value", item.Value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static long Millis(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    private static int SeverityId(Severity severity) => severity switch
    {
        Severity.Critical => 5,
        Severity.High => 4,
        Severity.Medium => 3,
        Severity.Low => 2,
        _ => 1,
    };

    private static string SeverityName(Severity severity) => severity == Severity.None ? "Informational" : severity.ToString();

    /// <summary>Muted means suppressed; acknowledged means that somebody is at it.</summary>
    private static int StatusId(FindingState state) => state switch
    {
        FindingState.Open => 1,
        FindingState.Acknowledged => 2,
        FindingState.Muted => 3,
        _ => 4,
    };

    private static string StatusName(FindingState state) => state switch
    {
        FindingState.Open => "New",
        FindingState.Acknowledged => "In Progress",
        FindingState.Muted => "Suppressed",
        _ => "Resolved",
    };
}
