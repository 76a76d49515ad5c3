using System.Collections.Immutable;

namespace Governance.Core.Policy.Ledger;

/// <summary>Gives a draft its place at the end of the chain.</summary>
public static class LedgerChain
{
    /// <summary>Longest part in characters.</summary>
    public const int LongestPart = 1_000_000;

    /// <param name="salt">Fresh random bytes, 16 or more; used only when the draft has a part.</param>
    public static (StoredEntry Entry, LedgerHead Head) Next(Guid tenant, LedgerHead head, LedgerDraft draft, ReadOnlySpan<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(tenant, Guid.Empty);
        ArgumentOutOfRangeException.ThrowIfLessThan(salt.Length, 16);
        if (draft.Part?.Length > LongestPart)
        {
            throw new ArgumentException($"a text of {draft.Part.Length} characters is longer than {LongestPart}", nameof(draft));
        }

        var part = draft.Part is { } text ? new StoredPart([.. salt], Whole(text)) : null;
        var entry = new LedgerEntry(
            tenant,
            head.Count + 1,
            draft.At,
            Whole(draft.Actor),
            draft.Kind,
            Whole(draft.Subject),
            draft.Facts.ToImmutableSortedDictionary(fact => fact.Key, fact => Whole(fact.Value), StringComparer.Ordinal),
            part is null ? null : LedgerForm.DigestOf(salt, part.Text),
            head.Hash);
        var body = LedgerForm.Write(entry);
        var hash = LedgerForm.HashOf(body);
        return (new StoredEntry(entry.Sequence, [.. body], hash, part), new LedgerHead(entry.Sequence, hash));
    }

    /// <summary>Half of a surrogate pair has no UTF-8 form: it becomes U+FFFD before it is hashed, not after.</summary>
    private static string Whole(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
