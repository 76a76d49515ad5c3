using System.Collections.Immutable;

namespace Governance.Core.Policy.Ledger;

/// <summary>Keeps each tenant's ledger. Entries are only ever added; what was added stays as it is.</summary>
public interface IDecisionLedger
{
    /// <summary>Everything kept of a tenant's ledger, unchecked.</summary>
    Task<StoredLedger> ReadAsync(Guid tenantId, CancellationToken cancellationToken);

    /// <summary>The head kept with the entries, unchecked: tells cheaply whether the ledger has grown.</summary>
    async Task<LedgerHead> HeadAsync(Guid tenantId, CancellationToken cancellationToken) =>
        (await ReadAsync(tenantId, cancellationToken).ConfigureAwait(false)).Head ?? LedgerHead.Empty;

    /// <summary>Adds entries at the end, all or none.</summary>
    /// <param name="expected">Head that the caller's judgement rests on.</param>
    /// <exception cref="LedgerMovedException">Someone else added entries since.</exception>
    /// <exception cref="LedgerBrokenException">What is kept no longer fits the head kept apart; nothing was added.</exception>
    Task<LedgerHead> AppendAsync(Guid tenantId, LedgerHead expected, ImmutableArray<LedgerDraft> drafts, CancellationToken cancellationToken);

    /// <summary>Takes parts away for good, and adds the entry that says so, both or neither.</summary>
    /// <inheritdoc cref="AppendAsync" path="/exception"/>
    Task<LedgerHead> TakePartsAsync(Guid tenantId, LedgerHead expected, ImmutableArray<long> parts, LedgerDraft draft, CancellationToken cancellationToken);
}

/// <summary>The ledger has grown since the caller looked.</summary>
public sealed class LedgerMovedException(long expected, long current)
    : Exception($"the ledger has {current} entries, not {expected}: someone else acted meanwhile");

/// <summary>The ledger is not what was written.</summary>
public sealed class LedgerBrokenException(long entry, string why)
    : Exception($"the decision ledger does not hold at entry {entry}: {why}; run 'governance audit verify'")
{
    public long Entry { get; } = entry;
}
