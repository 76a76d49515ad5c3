namespace Governance.Simulator.Tenants;

/// <summary>The rows of one collection as the tenant was created: made on demand, never kept.</summary>
/// <typeparam name="TKey">What makes a row one row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
internal interface IRowSource<TKey, TRow>
{
    int Count { get; }

    TRow At(int index);

    /// <returns>The index, or -1 when there is no such row.</returns>
    int IndexOf(TKey key);

    /// <summary>Rows of one owner lie side by side: grants of a client, app role assignments of a resource.</summary>
    /// <returns>First index, and the index after the last; equal when the owner has none.</returns>
    (int Start, int End) RangeOf(Guid owner);
}
