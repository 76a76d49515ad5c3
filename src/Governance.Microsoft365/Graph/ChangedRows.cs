using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>A collection as known, to which the items of a delta round are applied in the order received.</summary>
/// <typeparam name="T">The collection as the inventory holds it.</typeparam>
/// <typeparam name="TRow">A row as an item names it; members that it does not name have no meaning.</typeparam>
internal abstract class ChangedRows<T, TRow>
{
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);

    public abstract InventoryPart Part { get; }

    /// <summary>Ids of which an item told only a part, and which no earlier reading knows: they must be read whole.</summary>
    public string[] Unknown => [.. _unknown.Order(StringComparer.Ordinal)];

    /// <summary>Ids that the round said are gone.</summary>
    public HashSet<string> Removed { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes the reader of rows.</summary>
    /// <param name="changes">True for items of a round, false for a whole object.</param>
    public abstract PageRows Reader(Action<TRow> taken, bool changes);

    public abstract string IdOf(TRow row);

    /// <summary>An id as received, in the form that <see cref="IdOf(TRow)"/> gives it.</summary>
    protected virtual string IdOf(string received) => Guid.TryParse(received, out var id) ? id.ToString() : received;

    /// <summary>The collection with everything applied.</summary>
    public abstract T Applied();

    public abstract long Count(T collection);

    public void Apply(DeltaRow<TRow> change)
    {
        var id = change.RemovedId is null ? IdOf(change.Row) : IdOf(change.RemovedId);
        if (change.RemovedId is not null)
        {
            _unknown.Remove(id);
            Removed.Add(id);
            Remove(id);
        }
        else if (TryMerge(id, change.Row, change.Named))
        {
            return;
        }
        else if (Whole(change.Named))
        {
            Take(id, change.Row);
        }
        else
        {
            _unknown.Add(id);
        }
    }

    /// <summary>Takes an object that was read whole, or that there is none.</summary>
    public void Apply(ObjectById<TRow> read)
    {
        if (read.Exists)
        {
            Take(read.Id, read.Row!);
        }
        else
        {
            Remove(read.Id);
        }
    }

    /// <summary>Changes what an item names of a row; what it does not name stays.</summary>
    /// <returns>False when no such row is known.</returns>
    protected abstract bool TryMerge(string id, TRow row, IReadOnlySet<string> named);

    protected abstract void Put(TRow row);

    protected abstract void Remove(string id);

    /// <summary>True when an item names everything that was asked for, so that it is a row by itself.</summary>
    protected virtual bool Whole(IReadOnlySet<string> named) => GraphQueries.MembersOf(Part).All(named.Contains);

    private void Take(string id, TRow row)
    {
        _unknown.Remove(id);
        Removed.Remove(id);
        Put(row);
    }
}
