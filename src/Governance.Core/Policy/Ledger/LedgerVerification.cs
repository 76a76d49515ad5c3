using System.Collections.Immutable;
using System.Globalization;

namespace Governance.Core.Policy.Ledger;

/// <summary>What a look through a whole ledger showed.</summary>
public abstract record LedgerVerdict
{
    private LedgerVerdict()
    {
    }

    /// <param name="Entries">Every entry in order, with its part where it still has one.</param>
    /// <param name="PartsTaken">Parts that were erased, each named by a later entry.</param>
    public sealed record Sound(LedgerHead Head, ImmutableArray<VerifiedEntry> Entries, int PartsTaken) : LedgerVerdict;

    /// <param name="Entry">First entry that does not hold; one behind the last kept when the tail is missing.</param>
    /// <param name="Why">One sentence without tenant text.</param>
    public sealed record Broken(long Entry, string Why) : LedgerVerdict;
}

/// <param name="Part">Null when the entry has none, or none any more.</param>
public sealed record VerifiedEntry(LedgerEntry Entry, string Hash, string? Part);

/// <summary>Checks a ledger from its first entry to its heads. Pure: it needs nothing but what was kept.</summary>
public static class LedgerVerification
{
    /// <param name="noted">A head that someone wrote down earlier; null when none is at hand.</param>
    public static LedgerVerdict Of(StoredLedger ledger, LedgerHead? noted = null)
    {
        var entries = ImmutableArray.CreateBuilder<VerifiedEntry>(ledger.Entries.Length);
        var previous = LedgerHead.Empty;
        foreach (var stored in ledger.Entries)
        {
            if (Check(ledger.TenantId, stored, previous, out var entry) is { } why)
            {
                return new LedgerVerdict.Broken(Math.Min(stored.Sequence, previous.Count + 1), why);
            }

            entries.Add(new VerifiedEntry(entry!, stored.Hash, stored.Part?.Text));
            previous = new LedgerHead(stored.Sequence, stored.Hash);
        }

        LedgerVerdict? broken = Parts(entries) ?? Heads(ledger, entries, previous, noted);
        return broken ?? new LedgerVerdict.Sound(previous, entries.ToImmutable(), entries.Count(entry => entry is { Entry.PartDigest: not null, Part: null }));
    }

    private static string? Check(Guid tenant, StoredEntry stored, LedgerHead previous, out LedgerEntry? entry)
    {
        entry = null;
        if (stored.Sequence != previous.Count + 1)
        {
            return stored.Sequence > previous.Count + 1 ? "the entry is missing" : "the place is taken twice";
        }

        var body = stored.Body.AsSpan();
        if (LedgerForm.HashOf(body) != stored.Hash)
        {
            return "its content does not match its hash";
        }

        try
        {
            entry = LedgerForm.Read(body);
        }
        catch (FormatException broken)
        {
            return $"it cannot be read: {broken.Message}";
        }

        if (entry.TenantId != tenant)
        {
            return "it belongs to another tenant";
        }

        if (entry.Sequence != stored.Sequence)
        {
            return $"it stands in the place of another: it says that it is entry {entry.Sequence.ToString(CultureInfo.InvariantCulture)}";
        }

        if (entry.Previous != previous.Hash)
        {
            return "it does not continue the entry before: one of the two is not what was written";
        }

        return (entry.PartDigest, stored.Part) switch
        {
            (null, not null) => "a text was put beside it",
            ({ } digest, { } part) when LedgerForm.DigestOf(part.Salt.AsSpan(), part.Text) != digest => "the text beside it was altered",
            _ => null,
        };
    }

    /// <summary>A part may be missing only where a later entry says that it was taken away.</summary>
    private static LedgerVerdict.Broken? Parts(ImmutableArray<VerifiedEntry>.Builder entries)
    {
        var taken = new HashSet<long>();
        LedgerEntry? lost = null;
        for (var at = entries.Count - 1; at >= 0; at--)
        {
            var entry = entries[at].Entry;
            if (entry.PartDigest is not null && entries[at].Part is null && !taken.Contains(entry.Sequence))
            {
                lost = entry;
            }

            if (LedgerKinds.TakeParts.Contains(entry.Kind))
            {
                taken.UnionWith(entry.Fact(LedgerKinds.PartsFact).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(number => long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0));
            }
        }

        return lost is null ? null : new LedgerVerdict.Broken(lost.Sequence, "the text beside it is missing and no entry says that it was erased");
    }

    private static LedgerVerdict.Broken? Heads(StoredLedger ledger, ImmutableArray<VerifiedEntry>.Builder entries, LedgerHead last, LedgerHead? noted)
    {
        if (entries.Count > 0 && ledger.Anchor is null)
        {
            return new LedgerVerdict.Broken(last.Count, "the head kept apart is missing: a cut tail could not be seen");
        }

        return Against(ledger.Anchor, "the head kept apart") ?? Against(noted, "the head given")
            ?? (entries.Count > 0 && ledger.Head is null ? new LedgerVerdict.Broken(last.Count, "the head is missing") : null)
            ?? Against(ledger.Head, "the head")
            ?? (ledger.Head is { } head && head.Count < last.Count
                ? new LedgerVerdict.Broken(head.Count + 1, "it stands behind the head: it was not written by this program")
                : null);

        LedgerVerdict.Broken? Against(LedgerHead? head, string name)
        {
            if (head is null)
            {
                return null;
            }

            if (head.Count > last.Count)
            {
                return new LedgerVerdict.Broken(last.Count + 1, $"the tail is missing: {name} counts {head.Count.ToString(CultureInfo.InvariantCulture)} entries");
            }

            var hash = head.Count == 0 ? LedgerHead.Empty.Hash : head.Count < 0 ? null : entries[(int)head.Count - 1].Hash;
            return hash == head.Hash ? null : new LedgerVerdict.Broken(Math.Max(1, head.Count), $"it is not the entry that {name} names");
        }
    }
}
