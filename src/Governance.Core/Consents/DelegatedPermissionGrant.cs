namespace Governance.Core.Consents;

/// <summary>Lets an app act on behalf of users; one row of <see cref="DelegatedPermissionGrants"/>, made when asked for.</summary>
/// <param name="Id">Graph id of the grant.</param>
/// <param name="ClientId">Service principal that holds the grant.</param>
/// <param name="ResourceId">Service principal of the API it opens.</param>
/// <param name="PrincipalId">The user it was given for; null for the whole tenant (<c>AllPrincipals</c>).</param>
/// <param name="Scope">Scope text as received: may be empty, lead with a blank, or repeat values.</param>
public readonly record struct DelegatedPermissionGrant(string Id, Guid ClientId, Guid ResourceId, Guid? PrincipalId, string Scope)
{
    /// <summary>True when the consent covers every user.</summary>
    public bool TenantWide => PrincipalId is null;
}
