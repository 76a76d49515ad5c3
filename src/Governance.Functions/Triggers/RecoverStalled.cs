using Governance.Azure.Tables;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Triggers;

/// <summary>
/// Brings runs and messages together again where a crash came between the two, removes idempotency keys that are over, and ends
/// erasures that were cut short. What fails is tried again the next time it fires.
/// </summary>
internal sealed class RecoverStalled(RecoverRuns recover, ITenantSources tenants, TableIdempotencyKeys keys, TableDecisionLedger ledger)
{
    [Function(nameof(RecoverStalled))]
    public async Task RunAsync([TimerTrigger("%RecoverStalledSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        // Tenants first: they need no queue, which the recovery asks as a whole.
        var failures = await EachTenant.TryAsync(tenants.Tenants, TidyAsync, cancellationToken).ConfigureAwait(false);
        TenantsFailedException.ThrowIfAny([.. failures, .. (await recover.RunAsync(cancellationToken).ConfigureAwait(false)).Failures]);
    }

    private async Task TidyAsync(Guid tenant, CancellationToken cancellationToken)
    {
        await keys.RemoveOldAsync(tenant, cancellationToken).ConfigureAwait(false);
        await ledger.FinishTakingAsync(tenant, cancellationToken).ConfigureAwait(false);
    }
}
