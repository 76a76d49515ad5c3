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
    public sealed record Assignment(string Id, Guid PrincipalId, Guid ResourceId, Guid RoleId) : RevocationItem(Id, ResourceId)
    {
        /// <summary>What the resource calls the role, such as <c>Mail.Read</c>, when the plan was made; null where that was not known.</summary>
        /// <remarks>For people who read the plan. No part of what is compared: Graph does not tell it with an assignment.</remarks>
        public string? RoleName { get; init; }

        public bool Equals(Assignment? other) =>
            other is not null && (Id, PrincipalId, ResourceId, RoleId) == (other.Id, other.PrincipalId, other.ResourceId, other.RoleId);

        public override int GetHashCode() => HashCode.Combine(Id, PrincipalId, ResourceId, RoleId);
    }

    /// <summary>Equal but for the id, which a thing put back may not keep.</summary>
    public bool SameAs(RevocationItem other) => (this with { Id = string.Empty }) == (other with { Id = string.Empty });
}
