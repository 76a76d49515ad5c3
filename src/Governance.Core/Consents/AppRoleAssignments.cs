namespace Governance.Core.Consents;

/// <summary>All app role assignments read from the resource side, sorted by resource, principal, role and id.</summary>
public sealed class AppRoleAssignments
{
    public static readonly AppRoleAssignments Empty = new([]);

    private readonly AppRoleAssignment[] _rows;
    private readonly Dictionary<Guid, (int Start, int Count)> _byResource;
    private readonly ILookup<Guid, AppRoleAssignment> _heldByApps;

    /// <summary>Sorts the rows and merges those with one id.</summary>
    public AppRoleAssignments(IEnumerable<AppRoleAssignment> rows)
    {
        _rows = [.. rows
            .GroupBy(row => row.Id, StringComparer.Ordinal)
            .Select(same => same.OrderBy(row => row.RoleId).ThenBy(row => row.CreatedAt).First())
            .OrderBy(row => row.ResourceId).ThenBy(row => row.PrincipalId).ThenBy(row => row.RoleId).ThenBy(row => row.Id, StringComparer.Ordinal)];
        _byResource = [];
        for (var i = 0; i < _rows.Length; i++)
        {
            var start = _byResource.TryGetValue(_rows[i].ResourceId, out var span) ? span.Start : i;
            _byResource[_rows[i].ResourceId] = (start, i - start + 1);
        }

        _heldByApps = _rows.Where(row => row.Assignee == AssigneeKind.ServicePrincipal && !row.DefaultAccess).ToLookup(row => row.PrincipalId);
    }

    public int Count => _rows.Length;

    public ReadOnlySpan<AppRoleAssignment> All => _rows;

    /// <summary>Who was assigned to a resource.</summary>
    public ReadOnlySpan<AppRoleAssignment> On(Guid resource) =>
        _byResource.TryGetValue(resource, out var span) ? _rows.AsSpan(span.Start, span.Count) : [];

    /// <summary>Application permissions that a service principal holds.</summary>
    public IEnumerable<AppRoleAssignment> HeldBy(Guid servicePrincipal) => _heldByApps[servicePrincipal];

    /// <summary>Service principals that hold an application permission.</summary>
    public IEnumerable<Guid> Holders => _heldByApps.Select(held => held.Key);
}
