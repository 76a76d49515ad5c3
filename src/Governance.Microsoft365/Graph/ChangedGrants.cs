using System.Text;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Delegated permission grants with a round of changes applied.</summary>
/// <remarks>Client, resource and principal make up a grant's id and never change; what changes is the scope.</remarks>
internal sealed class ChangedGrants(DelegatedPermissionGrants before) : ChangedRows<DelegatedPermissionGrants, DelegatedPermissionGrant>
{
    private readonly GrantChanges _changes = new(before);

    public override InventoryPart Part => InventoryPart.Oauth2PermissionGrants;

    /// <summary>Users that changed grants are for.</summary>
    public IEnumerable<Guid> Principals => _changes.Principals;

    public override PageRows Reader(Action<DelegatedPermissionGrant> taken, bool changes) => new GrantRows(
        (client, resource, principal, scope, id) =>
            taken(new DelegatedPermissionGrant(Encoding.UTF8.GetString(id), client, resource, principal, Encoding.UTF8.GetString(scope))),
        changes);

    public override string IdOf(DelegatedPermissionGrant row) =>
        row.Id.Length > 0 ? row.Id : GrantId.Of(row.ClientId, row.ResourceId, row.PrincipalId);

    public override DelegatedPermissionGrants Applied() => _changes.Applied();

    public override long Count(DelegatedPermissionGrants collection) => collection.Count;

    protected override string IdOf(string received) => received;

    protected override bool TryMerge(string id, DelegatedPermissionGrant row, IReadOnlySet<string> named)
    {
        if (_changes.Find(id) is not { } known)
        {
            return false;
        }

        _changes.Put(named.Contains("scope") ? known with { Scope = row.Scope } : known);
        return true;
    }

    /// <remarks>A consent for everyone may leave out the principal that it never had.</remarks>
    protected override bool Whole(IReadOnlySet<string> named) =>
        named.Contains("clientId") && named.Contains("resourceId") && named.Contains("consentType") && named.Contains("scope");

    protected override void Put(DelegatedPermissionGrant row) => _changes.Put(row);

    protected override void Remove(string id) => _changes.Remove(id);
}
