using System.Collections.Immutable;
using System.Text.Json;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Policy.Revocations;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary><c>/api/revocations</c>: plans, who agreed to them, and what was taken away.</summary>
internal static class Revocations
{
    public static readonly ImmutableArray<ApiEndpoint> Endpoints =
    [
        new("listRevocations", "GET", "/api/revocations", ApiRoles.Read | ApiRoles.Revoke, [], ListAsync),
        new("getRevocation", "GET", "/api/revocations/{id}", ApiRoles.Read | ApiRoles.Revoke, [], GetAsync),
        new("planRevocation", "POST", "/api/revocations", ApiRoles.Revoke, [], PlanAsync),
        new("approveRevocation", "POST", "/api/revocations/{id}/approval", ApiRoles.Revoke, [], ApproveAsync),
        new("executeRevocation", "POST", "/api/revocations/{id}/execution", ApiRoles.Revoke, [], RevocationExecution.ExecuteAsync),
        new("undoRevocation", "POST", "/api/revocations/{id}/undo", ApiRoles.Revoke, [], RevocationExecution.UndoAsync),
    ];

    private static async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var record = await Acting.RecordAsync(call, await call.TenantAsync().ConfigureAwait(false)).ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("revocations");
            foreach (var order in record.Orders.Values.OrderByDescending(order => order.PlannedAt).ThenByDescending(order => order.Id, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                Write(json, order, record.Head.Count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var record = await Acting.RecordAsync(call, tenant).ConfigureAwait(false);
        var order = record.Orders.GetValueOrDefault(call.Id) ?? throw ApiProblemException.NotFound("revocation");
        var items = order.Plan?.Items ?? [];
        var holders = await HoldersAsync(call, tenant, items).ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            Write(json, order, record.Head.Count);
            json.WriteString("reason", order.Reason);
            json.WriteStartArray("consents");
            for (var at = 0; at < items.Length; at++)
            {
                Write(json, items[at], holders, order.Restored.Contains(at) ? "restored" : order.Done.GetValueOrDefault(at, "planned"));
            }

            json.WriteEndArray();
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
        var record = await Acting.ActAsync(
            call, tenant, known => RevocationActs.Plan(known, by, plan, plan.UsersOf(app.App.Reach), reason, facts.Policy, call.Api.Time.GetUtcNow())).ConfigureAwait(false);
        return Answer(201, record.Orders.Values.Last(order => order.ServicePrincipalId == app.Id && order.State == OrderState.Planned), record.Head.Count);
    }

    private static async Task<ApiAnswer> ApproveAsync(ApiCall call)
    {
        using var fields = call.Fields("fingerprint", "decision");
        var fingerprint = Acting.Needed(fields, "fingerprint");
        var decision = Acting.Text(fields, "decision") ?? "approve";
        if (decision is not ("approve" or "decline"))
        {
            throw ApiProblemException.Invalid("invalid-decision", "decision is approve or decline");
        }

        var facts = await call.FactsAsync().ConfigureAwait(false);
        var tenant = facts.State.LastScan.TenantId;
        var by = await Acting.PersonAsync(call, tenant).ConfigureAwait(false);
        var now = call.Api.Time.GetUtcNow();
        var record = await Acting.ActAsync(call, tenant, known => decision == "approve"
            ? RevocationActs.Approve(known, call.Id, by, fingerprint, facts.Policy, now)
            : RevocationActs.Decline(known, call.Id, by, now)).ConfigureAwait(false);
        return Answer(200, record.Order(call.Id), record.Head.Count);
    }

    private static ApiAnswer Answer(int status, RevocationOrder order, long entry) => ApiAnswer.Json(status, json =>
    {
        json.WriteStartObject();
        Write(json, order, entry);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, RevocationOrder order, long entry)
    {
        json.WriteString("id", order.Id);
        json.WriteString("state", ContractNames.Of(order.State));
        json.WriteString("servicePrincipalId", order.ServicePrincipalId);
        json.WriteString("appId", order.AppId?.ToString());
        json.WriteNumber("items", order.Items);
        json.WriteNumber("users", order.Users);
        json.WriteString("fingerprint", order.Fingerprint);
        json.WriteString("plannedBy", order.PlannedBy);
        json.WriteString("plannedAt", ScanDocument.Time(order.PlannedAt));
        json.WriteNumber("approvals", order.Approvers.Length);
        json.WriteNumber("needed", order.Needed);
        json.WriteNumber("revoked", order.Done.Count(done => done.Value == "revoked"));
        json.WriteNumber("restored", order.Restored.Count);
        json.WriteString("stopped", order.Failure);
        json.WriteNumber("entry", entry);
    }

    /// <summary>Pseudonyms of the users that items name: no Graph id either, since it spells out the user's.</summary>
    internal static async Task<Dictionary<Guid, string>> HoldersAsync(ApiCall call, Guid tenant, IEnumerable<RevocationItem> items)
    {
        var holders = new Dictionary<Guid, string>();
        foreach (var user in items.OfType<RevocationItem.Grant>().Select(grant => grant.PrincipalId).OfType<Guid>().Distinct())
        {
            holders[user] = (await Acting.StoresOf(call).Persons.OfAsync(tenant, user.ToString(), call.Aborted).ConfigureAwait(false)).Pseudonym;
        }

        return holders;
    }

    internal static void Write(Utf8JsonWriter json, RevocationItem item, Dictionary<Guid, string> holders, string state)
    {
        json.WriteStartObject();
        json.WriteString("kind", item is RevocationItem.Grant ? "delegated" : "application");
        json.WriteString("permission", item switch
        {
            RevocationItem.Grant grant => grant.Scope,
            RevocationItem.Assignment assignment => assignment.RoleId.ToString(),
            _ => throw new InvalidOperationException("an item is a grant or an assignment"),
        });
        json.WriteString("roleName", item is RevocationItem.Assignment { RoleName: { } role } ? role : null);
        json.WriteString("resourceId", item.ResourceId);
        json.WriteString("user", item is RevocationItem.Grant { PrincipalId: { } user } ? holders[user] : null);
        json.WriteString("state", state);
        json.WriteEndObject();
    }
}
