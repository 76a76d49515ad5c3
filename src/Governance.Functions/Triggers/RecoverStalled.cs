using Governance.Azure.Tables;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Triggers;

/// <summary>
/// Brings runs and messages together again where a crash came between the two, removes idempotency keys that are over, and ends
/// erasures that were cut short.
/// </summary>
internal sealed class RecoverStalled(RecoverRuns recover, ITenantSources tenants, TableIdempotencyKeys keys, TableDecisionLedger ledger)
{
    [Function(nameof(RecoverStalled))]
    public async Task RunAsync([TimerTrigger("%RecoverStalledSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await recover.RunAsync(cancellationToken).ConfigureAwait(false);
        foreach (var tenant in tenants.Tenants)
        {
            await keys.RemoveOldAsync(tenant, cancellationToken).ConfigureAwait(false);
            await ledger.FinishTakingAsync(tenant, cancellationToken).ConfigureAwait(false);
        }
    }
}
