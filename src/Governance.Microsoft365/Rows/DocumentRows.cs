using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>Rows of a small collection, each read as a document of its own.</summary>
/// <param name="read">Reads a row; returns null for one that is none of ours, and sets the fault for one that cannot be read.</param>
/// <param name="kept">Called with each row once its page was read whole.</param>
internal sealed class DocumentRows<T>(DocumentRows<T>.RowReader read, Action<T> kept) : PageRows
    where T : class
{
    private readonly List<T> _rows = [];

    public delegate T? RowReader(JsonElement row, ref string? fault);

    protected override bool TryRead(ref Utf8JsonReader reader, ref string? fault)
    {
        if (!JsonDocument.TryParseValue(ref reader, out var document))
        {
            return false;
        }

        using (document)
        {
            if (read(document.RootElement, ref fault) is { } row && fault is null)
            {
                _rows.Add(row);
            }
        }

        return true;
    }

    protected override void Clear() => _rows.Clear();

    protected override void HandOn() => _rows.ForEach(kept);
}
