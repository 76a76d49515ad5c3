using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans.Decisions;

/// <summary>Retention that a program applies by itself, under a name of its own.</summary>
/// <remarks>It counts first: where nothing is due, nothing is written, not even the name.</remarks>
public sealed class NightlyRetention(IDecisionLedger ledger, IPersons persons, IPersonalRecords records, TimeProvider time)
{
    /// <summary>Who acts, as the ledger tells it.</summary>
    public const string Actor = "program:retention";

    private readonly ApplyRetention _apply = new(ledger, persons, records, time);

    /// <exception cref="LedgerBrokenException">The ledger does not hold; nothing was removed.</exception>
    public async Task<RetentionCounts> RunAsync(Guid tenantId, RetentionPeriods periods, CancellationToken cancellationToken)
    {
        if (periods == RetentionPeriods.Default)
        {
            return RetentionCounts.None;
        }

        var known = await persons.OfAsync(tenantId, Actor, cancellationToken).ConfigureAwait(false);
        var due = await _apply.RunAsync(tenantId, periods, known, dryRun: true, cancellationToken).ConfigureAwait(false);
        if (due.Nothing)
        {
            return due;
        }

        var by = await persons.ActingAsync(tenantId, Actor, cancellationToken).ConfigureAwait(false);
        return await _apply.RunAsync(tenantId, periods, by, dryRun: false, cancellationToken).ConfigureAwait(false);
    }
}
