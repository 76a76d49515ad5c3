using System.Text;

namespace Governance.Core.Consents;

/// <summary>Gathers grants as pages arrive and packs them once. Not safe for several threads at once.</summary>
/// <remarks>Two rows with one identity become one: their scopes are joined, so that no permission is lost whichever came first.</remarks>
public sealed class DelegatedPermissionGrantsBuilder
{
    private readonly Interned<Guid> _clients = new();
    private readonly Interned<Guid> _resources = new();
    private readonly Interned<Guid> _principals = new();
    private readonly InternedText _scopes = new();
    private readonly Chunked<Row> _rows = new();
    private readonly List<(int Row, string Text)> _otherIds = [];

    private readonly record struct Row(int Client, int Resource, int Principal, int Scope);

    /// <summary>Rows added, doubles included.</summary>
    public int Added => _rows.Count;

    /// <summary>Distinct grant ids among the rows added; known once <see cref="Build"/> has run.</summary>
    /// <remarks>Larger than the number of grants only where a source gives several ids to one client, resource and principal.</remarks>
    public int DistinctIds { get; private set; }

    /// <param name="scope">Scope text in UTF-8 with JSON escapes already undone.</param>
    /// <param name="id">Graph id in UTF-8; kept only where it is not the derivable one. Empty when the source gave none.</param>
    public void Add(Guid client, Guid resource, Guid? principal, ReadOnlySpan<byte> scope, ReadOnlySpan<byte> id)
    {
        if (!id.IsEmpty && !GrantId.Is(id, client, resource, principal))
        {
            _otherIds.Add((_rows.Count, Encoding.UTF8.GetString(id)));
        }

        _rows.Add(new Row(
            _clients.IndexOf(client),
            _resources.IndexOf(resource),
            principal is { } user ? _principals.IndexOf(user) : DelegatedPermissionGrants.TenantWide,
            _scopes.IndexOf(scope)));
    }

    public void Add(DelegatedPermissionGrant grant) =>
        Add(grant.ClientId, grant.ResourceId, grant.PrincipalId, Encoding.UTF8.GetBytes(grant.Scope), Encoding.UTF8.GetBytes(grant.Id));

    /// <summary>Packs rows from the one numbered <paramref name="from"/> on; the builder goes on as before.</summary>
    public DelegatedPermissionGrants Since(int from)
    {
        var clients = _clients.InOrder();
        var resources = _resources.InOrder();
        var principals = _principals.InOrder();
        var otherIds = _otherIds.Where(other => other.Row >= from).ToDictionary(other => other.Row, other => Encoding.UTF8.GetBytes(other.Text));
        var segment = new DelegatedPermissionGrantsBuilder();
        for (var i = from; i < _rows.Count; i++)
        {
            var row = _rows[i];
            segment.Add(
                clients[row.Client],
                resources[row.Resource],
                row.Principal == DelegatedPermissionGrants.TenantWide ? null : principals[row.Principal],
                Encoding.UTF8.GetBytes(_scopes[row.Scope]),
                otherIds.GetValueOrDefault(i, []));
        }

        return segment.Build();
    }

    /// <summary>Packs what was added; the builder is not to be used afterwards.</summary>
    public DelegatedPermissionGrants Build()
    {
        var (clients, clientRank) = _clients.Sorted();
        var (resources, resourceRank) = _resources.Sorted();
        var (principals, principalRank) = _principals.Sorted();

        var starts = new int[clients.Length + 1];
        for (var i = 0; i < _rows.Count; i++)
        {
            starts[clientRank[_rows[i].Client] + 1]++;
        }

        for (var i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        var order = new int[_rows.Count];
        var key = new ulong[_rows.Count];
        var next = starts.AsSpan(0, clients.Length).ToArray();
        for (var i = 0; i < _rows.Count; i++)
        {
            var row = _rows[i];
            var at = next[clientRank[row.Client]]++;
            order[at] = i;
            var principal = row.Principal == DelegatedPermissionGrants.TenantWide ? 0u : (uint)principalRank[row.Principal] + 1;
            key[at] = ((ulong)resourceRank[row.Resource] << 32) | principal;
        }

        for (var client = 0; client < clients.Length; client++)
        {
            Array.Sort(key, order, starts[client], starts[client + 1] - starts[client]);
        }

        return Pack(clients, starts, resources, principals, order, key);
    }

    private DelegatedPermissionGrants Pack(Guid[] clients, int[] starts, Guid[] resources, Guid[] principals, int[] order, ulong[] key)
    {
        var offsets = new int[clients.Length + 1];
        var resource = new int[order.Length];
        var principal = new int[order.Length];
        var scope = new int[order.Length];
        var read = SparseText.From(_otherIds);
        var otherIds = new List<(int Row, string Text)>();
        var doubles = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        for (var client = 0; client < clients.Length; client++)
        {
            offsets[client] = count;
            for (var at = starts[client]; at < starts[client + 1]; at++)
            {
                var row = _rows[order[at]];
                var id = read.At(order[at]);
                if (at > starts[client] && key[at] == key[at - 1])
                {
                    scope[count - 1] = Join(scope[count - 1], row.Scope);
                    DistinctIds += doubles.Add(id ?? string.Empty) ? 1 : 0;
                }
                else
                {
                    resource[count] = (int)(key[at] >> 32);
                    principal[count] = (int)(uint)key[at] - 1;
                    scope[count] = row.Scope;
                    count++;
                    doubles.Clear();
                    doubles.Add(id ?? string.Empty);
                    DistinctIds++;
                }

                if (id is not null)
                {
                    KeepSmallest(otherIds, count - 1, id);
                }
            }
        }

        offsets[clients.Length] = count;
        var (scopes, scopeRank) = _scopes.Sorted(scope.AsSpan(0, count));
        for (var i = 0; i < count; i++)
        {
            scope[i] = scopeRank[scope[i]];
        }

        return new DelegatedPermissionGrants(
            clients, offsets, resources, principals, scopes, Cut(resource, count), Cut(principal, count), Cut(scope, count), SparseText.From(otherIds));
    }

    /// <summary>Scopes of two readings of one grant, so that the result does not depend on which came first.</summary>
    private int Join(int one, int other)
    {
        if (one == other)
        {
            return one;
        }

        var values = ScopeText.Spellings(_scopes[one]).Concat(ScopeText.Spellings(_scopes[other]))
            .Order(StringComparer.Ordinal).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal);
        return _scopes.IndexOf(Encoding.UTF8.GetBytes(string.Join(' ', values)));
    }

    private static void KeepSmallest(List<(int Row, string Text)> ids, int row, string id)
    {
        if (ids.Count == 0 || ids[^1].Row != row)
        {
            ids.Add((row, id));
        }
        else if (string.CompareOrdinal(id, ids[^1].Text) < 0)
        {
            ids[^1] = (row, id);
        }
    }

    private static int[] Cut(int[] column, int count) => column.Length == count ? column : column[..count];
}
