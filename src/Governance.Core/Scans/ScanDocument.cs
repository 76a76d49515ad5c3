using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Risk;
using Governance.Core.Scans.Decisions;

namespace Governance.Core.Scans;

/// <summary>The JSON document of a scan. Tenant text stands in it as received, escaped as JSON demands.</summary>
public static class ScanDocument
{
    /// <summary>Bytes kept in memory before they are passed on.</summary>
    private const int FlushAt = 64 * 1024;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes as it goes; the document is never held as a whole.</summary>
    /// <param name="apps">Every app of the scan, sorted by id.</param>
    public static void Write(Stream stream, ScanReport report, IEnumerable<AssessedApp> apps)
    {
        using var writer = new Utf8JsonWriter(stream, Indented);
        Write(writer, report, apps);
        writer.Flush();
    }

    /// <inheritdoc cref="Write(Stream, ScanReport, IEnumerable{AssessedApp})"/>
    public static void Write(IBufferWriter<byte> buffer, ScanReport report, IEnumerable<AssessedApp> apps)
    {
        using var writer = new Utf8JsonWriter(buffer, Indented);
        Write(writer, report, apps);
        writer.Flush();
    }

    /// <summary>Writes <c>{ "apps": [...] }</c>, each app as in the document of a scan.</summary>
    /// <param name="since">What happened since the scan; null writes the apps as the scan left them.</param>
    public static void WriteApps(Stream stream, IEnumerable<AssessedApp> apps, SinceScan? since = null) => WriteList(stream, "apps", apps, (json, app) => Write(json, app, since));

    /// <summary>Writes <c>{ "findings": [...] }</c>, each finding as in the document of a scan.</summary>
    public static void WriteFindings(Stream stream, IEnumerable<Finding> findings) => WriteList(stream, "findings", findings, Write);

    private static void WriteList<T>(Stream stream, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        using var writer = new Utf8JsonWriter(stream, Indented);
        writer.WriteStartObject();
        WriteLong(writer, name, items, write);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void Write(Utf8JsonWriter json, ScanReport report, IEnumerable<AssessedApp> apps)
    {
        json.WriteStartObject();
        json.WritePropertyName("scan");
        Write(json, report.Scan);
        WriteLong(json, "apps", apps, Write);
        WriteLong(json, "findings", report.Findings, Write);
        WriteLong(json, "kpis", report.Kpis, Write);
        json.WriteEndObject();
    }

    /// <summary>The scan itself, as in its document.</summary>
    public static void Write(Utf8JsonWriter json, Scan scan)
    {
        json.WriteStartObject();
        json.WriteString("id", scan.Id);
        json.WriteString("tenantId", scan.TenantId);
        json.WriteString("mode", ContractNames.Of(scan.Mode));
        json.WriteString("status", ContractNames.Of(scan.Status));
        json.WriteString("startedAt", Time(scan.StartedAt));
        json.WriteString("completedAt", Time(scan.CompletedAt));
        WriteAll(json, "parts", scan.Parts, Write);
        json.WriteStartObject("requests");
        json.WriteNumber("total", scan.Requests.Total);
        json.WriteNumber("retries", scan.Requests.Retries);
        json.WriteNumber("throttled", scan.Requests.Throttled);
        json.WriteEndObject();
        json.WriteString("policyVersion", scan.PolicyVersion);
        json.WriteString("catalogueVersion", scan.CatalogueVersion);
        json.WriteEndObject();
    }

    /// <summary>One part of a scan, as in its document.</summary>
    public static void Write(Utf8JsonWriter json, PartReading part)
    {
        json.WriteStartObject();
        json.WriteString("name", PartNames.Of(part.Part));
        json.WriteString("status", ContractNames.Of(part.Status));
        json.WriteNumber("items", part.Items);
        WriteNumber(json, "expected", part.Expected);
        json.WriteNumber("pages", part.Pages);
        json.WriteNumber("requests", part.Requests);
        json.WriteString("reason", part.Reason);
        json.WriteEndObject();
    }

    /// <summary>One app, as in the document of a scan.</summary>
    public static void Write(Utf8JsonWriter json, AssessedApp app) => Write(json, app, null);

    /// <summary>One app, as it stands now; where that is elsewhere than at the scan, <c>governance.atScan</c> says where it stood.</summary>
    /// <param name="app">As the scan left it.</param>
    public static void Write(Utf8JsonWriter json, AssessedApp app, SinceScan? since)
    {
        var atScan = since?.AtScan(app);
        app = since?.Now(app) ?? app;
        var principal = app.App.Principal;
        json.WriteStartObject();
        json.WriteString("servicePrincipalId", principal.Id);
        WriteGuid(json, "appId", principal.AppId);
        json.WriteString("displayName", principal.DisplayName ?? principal.AppDisplayName);
        json.WriteString("publisher", principal.VerifiedPublisher?.Name);
        json.WriteBoolean("firstParty", app.Classification.FirstParty);
        Write(json, app.Classification.Ai);
        Write(json, app.Classification.Lookalike);
        Write(json, app.Risk);
        Write(json, app.App.Reach);
        json.WriteStartObject("permissions");
        WriteAll(json, "delegated", app.Permissions.Where(held => held.Held.Kind == PermissionKind.Delegated), Write);
        WriteAll(json, "application", app.Permissions.Where(held => held.Held.Kind == PermissionKind.Application), Write);
        json.WriteEndObject();
        json.WriteNumber("grants", app.App.Grants);
        json.WriteStartObject("governance");
        json.WriteString("state", ContractNames.Of(app.Standing.State));
        json.WriteString("reason", app.Standing.Reason);
        json.WriteBoolean("unconfirmed", app.Standing.Unconfirmed);
        if (app.Standing.NotAssessed is { } fact)
        {
            json.WriteString("notAssessed", fact);
        }

        if (atScan is { } before)
        {
            json.WriteString("atScan", ContractNames.Of(before));
        }

        json.WriteEndObject();
        json.WriteString("firstSeen", Time(app.FirstSeen));
        json.WriteString("lastSeen", Time(app.LastSeen));
        json.WriteString("lastSignIn", app.App.LastSignIn is { } last ? Time(last) : null);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AiAssessment ai)
    {
        json.WriteStartObject("ai");
        json.WriteString("verdict", ContractNames.Of(ai.Verdict));
        json.WriteNumber("confidence", ai.Confidence);
        json.WriteString("category", ai.Category);
        json.WriteString("vendor", ai.Vendor);
        WriteAll(json, "evidence", ai.Evidence, Write);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Signal signal)
    {
        json.WriteStartObject();
        json.WriteString("signal", signal.Kind);
        json.WriteString("value", signal.Value);
        json.WriteString("matched", signal.Matched);
        json.WriteNumber("weight", signal.Weight);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Lookalike? lookalike)
    {
        if (lookalike is null)
        {
            json.WriteNull("lookalike");
            return;
        }

        json.WriteStartObject("lookalike");
        json.WriteString("imitates", lookalike.Imitates);
        json.WriteString("technique", lookalike.Technique);
        WriteAll(json, "evidence", lookalike.Evidence, (writer, text) => writer.WriteStringValue(text));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RiskScore risk)
    {
        json.WriteStartObject("risk");
        json.WriteNumber("score", risk.Score);
        json.WriteString("level", ContractNames.Of(risk.Level));
        WriteAll(json, "contributions", risk.Contributions, (writer, contribution) =>
        {
            writer.WriteStartObject();
            writer.WriteString("factor", contribution.Factor);
            writer.WriteNumber("points", contribution.Points);
            writer.WriteString("reason", contribution.Reason);
            writer.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Reach reach)
    {
        json.WriteStartObject("reach");
        json.WriteNumber("users", reach.Users);
        json.WriteBoolean("tenantWide", reach.TenantWide);
        json.WriteStartObject("byDepartment");
        foreach (var (department, users) in reach.ByDepartment)
        {
            json.WriteNumber(department, users);
        }

        json.WriteEndObject();
        json.WriteNumber("unattributed", reach.Unattributed);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RatedPermission permission)
    {
        json.WriteStartObject();
        json.WriteString("resource", permission.Held.Resource);
        json.WriteString("value", permission.Held.Value);
        json.WriteString("severity", ContractNames.Of(permission.Rating.Severity));
        WriteAll(json, "dataCategories", permission.Rating.Categories, (writer, category) => writer.WriteStringValue(ContractNames.Of(category)));
        json.WriteEndObject();
    }

    /// <summary>One finding, as in the document of a scan.</summary>
    public static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("id", finding.Id);
        json.WriteString("rule", finding.Rule);
        json.WriteString("severity", ContractNames.Of(finding.Severity));
        json.WriteString("state", ContractNames.Of(finding.State));
        json.WriteBoolean("unconfirmed", finding.Unconfirmed);
        json.WriteString("subject", finding.Subject);
        json.WriteString("subjectName", finding.SubjectName);
        json.WriteString("title", finding.Title);
        WriteAll(json, "evidence", finding.Evidence, (writer, item) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", item.Name);
            writer.WriteString("value", item.Value);
            writer.WriteEndObject();
        });
        json.WriteString("firstSeen", Time(finding.FirstSeen));
        json.WriteString("lastSeen", Time(finding.LastSeen));
        json.WriteString("resolvedAt", finding.ResolvedAt is { } at ? Time(at) : null);
        json.WriteString("resolvedBy", finding.ResolvedBy);
        json.WriteString("policyVersion", finding.PolicyVersion);
        json.WriteEndObject();
    }

    /// <summary>One figure, as in the document of a scan.</summary>
    public static void Write(Utf8JsonWriter json, KpiValue kpi)
    {
        json.WriteStartObject();
        json.WriteString("id", kpi.Id);
        WriteNumber(json, "value", kpi.Value);
        json.WriteString("unit", kpi.Unit);
        WriteNumber(json, "target", kpi.Target);
        WriteNumber(json, "previous", kpi.Previous);
        json.WriteString("trend", ContractNames.Of(kpi.Trend));
        json.WriteNumber("sampleSize", kpi.SampleSize);
        json.WriteNumber("definitionVersion", kpi.DefinitionVersion);
        json.WriteBoolean("complete", kpi.Complete);
        json.WriteString("note", kpi.Note);
        WriteAll(json, "parts", kpi.Parts, (writer, part) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", part.Name);
            writer.WriteNumber("value", part.Value);
            WriteNumber(writer, "weight", part.Weight);
            writer.WriteEndObject();
        });
        json.WriteEndObject();
    }

    /// <summary>A list of the document itself, passed on as it grows.</summary>
    private static void WriteLong<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => WriteAll(json, name, items, (writer, item) =>
    {
        write(writer, item);
        if (writer.BytesPending > FlushAt)
        {
            writer.Flush();
        }
    });

    /// <remarks>Passes nothing on: whoever writes one item may have to do that without blocking.</remarks>
    private static void WriteAll<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteGuid(Utf8JsonWriter json, string name, Guid? id)
    {
        if (id is { } value)
        {
            json.WriteString(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <returns>UTC with milliseconds, such as <c>2026-03-01T02:00:00.000Z</c>.</returns>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
