using System.Text.Json;
using Governance.Api.Http;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Scans;
using Governance.Core.Scans.Revocations;

namespace Governance.Api.Resources;

/// <summary>Carries out a signed-off order, or puts back what one took away: with the writer's own credential, and only when the body says so.</summary>
internal static class RevocationExecution
{
    public static Task<ApiAnswer> ExecuteAsync(ApiCall call) => RunAsync(
        call,
        (stores, writer, tenant, by, policy, dryRun) =>
            new ExecuteRevocation(stores.Ledger, writer, call.Api.Time).RunAsync(tenant, call.Id, by, policy, dryRun, CancellationToken.None));

    public static Task<ApiAnswer> UndoAsync(ApiCall call) => RunAsync(
        call,
        (stores, writer, tenant, by, _, dryRun) =>
            new UndoRevocation(stores.Ledger, writer, call.Api.Time).RunAsync(tenant, call.Id, by, dryRun, CancellationToken.None));

    /// <remarks>What was begun is carried to its end even when its caller hangs up: a half order helps nobody.</remarks>
    private static async Task<ApiAnswer> RunAsync(
        ApiCall call, Func<DecisionStores, IConsentWriter, Guid, Person, GovernancePolicy, bool, Task<RevocationReport>> act)
    {
        using var fields = call.Fields("execute");
        var dryRun = !Told(fields);
        var stores = Acting.StoresOf(call);
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var tenant = facts.State.LastScan.TenantId;
        var known = await Acting.RecordAsync(call, tenant).ConfigureAwait(false);
        _ = known.Orders.GetValueOrDefault(call.Id) ?? throw ApiProblemException.NotFound("revocation");
        var writers = call.Api.Writers ?? throw new ApiProblemException(
            409, "writing-off", "writing is off: this server has no credential that may change consents; it plans and collects approvals only");
        var by = await Acting.PersonAsync(call, tenant).ConfigureAwait(false);
        var report = await ReachedAsync(call, async () =>
        {
            using var writer = writers.Open(tenant);
            return await act(stores, writer.Writer, tenant, by, facts.Policy, dryRun).ConfigureAwait(false);
        }).ConfigureAwait(false);
        if (report.Stopped is { } why)
        {
            call.Api.Logger.RevocationStopped(call.Caller!.Id, report.OrderId, why);
            throw new ApiProblemException(
                502, report.AccessDenied ? "writer-refused" : "revocation-stopped", $"{why}; what was done stays done, and the order can be run again");
        }

        var record = await Acting.RecordAsync(call, tenant).ConfigureAwait(false);
        var holders = await Revocations.HoldersAsync(call, tenant, report.Items.Select(item => item.Item)).ConfigureAwait(false);
        return ApiAnswer.Json(200, json => Write(json, report, record, holders));
    }

    private static bool Told(JsonDocument fields) =>
        fields.RootElement.TryGetProperty("execute", out var execute) && execute.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw ApiProblemException.Invalid("invalid-field", "execute is neither true nor false"),
        };

    private static async Task<RevocationReport> ReachedAsync(ApiCall call, Func<Task<RevocationReport>> work)
    {
        try
        {
            return await Acting.GuardedAsync(work).ConfigureAwait(false);
        }
        catch (TenantAccessDeniedException refused)
        {
            call.Api.Logger.RevocationStopped(call.Caller!.Id, call.Id, refused.Message);
            throw new ApiProblemException(502, "writer-refused", refused.Message);
        }
        catch (SourceUnreachableException silent)
        {
            throw new ApiProblemException(502, "graph-unreachable", silent.Message);
        }
        catch (SettingsException problem)
        {
            call.Api.Logger.RevocationStopped(call.Caller!.Id, call.Id, problem.Message);
            throw new ApiProblemException(503, "writer-unusable", "the writer's credential cannot be used; the server's log tells more");
        }
    }

    private static void Write(Utf8JsonWriter json, RevocationReport report, GovernanceRecord record, Dictionary<Guid, string> holders)
    {
        json.WriteStartObject();
        json.WriteString("id", report.OrderId);
        json.WriteBoolean("dryRun", report.DryRun);
        json.WriteString("state", ContractNames.Of(record.Order(report.OrderId).State));
        json.WriteStartArray("consents");
        foreach (var (item, outcome) in report.Items)
        {
            Revocations.Write(json, item, holders, outcome);
        }

        json.WriteEndArray();
        json.WriteNumber("entry", record.Head.Count);
        json.WriteEndObject();
    }
}
