using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;

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
    private bool _lost;

    /// <summary>Writes what is about to be done; nothing may be done when it throws.</summary>
    /// <exception cref="ActRefusedException">Someone else works on the order, or it was declined meanwhile.</exception>
    public Task IntendAsync(LedgerDraft draft, CancellationToken cancellationToken) => AppendAsync(draft, () => _contested, cancellationToken);

    /// <summary>Does work on the order that nobody else may do meanwhile.</summary>
    /// <remarks>
    /// The ledger takes one of two entries that follow the same one, so one of two who take an order at once has it. After a fault
    /// that this process lives through the order is free at once; after a crash when <see cref="RevocationActs.TakenFor"/> is over.
    /// </remarks>
    /// <exception cref="ActRefusedException">Someone else was quicker.</exception>
    public async Task<RevocationReport> AloneAsync(LedgerDraft take, Func<LedgerDraft> release, Func<Task<RevocationReport>> work, CancellationToken cancellationToken)
    {
        await IntendAsync(take, cancellationToken).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is ActRefusedException or OperationCanceledException or SourceUnreachableException or TenantAccessDeniedException)
        {
            await ReleaseAsync(release()).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Writes what was done. It is done, so nothing but a broken ledger keeps it from being written.</summary>
    public Task RecordAsync(LedgerDraft draft) => AppendAsync(draft, () => false, CancellationToken.None);

    /// <summary>Frees the order, unless it was taken up by someone else after a silence that was too long.</summary>
    private async Task ReleaseAsync(LedgerDraft draft)
    {
        try
        {
            await AppendAsync(draft, () => _lost, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ActRefusedException)
        {
            // It is theirs now.
        }
    }

    private async Task AppendAsync(LedgerDraft draft, Func<bool> refused, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (refused())
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
                _lost |= record.Entries.Any(entry => Foreign(entry) && entry.Entry.Kind == LedgerKinds.RevocationTaken);
                _head = record.Head;
            }
        }
    }

    private bool Foreign(VerifiedEntry entry) =>
        entry.Entry.Sequence > _read && entry.Entry.Subject == orderId && !_own.Contains(entry.Entry.Sequence);
}
