using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>One change of a collection.</summary>
/// <param name="RemovedId">Id of a row that is gone; null when <paramref name="Row"/> is how it is now.</param>
internal readonly record struct DeltaRow<T>(string? RemovedId, T Row);

/// <summary>Rows of a delta answer in their order: each is either a row as the list would give it, or an id that is gone.</summary>
internal sealed class DeltaRows<T> : PageRows
{
    private readonly List<DeltaRow<T>> _page = [];
    private readonly PageRows _living;
    private readonly Action<DeltaRow<T>> _kept;

    /// <param name="reader">Makes the reader of living rows, which hands each to the action it is given.</param>
    /// <param name="kept">Called with each change once its page was read whole.</param>
    public DeltaRows(Func<Action<T>, PageRows> reader, Action<DeltaRow<T>> kept)
    {
        _living = reader(row => _page.Add(new DeltaRow<T>(null, row)));
        _kept = kept;
    }

    protected override bool TryRead(ref Utf8JsonReader reader, ref string? fault)
    {
        var ahead = reader;
        if (!TryReadRemoval(ref ahead, out var removed, out var id))
        {
            return false;
        }

        if (removed)
        {
            reader = ahead;
            fault = id is null ? "the id of a removed row is missing" : null;
            if (id is not null)
            {
                _page.Add(new DeltaRow<T>(id, default!));
            }

            return true;
        }

        var outcome = _living.Read(ref reader);
        fault = outcome == RowOutcome.Unreadable ? _living.FirstFault : null;
        if (outcome != RowOutcome.Cut)
        {
            _living.Keep();
        }

        return outcome != RowOutcome.Cut;
    }

    protected override void Clear()
    {
        _living.Drop();
        _page.Clear();
    }

    protected override void HandOn() => _page.ForEach(_kept);

    private static bool TryReadRemoval(ref Utf8JsonReader reader, out bool removed, out string? id)
    {
        removed = false;
        id = null;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return true;
            }

            bool whole;
            if (reader.ValueTextEquals("@removed"u8))
            {
                whole = JsonField.Skip(ref reader);
                removed = true;
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                whole = JsonField.Text(ref reader, out id);
            }
            else
            {
                whole = JsonField.Skip(ref reader);
            }

            if (!whole)
            {
                return false;
            }
        }

        return false;
    }
}
