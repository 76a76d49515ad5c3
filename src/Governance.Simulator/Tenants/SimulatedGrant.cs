namespace Governance.Simulator.Tenants;

/// <summary>A delegated permission grant.</summary>
/// <param name="ClientId">Object id of the service principal that may act.</param>
/// <param name="ResourceId">Object id of the service principal it may act on.</param>
/// <param name="PrincipalId">The user it may act for; null for everyone (<c>AllPrincipals</c>).</param>
/// <param name="Scope">The raw text as Graph sends it, with any odd blanks; may be null.</param>
public readonly record struct SimulatedGrant(Guid ClientId, Guid ResourceId, Guid? PrincipalId, string? Scope)
{
    /// <summary>The id on the wire.</summary>
    public string Id => GrantId.Encode(Key);

    internal GrantKey Key => new(ClientId, ResourceId, PrincipalId);
}
