using System.Collections.Immutable;
using System.Text.Json;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Findings;
using Governance.Core.Policy.Approvals;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;

namespace Governance.Api.Resources;

/// <summary><c>/api/requests</c>, <c>/api/decisions</c> and the mute of a finding.</summary>
internal static class Decisions
{
    public static readonly ImmutableArray<ApiEndpoint> Endpoints =
    [
        new("openRequest", "POST", "/api/requests", ApiRoles.Read | ApiRoles.Decide, [], RequestAsync),
        new("signOff", "POST", "/api/requests/{id}/sign-offs", ApiRoles.Decide, [], SignOffAsync),
        new("listDecisions", "GET", "/api/decisions", ApiRoles.Read | ApiRoles.Decide, [], ListAsync),
        new("decide", "POST", "/api/decisions", ApiRoles.Decide, [], DecideAsync),
        new("muteFinding", "POST", "/api/findings/{id}/mute", ApiRoles.Decide, [], MuteAsync),
    ];

    private static async Task<ApiAnswer> RequestAsync(ApiCall call)
    {
        using var fields = call.Fields("app", "purpose", "permissions", "departments", "tenantWide");
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var tenant = facts.State.LastScan.TenantId;
        var (app, appId) = Acting.App(facts, Acting.Needed(fields, "app"));
        var held = RiskPrefills.ScopeOf(app, appId);
        var scope = held with
        {
            Permissions = Acting.Texts(fields, "permissions") ?? held.Permissions,
            Departments = Acting.Texts(fields, "departments"),
            TenantWide = fields.RootElement.TryGetProperty("tenantWide", out var wide) ? wide.ValueKind == JsonValueKind.True : held.TenantWide,
        };
        var purpose = Acting.Needed(fields, "purpose");
        var by = await Acting.PersonAsync(call, tenant).ConfigureAwait(false);
        var record = await Acting.ActAsync(
            call, tenant, known => RequestActs.Open(known, by, by, scope, RiskPrefills.Of(app), purpose, facts.Policy, "api", call.Api.Time.GetUtcNow())).ConfigureAwait(false);

        // The open one; a repeat may come when it is no longer.
        var request = record.Requests.Values.Where(known => known.Scope.AppId == appId).MaxBy(known => (known.State == RequestState.Open, known.RequestedAt))!;
        return Acting.Done(201, request.Id, ContractNames.Of(request.State), record.Head.Count);
    }

    private static async Task<ApiAnswer> SignOffAsync(ApiCall call)
    {
        using var fields = call.Fields("role", "note");
        var (role, note) = (Acting.Needed(fields, "role"), Acting.Text(fields, "note"));
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var by = await Acting.PersonAsync(call, tenant).ConfigureAwait(false);
        var record = await Acting.ActAsync(call, tenant, known => RequestActs.SignOff(known, call.Id, by, role, note, call.Api.Time.GetUtcNow())).ConfigureAwait(false);
        return Acting.Done(201, call.Id, record.Request(call.Id).MissingRoles.Any() ? "open" : "signedOff", record.Head.Count);
    }

    private static async Task<ApiAnswer> DecideAsync(ApiCall call)
    {
        using var fields = call.Fields("decision", "request", "app", "reason", "conditions", "reviewBy", "expiresOn");
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var tenant = facts.State.LastScan.TenantId;
        var by = await Acting.PersonAsync(call, tenant).ConfigureAwait(false);
        var (decision, request, reason) = (Acting.Needed(fields, "decision"), Acting.Text(fields, "request"), Acting.Text(fields, "reason"));
        var (conditions, review, end) = (Acting.Text(fields, "conditions"), Acting.Day(fields, "reviewBy"), Acting.Day(fields, "expiresOn"));
        var appId = request is null ? Acting.App(facts, Acting.Needed(fields, "app")).AppId : Guid.Empty;
        var now = call.Api.Time.GetUtcNow();
        var record = await Acting.ActAsync(call, tenant, known => (decision, request) switch
        {
            ("approve", { } id) => RequestActs.Approve(known, id, by, null, conditions, review, end, facts.Policy, now),
            ("deny", { } id) => RequestActs.Deny(known, id, by, reason ?? string.Empty, now),
            ("deny", null) => RequestActs.DenyApp(known, appId, by, reason ?? string.Empty, now),
            ("withdraw", { } id) => RequestActs.Withdraw(known, id, by, reason ?? string.Empty, now),
            _ => throw ApiProblemException.Invalid("invalid-decision", "decision is approve, deny or withdraw, and names a request; a denial may name an app instead"),
        }).ConfigureAwait(false);
        return Acting.Done(201, request ?? appId.ToString(), decision switch { "approve" => "approved", "deny" => "denied", _ => "withdrawn" }, record.Head.Count);
    }

    private static async Task<ApiAnswer> MuteAsync(ApiCall call)
    {
        using var fields = call.Fields("reason", "until");
        var reason = Acting.Needed(fields, "reason");
        var until = Acting.Day(fields, "until") ?? throw ApiProblemException.Invalid("missing-field", "until is missing");
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var tenant = facts.State.LastScan.TenantId;
        var finding = facts.State.Findings.FirstOrDefault(known => known.Id == call.Id) ?? throw ApiProblemException.NotFound("finding");
        ImmutableArray<string>? held = facts.State.Apps.FirstOrDefault(app => app.Id.ToString() == finding.Subject) is { } app ? Markings.HeldNow(app.App) : null;
        var by = await Acting.PersonAsync(call, tenant).ConfigureAwait(false);
        var record = await Acting.ActAsync(
            call, tenant, known => FindingActs.Mute(MarkedFinding.Now([finding], known)[0], held, by, reason, until, call.Api.Time.GetUtcNow())).ConfigureAwait(false);
        return Acting.Done(200, finding.Id, ContractNames.Of(MarkedFinding.Now([finding], record)[0].State), record.Head.Count);
    }

    private static async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var record = await Acting.RecordAsync(call, await call.TenantAsync().ConfigureAwait(false)).ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("requests");
            foreach (var request in record.Requests.Values.OrderBy(request => request.RequestedAt).ThenBy(request => request.Id, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("id", request.Id);
                json.WriteString("appId", request.Scope.AppId);
                json.WriteString("state", ContractNames.Of(request.State));
                json.WriteString("requestedAt", ScanDocument.Time(request.RequestedAt));
                json.WriteString("requestedBy", request.RequestedBy);
                json.WriteString("dueOn", request.DueOn.ToString("yyyy-MM-dd"));
                json.WriteStartArray("missingRoles");
                foreach (var role in request.MissingRoles)
                {
                    json.WriteStringValue(role);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("decisions");
            foreach (var decision in record.Decisions.Values)
            {
                json.WriteStartObject();
                json.WriteString("appId", decision.AppId);
                json.WriteString("decision", decision.Approval is null ? "denied" : "approved");
                json.WriteString("decidedAt", ScanDocument.Time(decision.At));
                json.WriteString("decidedBy", decision.DecidedBy);
                json.WriteString("reviewBy", decision.Approval?.ReviewBy?.ToString("yyyy-MM-dd"));
                json.WriteString("expiresOn", decision.Approval?.ExpiresOn?.ToString("yyyy-MM-dd"));
                json.WriteString("reason", decision.Reason);
                json.WriteNumber("entry", decision.Entry);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
