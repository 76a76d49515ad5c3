using System.Collections.Immutable;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;
using Governance.Core.Scans.Decisions;

namespace Governance.Api.Resources;

/// <summary><c>/api/audit</c>, <c>/api/subjects</c>, and the planning half of <c>/api/revocations</c>.</summary>
internal static class Audit
{
    public static readonly ImmutableArray<ApiEndpoint> Endpoints =
    [
        new("verifyAudit", "GET", "/api/audit", ApiRoles.Read | ApiRoles.Admin, [], VerifyAsync),
        new("eraseSubject", "DELETE", "/api/subjects/{id}", ApiRoles.Admin, [], EraseAsync),
        new("planRevocation", "POST", "/api/revocations", ApiRoles.Revoke, [], PlanAsync),
        new("approveRevocation", "POST", "/api/revocations/{id}/approval", ApiRoles.Revoke, [], ApproveAsync),
    ];

    private static async Task<ApiAnswer> VerifyAsync(ApiCall call)
    {
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var verdict = LedgerVerification.Of(await Acting.StoresOf(call).Ledger.ReadAsync(tenant, call.Aborted).ConfigureAwait(false));
        return ApiAnswer.Json(200, json =>
        {
            var sound = verdict as LedgerVerdict.Sound;
            var broken = verdict as LedgerVerdict.Broken;
            json.WriteStartObject();
            json.WriteBoolean("sound", sound is not null);
            json.WriteNumber("entries", sound?.Head.Count ?? broken!.Entry - 1);
            json.WriteString("head", sound?.Head.Hash);
            json.WriteString("problem", broken is null ? null : FormattableString.Invariant($"entry {broken.Entry}: {broken.Why}"));
            json.WriteEndObject();
        });
    }

    private static async Task<ApiAnswer> EraseAsync(ApiCall call)
    {
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var (stores, by) = (Acting.StoresOf(call), await Acting.PersonAsync(call, tenant).ConfigureAwait(false));
        var erased = await Acting.GuardedAsync(() => new ErasePerson(stores.Ledger, stores.Persons, stores.Records, call.Api.Time).RunAsync(tenant, call.Id, by, call.Aborted)).ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("inventories", erased.Inventories);
            json.WriteNumber("texts", erased.Texts);
            json.WriteEndObject();
        });
    }

    private static async Task<ApiAnswer> PlanAsync(ApiCall call)
    {
        using var fields = call.Fields("app", "reason", "grants");
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var tenant = facts.State.LastScan.TenantId;
        var (app, _) = Acting.App(facts, Acting.Needed(fields, "app"));
        var reason = Acting.Needed(fields, "reason");
        var only = Acting.Texts(fields, "grants") ?? [];
        var inventory = await call.Api.Store.InventoryAsync(tenant, facts.State.LastScan.Id, call.Aborted).ConfigureAwait(false)
            ?? throw new ApiProblemException(409, "inventory-not-kept", "the inventory of the last scan is not kept; scan again");
        var by = await Acting.PersonAsync(call, tenant).ConfigureAwait(false);
        var plan = await Acting.GuardedAsync(() => Task.FromResult(RevocationPlan.Of(inventory, app.App, only))).ConfigureAwait(false);
        var users = plan.TouchesEveryone ? Math.Max(app.App.Reach.Users, plan.NamedUsers) : plan.NamedUsers;
        var record = await Acting.ActAsync(
            call, tenant, known => RevocationActs.Plan(known, by, plan, users, reason, facts.Policy, call.Api.Time.GetUtcNow())).ConfigureAwait(false);
        return Order(201, record.Orders.Values.Last(order => order.ServicePrincipalId == app.Id && order.State == OrderState.Planned), record.Head.Count);
    }

    private static async Task<ApiAnswer> ApproveAsync(ApiCall call)
    {
        using var fields = call.Fields("fingerprint");
        var fingerprint = Acting.Needed(fields, "fingerprint");
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var tenant = facts.State.LastScan.TenantId;
        var by = await Acting.PersonAsync(call, tenant).ConfigureAwait(false);
        var record = await Acting.ActAsync(
            call, tenant, known => RevocationActs.Approve(known, call.Id, by, fingerprint, facts.Policy, call.Api.Time.GetUtcNow())).ConfigureAwait(false);
        return Order(200, record.Order(call.Id), record.Head.Count);
    }

    private static ApiAnswer Order(int status, RevocationOrder order, long entry) => ApiAnswer.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("id", order.Id);
        json.WriteString("state", Core.Scans.ContractNames.Of(order.State));
        json.WriteNumber("items", order.Items);
        json.WriteNumber("users", order.Users);
        json.WriteString("fingerprint", order.Fingerprint);
        json.WriteNumber("approvals", order.Approvers.Length);
        json.WriteNumber("needed", order.Needed);
        json.WriteNumber("entry", entry);
        json.WriteEndObject();
    });
}
