using System.Text.Json;

namespace Governance.Simulator.Wire;

/// <summary>One page of a collection. A fault may bend it before it is written.</summary>
internal abstract class PageReply : Reply
{
    /// <summary>What follows <c>$metadata#</c> in the context.</summary>
    public required string Context { get; init; }

    /// <summary>The endpoint with version.</summary>
    public required string Root { get; init; }

    /// <summary>The number of this page in its walk, from 1.</summary>
    public required int Number { get; init; }

    public long? Count { get; set; }

    public string? NextLink { get; set; }

    public string? DeltaLink { get; init; }

    /// <summary>A link to the rows of this very page as a further page, for pages that come empty.</summary>
    public required string SamePlaceLink { get; init; }

    /// <summary>A link to the first page of a round that cannot be asked for as it was; null when the address without its token is the first page's.</summary>
    public string? FirstPageLink { get; init; }

    /// <summary>Leaves out <c>value</c>: an answer that is JSON but no page.</summary>
    public bool OmitsValue { get; set; }

    public abstract void Clear();

    public abstract void DropLast(int rows);

    /// <summary>Puts the last row of the page before this one at the front, as when a row moves between two requests.</summary>
    public abstract void RepeatPrevious();

    public override Action<Utf8JsonWriter>? Body => json =>
    {
        json.WriteStartObject();
        json.WriteString("@odata.context", $"{Root}/$metadata#{Context}");
        if (Count is { } count)
        {
            json.WriteNumber("@odata.count", count);
        }

        if (NextLink is not null)
        {
            json.WriteString("@odata.nextLink", NextLink);
        }

        if (DeltaLink is not null)
        {
            json.WriteString("@odata.deltaLink", DeltaLink);
        }

        if (!OmitsValue)
        {
            json.WriteStartArray("value");
            WriteRows(json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    };

    protected abstract void WriteRows(Utf8JsonWriter json);
}

/// <param name="rows">The rows of the page.</param>
/// <param name="previous">The row before the page's first, if there is one: for faults that repeat it.</param>
/// <param name="write">Writes a row.</param>
internal sealed class PageReply<TRow>(List<TRow> rows, Action<Utf8JsonWriter, TRow> write, Func<TRow>? previous = null) : PageReply
{
    public override int Rows => rows.Count;

    public override void Clear() => rows.Clear();

    public override void DropLast(int count) => rows.RemoveRange(Math.Max(0, rows.Count - count), Math.Min(count, rows.Count));

    public override void RepeatPrevious()
    {
        if (previous is not null)
        {
            rows.Insert(0, previous());
        }
        else if (rows.Count > 0)
        {
            rows.Add(rows[0]);
        }
    }

    protected override void WriteRows(Utf8JsonWriter json)
    {
        foreach (var row in rows)
        {
            write(json, row);
        }
    }
}
