using System.Collections.Immutable;
using System.Text.Json;
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
        new("previewErasure", "GET", "/api/subjects/{id}", ApiRoles.Admin, [], PreviewAsync),
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

    /// <summary>What an erasure would remove; the entity tag stands for exactly that.</summary>
    private static async Task<ApiAnswer> PreviewAsync(ApiCall call)
    {
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var preview = await Acting.GuardedAsync(() => Erasing(call).PreviewAsync(tenant, call.Id, call.Aborted)).ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("inventories", preview.Traces.Inventories);
            json.WriteNumber("runs", preview.Traces.Runs);
            json.WriteNumber("answers", preview.Traces.Answers);
            json.WriteNumber("confirmations", preview.Traces.Confirmations);
            json.WriteNumber("mentions", preview.Traces.Mentions);
            WriteEntries(json, "textsWritten", preview.Written);
            WriteEntries(json, "textsMentioning", preview.Mentioning);
            WriteEntries(json, "orders", preview.Orders);
            json.WriteBoolean("nameKept", preview.NameKept);
            json.WriteEndObject();
        }) with { ETag = $"\"{preview.Confirmation}\"" };
    }

    private static async Task<ApiAnswer> EraseAsync(ApiCall call)
    {
        using var fields = call.Fields();
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var match = call.Http.Request.Headers.IfMatch.ToString();
        if (match.Length == 0)
        {
            throw new ApiProblemException(428, "preview-first", "get the preview of the erasure first and send its entity tag as If-Match");
        }

        var preview = await Acting.GuardedAsync(() => Erasing(call).PreviewAsync(tenant, call.Id, call.Aborted)).ConfigureAwait(false);
        if (match != $"\"{preview.Confirmation}\"")
        {
            throw new ApiProblemException(412, "changed-meanwhile", "what would be removed is not what the If-Match header stands for; get the preview again");
        }

        var by = await Acting.PersonAsync(call, tenant).ConfigureAwait(false);
        var erased = await Acting.GuardedAsync(() => Erasing(call).RunAsync(tenant, call.Id, preview.Confirmation, by, call.Aborted)).ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("inventories", erased.Inventories);
            json.WriteNumber("records", erased.Records);
            json.WriteNumber("texts", erased.Texts);
            json.WriteEndObject();
        });
    }

    private static ErasePerson Erasing(ApiCall call)
    {
        var stores = Acting.StoresOf(call);
        return new ErasePerson(stores.Ledger, stores.Persons, stores.Records, call.Api.Time);
    }

    private static void WriteEntries(Utf8JsonWriter json, string name, ImmutableArray<long> entries)
    {
        json.WriteStartArray(name);
        foreach (var entry in entries)
        {
            json.WriteNumberValue(entry);
        }

        json.WriteEndArray();
    }
}
