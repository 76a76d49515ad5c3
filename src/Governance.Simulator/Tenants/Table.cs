using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>
/// One collection at one moment: the rows it was created with, what was altered since, and a journal of the alterations
/// for delta queries. Immutable; a row keeps its position for ever, so a page token stays right while others change.
/// </summary>
internal sealed record Table<TKey, TRow>(IRowSource<TKey, TRow> Source, Func<TRow, TKey> KeyOf, Func<TRow, Guid> OwnerOf)
    where TKey : notnull
{
    private ImmutableDictionary<TKey, (bool Removed, TRow Row)> Altered { get; init; } =
        ImmutableDictionary<TKey, (bool, TRow)>.Empty;

    private ImmutableList<(bool Removed, TRow Row)> Added { get; init; } = [];

    private ImmutableDictionary<TKey, int> AddedAt { get; init; } = ImmutableDictionary<TKey, int>.Empty;

    /// <summary>All alterations, oldest first.</summary>
    public ImmutableList<JournalEntry<TKey>> Journal { get; private init; } = [];

    /// <summary>Number of rows alive.</summary>
    public int Count { get; private init; } = Source.Count;

    /// <summary>One more than the highest position ever used.</summary>
    public int End => Source.Count + Added.Count;

    public bool TryFind(TKey key, out TRow row)
    {
        if (AddedAt.TryGetValue(key, out var position))
        {
            (var removed, row) = Added[position];
            return !removed;
        }

        if (Altered.TryGetValue(key, out var altered))
        {
            row = altered.Row;
            return !altered.Removed;
        }

        var index = Source.IndexOf(key);
        row = index < 0 ? default! : Source.At(index);
        return index >= 0;
    }

    /// <summary>Reads on from a position, which ends after the row read (or at the end). A null owner stands for all rows.</summary>
    public bool TryReadNext(ref int position, Guid? owner, out TRow row)
    {
        var (start, end) = owner is { } id ? Source.RangeOf(id) : (0, Source.Count);
        if (position < start)
        {
            position = start;
        }

        while (position < end)
        {
            row = Source.At(position++);
            if (Altered.IsEmpty || !Altered.TryGetValue(KeyOf(row), out var altered))
            {
                return true;
            }

            if (!altered.Removed)
            {
                row = altered.Row;
                return true;
            }
        }

        position = Math.Max(position, Source.Count);
        while (position < End)
        {
            (var removed, row) = Added[position++ - Source.Count];
            if (!removed && (owner is null || OwnerOf(row) == owner))
            {
                return true;
            }
        }

        row = default!;
        return false;
    }

    public IEnumerable<TRow> Rows(Guid? owner = null)
    {
        var position = 0;
        while (TryReadNext(ref position, owner, out var row))
        {
            yield return row;
        }
    }

    /// <summary>The rows alive in another order, as a table that was never altered.</summary>
    public Table<TKey, TRow> Shuffled(Random random)
    {
        var rows = Rows().ToArray();
        random.Shuffle(rows);
        return new(new ListSource<TKey, TRow>(rows, KeyOf, OwnerOf), KeyOf, OwnerOf);
    }

    /// <summary>Adds or replaces a row. The names of the changed properties are ignored for a row that was not there.</summary>
    public Table<TKey, TRow> With(TRow row, IReadOnlyCollection<string> changedProperties)
    {
        var key = KeyOf(row);
        var existed = TryFind(key, out _);
        var journal = Journal.Add(new JournalEntry<TKey>(key, existed ? [.. changedProperties] : null, RemovalReason: null));
        var count = existed ? Count : Count + 1;
        if (AddedAt.TryGetValue(key, out var position))
        {
            return this with { Added = Added.SetItem(position, (false, row)), Journal = journal, Count = count };
        }

        return Source.IndexOf(key) >= 0
            ? this with { Altered = Altered.SetItem(key, (false, row)), Journal = journal, Count = count }
            : this with
            {
                Added = Added.Add((false, row)),
                AddedAt = AddedAt.Add(key, Added.Count),
                Journal = journal,
                Count = count,
            };
    }

    /// <summary>Removes a row: reason <c>changed</c> for a deletion that can be undone, <c>deleted</c> for good.</summary>
    public Table<TKey, TRow> Without(TKey key, string reason)
    {
        if (!TryFind(key, out var row))
        {
            return this;
        }

        var journal = Journal.Add(new JournalEntry<TKey>(key, ChangedProperties: null, reason));
        return AddedAt.TryGetValue(key, out var position)
            ? this with { Added = Added.SetItem(position, (true, row)), Journal = journal, Count = Count - 1 }
            : this with { Altered = Altered.SetItem(key, (true, row)), Journal = journal, Count = Count - 1 };
    }
}

/// <summary>One alteration of one row.</summary>
/// <param name="Key">The row.</param>
/// <param name="ChangedProperties">Null when the row came new, came back, or went.</param>
/// <param name="RemovalReason">Null unless the row went.</param>
internal sealed record JournalEntry<TKey>(TKey Key, ImmutableHashSet<string>? ChangedProperties, string? RemovalReason);
