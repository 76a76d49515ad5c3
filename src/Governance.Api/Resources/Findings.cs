using System.Collections.Immutable;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Findings;
using Governance.Core.Risk;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary><c>/api/findings</c>: what needs attention, heaviest first, and the history of each.</summary>
internal static class Findings
{
    public static readonly ImmutableArray<ApiEndpoint> Endpoints =
    [
        new("listFindings", "GET", "/api/findings", ApiRoles.Read, [.. Page.Query, "rule", "severity", "state", "subject"], ListAsync),
        new("getFinding", "GET", "/api/findings/{id}", ApiRoles.Read, [], GetAsync),
    ];

    private static async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var rule = call.Choice("rule", [.. FindingRules.All.Select(known => known.Id)]);
        var severity = Words.Of<Severity>(call, "severity");
        var state = call.Choice("state", "live", "open", "acknowledged", "muted", "resolved", "all") ?? "live";
        var subject = call.Query("subject");
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var since = await call.Api.Since.ReadAsync(facts, call.Aborted).ConfigureAwait(false);
        return Shared.Answer(call, facts, since.Mark, () =>
        {
            var findings = since.Findings
                .Where(finding => (rule is null || finding.Rule == rule) && (severity is null || finding.Severity >= severity) && InState(finding, state) && (subject is null || finding.Subject == subject))
                .OrderByDescending(finding => finding.Severity).ThenByDescending(finding => finding.OpenedAt.UtcTicks).ThenBy(finding => finding.Id, StringComparer.Ordinal)
                .ToArray();
            return Page.Of(
                call, facts.State.LastScan.TenantId, "findings", findings, finding => new Cursor((int)finding.Severity, finding.OpenedAt.UtcTicks, finding.Id), ScanDocument.Write);
        });
    }

    private static async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var since = await call.Api.Since.ReadAsync(facts, call.Aborted).ConfigureAwait(false);
        var finding = since.Findings.FirstOrDefault(known => known.Id == call.Id) ?? throw ApiProblemException.NotFound("finding");
        var history = await call.Api.Store.HistoryAsync(facts.State.LastScan.TenantId, finding.Id, call.Aborted).ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("finding");
            ScanDocument.Write(json, finding);
            json.WriteStartArray("history");
            foreach (var happened in history.Concat(since.Events.Where(happened => happened.FindingId == finding.Id)))
            {
                json.WriteStartObject();
                json.WriteNumber("sequence", happened.Sequence);
                json.WriteString("at", ScanDocument.Time(happened.At));
                json.WriteString("change", happened.Change);
                json.WriteString("detail", happened.Detail);
                json.WriteString("scanId", happened.ScanId.Length > 0 ? happened.ScanId : null);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }) with { ETag = Tags.Of(call, facts, since.Mark) };
    }

    private static bool InState(Finding finding, string state) => state switch
    {
        "all" => true,
        "live" => finding.State is FindingState.Open or FindingState.Acknowledged,
        _ => ContractNames.Of(finding.State) == state,
    };
}
