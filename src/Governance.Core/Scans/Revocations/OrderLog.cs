using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans.Revocations;

/// <summary>Writes what is done on one order, while others go on acting in the same ledger.</summary>
/// <param name="start">The ledger that the order was read from.</param>
internal sealed class OrderLog(IDecisionLedger ledger, Guid tenantId, string orderId, LedgerHead start)
{
    private const int Tries = 200;
    private readonly HashSet<long> _own = [];
    private readonly long _read = start.Count;
    private LedgerHead _head = start;
    private bool _contested;

    /// <summary>Writes what is about to be done; nothing may be done when it throws.</summary>
    /// <exception cref="ActRefusedException">Someone else works on the order, or it was declined meanwhile.</exception>
    public Task IntendAsync(LedgerDraft draft, CancellationToken cancellationToken) => AppendAsync(draft, alone: true, cancellationToken);

    /// <summary>Writes what was done. It is done, so nothing but a broken ledger keeps it from being written.</summary>
    public Task RecordAsync(LedgerDraft draft) => AppendAsync(draft, alone: false, CancellationToken.None);

    private async Task AppendAsync(LedgerDraft draft, bool alone, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (alone && _contested)
            {
                throw new ActRefusedException($"someone else acts on order {orderId} at the same time; look at it and try again");
            }

            try
            {
                _head = await ledger.AppendAsync(tenantId, _head, [draft], cancellationToken).ConfigureAwait(false);
                _own.Add(_head.Count);
                return;
            }
            catch (LedgerMovedException) when (attempt < Tries)
            {
                var record = GovernanceRecord.Of(await ledger.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false));
                _contested |= record.Entries.Any(Foreign);
                _head = record.Head;
            }
        }
    }

    private bool Foreign(VerifiedEntry entry) =>
        entry.Entry.Sequence > _read && entry.Entry.Subject == orderId && !_own.Contains(entry.Entry.Sequence);
}
