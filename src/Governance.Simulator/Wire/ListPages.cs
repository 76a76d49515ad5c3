using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>Serves collections page by page.</summary>
internal static class ListPages
{
    public const int DefaultPageSize = 100;
    public const int MaxPageSize = 999;

    /// <param name="call">The request.</param>
    /// <param name="table">Where the rows are.</param>
    /// <param name="shape">How they are written.</param>
    /// <param name="context">For <c>@odata.context</c>.</param>
    /// <param name="owner">Only the rows of this owner; null for all.</param>
    /// <param name="keep">Which rows belong to the collection; null for all. Counted.</param>
    /// <param name="shown">Which of these Graph shows; null for all. Not counted, for this is how rows get lost.</param>
    public static PageReply Page<TKey, TRow>(
        GraphCall call,
        Table<TKey, TRow> table,
        RowShape<TRow> shape,
        string context,
        Guid? owner = null,
        Func<TRow, bool>? keep = null,
        Func<TRow, bool>? shown = null)
        where TKey : notnull
    {
        var size = PageSize(call);
        var token = Token(call);
        var write = shape.Writer(call.Option("select"));
        var position = token.Position;
        var last = token.Last;
        var next = position;
        var rows = new List<TRow>(Math.Min(size, 128));
        var more = false;
        while (table.TryReadNext(ref position, owner, out var row))
        {
            if ((keep is not null && !keep(row)) || (shown is not null && !shown(row)))
            {
                continue;
            }

            if (rows.Count == size)
            {
                more = true;
                break;
            }

            rows.Add(row);
            next = position;
        }

        // The link leads to the position after the last row sent; what lies there is looked up when it is followed.
        return new PageReply<TRow>(rows, write, last < 0 ? null : () => RowAt(table, last))
        {
            Context = context,
            Root = call.Root,
            Number = token.Page,
            Count = token.Page == 1 && CountIsAsked(call) ? Count(table, owner, keep) : null,
            SamePlaceLink = NextLink(call, token with { Page = token.Page + 1 }),
            NextLink = more ? NextLink(call, new PageToken(next, token.Page + 1, 0, 0, next - 1, null)) : null,
        };
    }

    /// <summary>The same for rows that are in a list.</summary>
    public static PageReply Page<TRow>(
        GraphCall call, IReadOnlyList<TRow> list, RowShape<TRow> shape, string context, Func<TRow, bool>? keep = null, int? defaultSize = null)
    {
        var size = PageSize(call, defaultSize ?? DefaultPageSize, defaultSize ?? MaxPageSize);
        var token = Token(call);
        var rows = new List<TRow>();
        var position = token.Position;
        for (; position < list.Count && rows.Count < size; position++)
        {
            if (keep is null || keep(list[position]))
            {
                rows.Add(list[position]);
            }
        }

        var more = Enumerable.Range(position, list.Count - position).Any(index => keep is null || keep(list[index]));
        return new PageReply<TRow>(rows, shape.Writer(call.Option("select")), token.Last < 0 ? null : () => list[token.Last])
        {
            Context = context,
            Root = call.Root,
            Number = token.Page,
            Count = token.Page == 1 && CountIsAsked(call) ? (keep is null ? list.Count : list.Count(keep)) : null,
            SamePlaceLink = NextLink(call, token with { Page = token.Page + 1 }),
            NextLink = more ? NextLink(call, new PageToken(position, token.Page + 1, 0, 0, position - 1, null)) : null,
        };
    }

    /// <summary><c>$count=true</c> works with the advanced-query header alone, and is ignored without it.</summary>
    public static bool CountIsAsked(GraphCall call) =>
        call.Eventual && string.Equals(call.Option("count"), "true", StringComparison.OrdinalIgnoreCase);

    public static int PageSize(GraphCall call, int byDefault = DefaultPageSize, int most = MaxPageSize)
    {
        if (call.Option("top") is not { } text)
        {
            return byDefault;
        }

        return int.TryParse(text, out var size) && size >= 1 && size <= most
            ? size
            : throw GraphException.Unsupported($"Invalid page size specified: '{text}'. Must be between 1 and {most} inclusive.");
    }

    /// <summary>Graph keeps the query and adds a token; what the token holds is nobody's business.</summary>
    public static string NextLink(GraphCall call, PageToken token)
    {
        var mark = call.PathAndQuery.IndexOf('?', StringComparison.Ordinal);
        var kept = mark < 0
            ? ""
            : string.Join('&', call.PathAndQuery[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Where(part => !part.StartsWith("$skiptoken=", StringComparison.OrdinalIgnoreCase)
                    && !part.StartsWith("%24skiptoken=", StringComparison.OrdinalIgnoreCase))
                .Select(part => part + "&"));
        return $"{call.Root}/{call.Path}?{kept.Replace("&&", "&")}$skiptoken={token.Encode(call.State.Seed, call.Path)}";
    }

    private static PageToken Token(GraphCall call) => call.Option("skiptoken") is not { } text
        ? new PageToken(0, 1, 0, 0, -1, null)
        : PageToken.Decode(text, call.State.Seed, call.Path)
            ?? throw new GraphException(400, "Directory_ExpiredPageToken", "The specified page token value has expired or is invalid.");

    private static long Count<TKey, TRow>(Table<TKey, TRow> table, Guid? owner, Func<TRow, bool>? keep)
        where TKey : notnull =>
        owner is null && keep is null ? table.Count : table.Rows(owner).LongCount(keep ?? (_ => true));

    private static TRow RowAt<TKey, TRow>(Table<TKey, TRow> table, int position)
        where TKey : notnull =>
        table.TryReadNext(ref position, null, out var row) ? row : throw new InvalidOperationException("no row at a position that was served");
}
