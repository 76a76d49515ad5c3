using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>How the reading of one row ended.</summary>
internal enum RowOutcome
{
    /// <summary>The bytes at hand end inside the row: read it again from its start when there are more.</summary>
    Cut,
    Read,
    Unreadable,
}

/// <summary>The rows of one page: they count only once the page was read whole and <see cref="Keep"/> was called.</summary>
internal abstract class PageRows
{
    /// <summary>Rows read on this page.</summary>
    public int Count { get; private set; }

    /// <summary>Rows of this page that could not be read.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Why the first unreadable row of this page is so; null when every row could be read.</summary>
    public string? FirstFault { get; private set; }

    /// <summary>Forgets the page.</summary>
    public void Drop()
    {
        Count = Unreadable = 0;
        FirstFault = null;
        Clear();
    }

    /// <summary>Hands the page on to where all rows are gathered, and begins the next.</summary>
    public void Keep()
    {
        HandOn();
        Drop();
    }

    /// <summary>Reads one row, with the reader at its first brace; leaves it at its last one unless cut.</summary>
    public RowOutcome Read(ref Utf8JsonReader reader)
    {
        string? fault = null;
        if (!TryRead(ref reader, ref fault))
        {
            return RowOutcome.Cut;
        }

        if (fault is not null)
        {
            Refuse(fault);
            return RowOutcome.Unreadable;
        }

        Count++;
        return RowOutcome.Read;
    }

    /// <summary>Counts a row that could not be read.</summary>
    public void Refuse(string fault)
    {
        Unreadable++;
        FirstFault ??= fault;
    }

    /// <summary>Hears which collection the page says it belongs to.</summary>
    public virtual void Context(string context)
    {
    }

    /// <param name="fault">Set when the row cannot be used; it must still be read to its end.</param>
    /// <returns>False when the bytes at hand end inside the row; nothing may have been noted then.</returns>
    protected abstract bool TryRead(ref Utf8JsonReader reader, ref string? fault);

    protected abstract void Clear();

    protected abstract void HandOn();
}
