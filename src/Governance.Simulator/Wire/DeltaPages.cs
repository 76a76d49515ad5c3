using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>
/// Delta queries. A first round walks the whole collection, a later one the changes since; either ends in a delta link
/// that holds the place in the journal where the round began, so that what changes meanwhile comes with the next round.
/// </summary>
/// <param name="replay">True to send all changes since the start again.</param>
/// <param name="minimal">True to send of each row only what changed.</param>
internal sealed class DeltaPages(SimulatorOptions options, bool replay, bool minimal)
{
    /// <returns>Null when the path is no delta query.</returns>
    public Reply? Answer(GraphCall call) => call.Segments switch
    {
        ["servicePrincipals", "delta"] => Page(call, call.State.ServicePrincipals, Shapes.ServicePrincipal, "servicePrincipals", id => id.ToString()),
        ["oauth2PermissionGrants", "delta"] => Page(call, call.State.Grants, Shapes.Grant, "oauth2PermissionGrants", GrantId.Encode),
        ["users", "delta"] => Page(call, call.State.Users, Shapes.User, "users", id => id.ToString()),
        _ => null,
    };

    private PageReply Page<TKey, TRow>(GraphCall call, Table<TKey, TRow> table, RowShape<TRow> shape, string context, Func<TKey, string> idOf)
        where TKey : notnull
    {
        if (call.Option("filter") is not null || call.Option("orderby") is not null || call.Option("expand") is not null)
        {
            throw GraphException.Unsupported("The query option is not supported by this delta query.");
        }

        var now = options.TimeProvider.GetUtcNow().ToUnixTimeSeconds();
        if (string.Equals(call.Option("deltatoken"), "latest", StringComparison.OrdinalIgnoreCase))
        {
            return Reply([], new PageToken(0, 1, table.Journal.Count, now, -1, call.Option("select")), more: null);
        }

        // The further pages of a round that replays go on with the replay.
        var token = Token(call, table.Journal.Count, now);
        token = replay && token.Last > 0 ? token with { Last = 0 } : token;
        var size = context == "users" ? options.DeltaPageSize : ListPages.PageSize(call, options.DeltaPageSize);
        var rows = new List<DeltaRow<TRow>>();
        PageToken? next = null;
        if (token.Last < 0)
        {
            var position = token.Position;
            while (rows.Count < size && table.TryReadNext(ref position, null, out var row))
            {
                rows.Add(new DeltaRow<TRow>(row, null, null, null));
            }

            next = position < table.End ? token with { Position = position, Page = token.Page + 1 } : null;
        }
        else
        {
            var changes = Changes(table, token.Last, token.JournalEnd, token.Select, idOf);
            rows.AddRange(changes.Skip(token.Position).Take(size));
            next = token.Position + size < changes.Count ? token with { Position = token.Position + size, Page = token.Page + 1 } : null;
        }

        return Reply(rows, token, next);

        PageReply Reply(List<DeltaRow<TRow>> sent, PageToken at, PageToken? more)
        {
            var write = shape.Writer(at.Select is null ? null : "id," + at.Select);
            var onlyChanged = minimal && at.Last >= 0;
            var path = call.Path;
            return new PageReply<DeltaRow<TRow>>(sent, (json, row) => Write(json, row, write, onlyChanged))
            {
                Context = context,
                Root = call.Root,
                Number = at.Page,
                FirstPageLink = $"{call.Root}/{path}?$skiptoken={(at with { Position = 0, Page = 1 }).Encode(call.State.Seed, path)}",
                SamePlaceLink = $"{call.Root}/{path}?$skiptoken={(at with { Page = at.Page + 1 }).Encode(call.State.Seed, path)}",
                NextLink = more is null ? null : $"{call.Root}/{path}?$skiptoken={more.Encode(call.State.Seed, path)}",
                DeltaLink = more is not null
                    ? null
                    : $"{call.Root}/{path}?$deltatoken={new PageToken(0, 1, 0, now, at.JournalEnd, at.Select).Encode(call.State.Seed, path + "?deltatoken")}",
            };
        }
    }

    private PageToken Token(GraphCall call, int journalEnd, long now)
    {
        if (call.Option("skiptoken") is { } skip)
        {
            return call.Option("select") is null
                ? PageToken.Decode(skip, call.State.Seed, call.Path)
                    ?? throw new GraphException(400, "DirectoryPageTokenNotFoundException", "The specified page token was not found.")
                : throw GraphException.BadRequest("$select is not allowed together with $skiptoken.");
        }

        // An empty token is what the Location of a reset carries: begin anew.
        if (call.Option("deltatoken") is not { Length: > 0 } text)
        {
            return new PageToken(0, 1, journalEnd, now, -1, call.Option("select"));
        }

        var token = PageToken.Decode(text, call.State.Seed, call.Path + "?deltatoken");
        return token is null || token.Last > journalEnd || now - token.IssuedAt > options.DeltaTokenLife.TotalSeconds
            ? throw new GraphException(400, "syncStateNotFound", "The sync state generation is not found; it may have expired.")
            : token with { JournalEnd = journalEnd, Select = call.Option("select") ?? token.Select };
    }

    /// <summary>Each row that changed, once, as it is now, in the order of its last change.</summary>
    private static List<DeltaRow<TRow>> Changes<TKey, TRow>(Table<TKey, TRow> table, int from, int to, string? select, Func<TKey, string> idOf)
        where TKey : notnull
    {
        var selected = select?.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var seen = new Dictionary<TKey, (int At, bool Shows, string? Reason, ImmutableHashSet<string>? Changed)>();
        for (var at = from; at < to; at++)
        {
            var entry = table.Journal[at];
            var shows = entry.ChangedProperties is null || selected is null || entry.ChangedProperties.Overlaps(selected);
            var known = seen.TryGetValue(entry.Key, out var before);
            var changed = known && before.Changed is null ? null : entry.ChangedProperties?.Union(before.Changed ?? []);
            seen[entry.Key] = (at, shows || (known && before.Shows), entry.RemovalReason, changed);
        }

        return
        [
            .. seen.Where(item => item.Value.Shows).OrderBy(item => item.Value.At).Select(item => table.TryFind(item.Key, out var row)
                ? new DeltaRow<TRow>(row, null, null, item.Value.Changed)
                : new DeltaRow<TRow>(default!, idOf(item.Key), item.Value.Reason ?? "deleted", null)),
        ];
    }

    private static void Write<TRow>(Utf8JsonWriter json, DeltaRow<TRow> row, Action<Utf8JsonWriter, TRow> write, bool onlyChanged)
    {
        if (row.RemovedId is null && onlyChanged)
        {
            WriteChanged(json, row, write);
            return;
        }

        if (row.RemovedId is null)
        {
            write(json, row.Row);
            return;
        }

        json.WriteStartObject();
        json.WriteString("id", row.RemovedId);
        json.WriteStartObject("@removed");
        json.WriteString("reason", row.Reason);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChanged<TRow>(Utf8JsonWriter json, DeltaRow<TRow> row, Action<Utf8JsonWriter, TRow> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var whole = new Utf8JsonWriter(bytes))
        {
            write(whole, row.Row);
        }

        using var document = JsonDocument.Parse(bytes.WrittenMemory);
        json.WriteStartObject();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.Name == "id" || (row.Changed is { } changed ? changed.Contains(member.Name) : member.Value.ValueKind != JsonValueKind.Null))
            {
                member.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>A row, or the id and reason of one that went.</summary>
    /// <param name="Changed">Properties that changed since the round before; null for a row that came new or came back.</param>
    private readonly record struct DeltaRow<TRow>(TRow Row, string? RemovedId, string? Reason, ImmutableHashSet<string>? Changed);
}
