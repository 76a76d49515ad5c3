using System.Collections.Immutable;

namespace Governance.Core.Policy.Ledger;

/// <summary>A part as it is kept beside its entry.</summary>
/// <param name="Salt">At least 16 random bytes.</param>
public sealed record StoredPart(ImmutableArray<byte> Salt, string Text);

/// <summary>An entry as it is kept: nothing here is trusted before <see cref="LedgerVerification"/> has looked.</summary>
/// <param name="Sequence">The place under which it is kept.</param>
/// <param name="Body">The line of <see cref="LedgerForm"/>.</param>
/// <param name="Part">Null when there is none, or none any more.</param>
public sealed record StoredEntry(long Sequence, ImmutableArray<byte> Body, string Hash, StoredPart? Part);

/// <summary>A tenant's ledger as a store holds it.</summary>
/// <param name="Entries">In the order of their places.</param>
/// <param name="Head">Head kept with the entries; null when it is missing.</param>
/// <param name="Anchor">
/// Head kept apart from them; it may lag behind by the entries of a write that was cut short, never run ahead. Null when missing.
/// </param>
public sealed record StoredLedger(Guid TenantId, ImmutableArray<StoredEntry> Entries, LedgerHead? Head, LedgerHead? Anchor)
{
    public static StoredLedger Empty(Guid tenant) => new(tenant, [], null, null);
}
