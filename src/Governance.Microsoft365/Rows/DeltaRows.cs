using System.Collections.Frozen;
using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>One change of a collection.</summary>
/// <param name="RemovedId">Id of a row that is gone; null when <paramref name="Row"/> says what changed.</param>
/// <param name="Named">Members that the item holds, null ones included; what it does not name has not changed, or was never set.</param>
/// <remarks>
/// Source: delta query overview. By default an item holds every selected property that was ever set, with <c>Prefer: return=minimal</c>
/// only those that changed; a property that was cleared is null.
/// </remarks>
internal readonly record struct DeltaRow<T>(string? RemovedId, T Row, IReadOnlySet<string> Named);

/// <summary>Rows of a delta answer in their order: each is either a row, as far as the item names it, or an id that is gone.</summary>
internal sealed class DeltaRows<T> : PageRows
{
    private readonly List<DeltaRow<T>> _page = [];
    private readonly PageRows _living;
    private readonly Action<DeltaRow<T>> _kept;
    private IReadOnlySet<string> _named = FrozenSet<string>.Empty;

    /// <param name="reader">Makes the reader of living rows, which hands each to the action it is given.</param>
    /// <param name="kept">Called with each change once its page was read whole.</param>
    public DeltaRows(Func<Action<T>, PageRows> reader, Action<DeltaRow<T>> kept)
    {
        _living = reader(row => _page.Add(new DeltaRow<T>(null, row, _named)));
        _kept = kept;
    }

    protected override bool TryRead(ref Utf8JsonReader reader, ref string? fault)
    {
        var ahead = reader;
        if (!TryReadNames(ref ahead, out var named, out var id))
        {
            return false;
        }

        if (named.Contains("@removed"))
        {
            reader = ahead;
            fault = id is null ? "the id of a removed row is missing" : null;
            if (id is not null)
            {
                _page.Add(new DeltaRow<T>(id, default!, named));
            }

            return true;
        }

        _named = named;
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

    private static bool TryReadNames(ref Utf8JsonReader reader, out HashSet<string> named, out string? id)
    {
        named = new HashSet<string>(StringComparer.Ordinal);
        id = null;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return true;
            }

            var name = JsonText.Of(ref reader);
            named.Add(name);
            if (!(name == "id" ? JsonField.Text(ref reader, out id) : JsonField.Skip(ref reader)))
            {
                return false;
            }
        }

        return false;
    }
}
