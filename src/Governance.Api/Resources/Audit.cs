using System.Collections.Immutable;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Decisions;

namespace Governance.Api.Resources;

/// <summary><c>/api/audit</c> and <c>/api/subjects</c>.</summary>
internal static class Audit
{
    public static readonly ImmutableArray<ApiEndpoint> Endpoints =
    [
        new("verifyAudit", "GET", "/api/audit", ApiRoles.Read | ApiRoles.Admin, [], VerifyAsync),
        new("eraseSubject", "DELETE", "/api/subjects/{id}", ApiRoles.Admin, [], EraseAsync),
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
        using var fields = call.Fields();
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var (stores, by) = (Acting.StoresOf(call), await Acting.PersonAsync(call, tenant).ConfigureAwait(false));
        var erased = await Acting.GuardedAsync(() => new ErasePerson(stores.Ledger, stores.Persons, stores.Records, call.Api.Time).RunAsync(tenant, call.Id, by, call.Aborted)).ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("inventories", erased.Inventories);
            json.WriteNumber("records", erased.Records);
            json.WriteNumber("texts", erased.Texts);
            json.WriteEndObject();
        });
    }
}
