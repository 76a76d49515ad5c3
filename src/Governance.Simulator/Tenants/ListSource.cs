namespace Governance.Simulator.Tenants;

/// <summary>Rows that are few enough to keep, grouped by owner in order of the owner's first row.</summary>
internal sealed class ListSource<TKey, TRow> : IRowSource<TKey, TRow>
    where TKey : notnull
{
    private readonly TRow[] rows;
    private readonly Dictionary<TKey, int> indexes;
    private readonly Dictionary<Guid, (int Start, int End)> ranges = [];

    public ListSource(IEnumerable<TRow> rows, Func<TRow, TKey> keyOf, Func<TRow, Guid> ownerOf)
    {
        var grouped = new List<TRow>();
        foreach (var group in rows.GroupBy(ownerOf))
        {
            var start = grouped.Count;
            grouped.AddRange(group);
            ranges.Add(group.Key, (start, grouped.Count));
        }

        this.rows = [.. grouped];
        indexes = new Dictionary<TKey, int>(this.rows.Length);
        for (var index = 0; index < this.rows.Length; index++)
        {
            indexes.Add(keyOf(this.rows[index]), index);
        }
    }

    public int Count => rows.Length;

    public TRow At(int index) => rows[index];

    public int IndexOf(TKey key) => indexes.GetValueOrDefault(key, -1);

    public (int Start, int End) RangeOf(Guid owner) => ranges.GetValueOrDefault(owner);
}
