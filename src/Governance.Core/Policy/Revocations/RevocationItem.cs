namespace Governance.Core.Policy.Revocations;

/// <summary>One thing that a revocation takes away, exactly as it was seen: enough to put it back.</summary>
/// <param name="Id">Graph id.</param>
/// <param name="ResourceId">Service principal of the API.</param>
public abstract record RevocationItem(string Id, Guid ResourceId)
{
    /// <summary>A delegated permission grant.</summary>
    /// <param name="ClientId">Service principal that holds it.</param>
    /// <param name="PrincipalId">The user it was given for; null for the whole tenant.</param>
    /// <param name="Scope">As received, blanks included.</param>
    public sealed record Grant(string Id, Guid ClientId, Guid ResourceId, Guid? PrincipalId, string Scope) : RevocationItem(Id, ResourceId);

    /// <summary>An app role assignment that the app holds as itself.</summary>
    /// <param name="PrincipalId">Service principal that holds it.</param>
    public sealed record Assignment(string Id, Guid PrincipalId, Guid ResourceId, Guid RoleId) : RevocationItem(Id, ResourceId);

    /// <summary>Equal but for the id, which a thing put back may not keep.</summary>
    public bool SameAs(RevocationItem other) => (this with { Id = string.Empty }) == (other with { Id = string.Empty });
}
