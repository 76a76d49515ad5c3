using System.Collections.Immutable;

namespace Governance.Core.Policy.Ledger;

/// <summary>One act that a person or the program did, as the ledger keeps it for good.</summary>
/// <param name="Sequence">Counted from 1 within the tenant, without gaps.</param>
/// <param name="At">Clock of the host when it was written; UTC. The order is that of the sequence, not of the clock.</param>
/// <param name="Actor">Pseudonym of the person who acted.</param>
/// <param name="Kind">What was done; see <see cref="LedgerKinds"/>.</param>
/// <param name="Subject">What it concerns: a request, a finding, an order; joins the entries of one matter.</param>
/// <param name="Facts">Named values, no personal data among them; <c>before</c> and <c>after</c> state where a state changed.</param>
/// <param name="PartDigest">Digest of text kept beside the entry, which can be erased without breaking the chain; null when there is none.</param>
/// <param name="Previous">Hash of the entry before; zeros for the first.</param>
public sealed record LedgerEntry(
    Guid TenantId,
    long Sequence,
    DateTimeOffset At,
    string Actor,
    string Kind,
    string Subject,
    ImmutableSortedDictionary<string, string> Facts,
    string? PartDigest,
    string Previous)
{
    /// <summary>The value of a fact; an empty text when the entry has none of the name.</summary>
    public string Fact(string name) => Facts.GetValueOrDefault(name, string.Empty);
}

/// <summary>An act before it has its place in the chain.</summary>
/// <param name="Part">Free text, or data about persons, to be kept beside the entry; null for none.</param>
public sealed record LedgerDraft(
    DateTimeOffset At, string Actor, string Kind, string Subject, ImmutableSortedDictionary<string, string> Facts, string? Part);

/// <summary>Number of entries and the hash of the last one.</summary>
/// <param name="Hash">64 hexadecimal digits in lower case.</param>
public sealed record LedgerHead(long Count, string Hash)
{
    public static readonly LedgerHead Empty = new(0, new string('0', 64));
}
