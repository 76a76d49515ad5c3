namespace Governance.Core.Consents;

/// <summary>All delegated permission grants of a tenant in packed columns: 12 bytes a grant beside the shared tables.</summary>
/// <remarks>
/// Rows are sorted by client, resource and principal, a tenant-wide grant first, so that the order in which pages came does
/// not show. Built by <see cref="DelegatedPermissionGrantsBuilder"/>.
/// </remarks>
public sealed class DelegatedPermissionGrants
{
    /// <summary>Stands in the principal column for a tenant-wide grant.</summary>
    public const int TenantWide = -1;

    public static readonly DelegatedPermissionGrants Empty = new([], [0], [], [], [], [], [], [], SparseText.None);

    private readonly Guid[] _clients;
    private readonly int[] _offsets;
    private readonly Guid[] _resources;
    private readonly Guid[] _principals;
    private readonly string[] _scopes;
    private readonly int[] _resource;
    private readonly int[] _principal;
    private readonly int[] _scope;
    private readonly SparseText _otherIds;

    internal DelegatedPermissionGrants(
        Guid[] clients, int[] offsets, Guid[] resources, Guid[] principals, string[] scopes, int[] resource, int[] principal, int[] scope, SparseText otherIds)
    {
        _clients = clients;
        _offsets = offsets;
        _resources = resources;
        _principals = principals;
        _scopes = scopes;
        _resource = resource;
        _principal = principal;
        _scope = scope;
        _otherIds = otherIds;
    }

    public int Count => _resource.Length;

    /// <summary>Service principals that hold a grant, sorted.</summary>
    public ReadOnlySpan<Guid> Clients => _clients;

    /// <summary>Service principals that grants open, sorted; the resource column indexes it.</summary>
    public ReadOnlySpan<Guid> Resources => _resources;

    /// <summary>Users that grants were given for, sorted; the principal column indexes it.</summary>
    public ReadOnlySpan<Guid> Principals => _principals;

    /// <summary>Distinct scope texts as received, sorted ordinally; the scope column indexes it.</summary>
    public ReadOnlySpan<string> Scopes => _scopes;

    public ReadOnlySpan<int> ResourceColumn => _resource;

    public ReadOnlySpan<int> PrincipalColumn => _principal;

    public ReadOnlySpan<int> ScopeColumn => _scope;

    /// <summary>Rows of the client at <paramref name="client"/> in <see cref="Clients"/>.</summary>
    public Range RowsOf(int client) => _offsets[client].._offsets[client + 1];

    /// <summary>Rows of a client; empty when it holds none.</summary>
    public Range RowsOf(Guid client)
    {
        var at = Array.BinarySearch(_clients, client);
        return at < 0 ? 0..0 : RowsOf(at);
    }

    /// <returns>A negative number when there is no such grant.</returns>
    /// <param name="principal">Null for a consent for everyone.</param>
    public int RowOf(Guid client, Guid resource, Guid? principal)
    {
        var atResource = Array.BinarySearch(_resources, resource);
        var atPrincipal = principal is { } user ? Array.BinarySearch(_principals, user) : TenantWide;
        if (atResource < 0 || (principal is not null && atPrincipal < 0))
        {
            return -1;
        }

        var (low, length) = RowsOf(client).GetOffsetAndLength(Count);
        for (var high = low + length - 1; low <= high;)
        {
            var middle = low + ((high - low) / 2);
            var order = (_resource[middle], _principal[middle]).CompareTo((atResource, atPrincipal));
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>The grant of an id that is not the derivable one; null when there is none.</summary>
    internal DelegatedPermissionGrant? WithOtherId(string id) => _otherIds.RowOf(id) is { } row ? this[row] : null;

    /// <summary>The grant at a row.</summary>
    public DelegatedPermissionGrant this[int row] => At(row, ClientOf(row));

    /// <summary>Service principal that holds the grant at a row.</summary>
    internal Guid ClientOf(int row)
    {
        var client = Array.BinarySearch(_offsets, 0, _clients.Length, row);
        return _clients[client < 0 ? ~client - 1 : client];
    }

    /// <summary>Graph id of the grant at a row where it is not the derivable one; else null.</summary>
    internal string? OtherIdOf(int row) => _otherIds.At(row);

    /// <summary>Every grant in order.</summary>
    public IEnumerable<DelegatedPermissionGrant> All()
    {
        for (var client = 0; client < _clients.Length; client++)
        {
            for (var row = _offsets[client]; row < _offsets[client + 1]; row++)
            {
                yield return At(row, _clients[client]);
            }
        }
    }

    private DelegatedPermissionGrant At(int row, Guid client)
    {
        var resource = _resources[_resource[row]];
        Guid? principal = _principal[row] == TenantWide ? null : _principals[_principal[row]];
        var id = _otherIds.At(row) ?? GrantId.Of(client, resource, principal);
        return new DelegatedPermissionGrant(id, client, resource, principal, _scopes[_scope[row]]);
    }
}
