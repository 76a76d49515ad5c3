namespace Governance.Simulator.Tenants;

/// <summary>An app role assignment: a role of the resource held by a service principal, a user or a group.</summary>
/// <param name="PrincipalId">The holder.</param>
/// <param name="Nonce">Tells apart the assignments of one holder.</param>
/// <param name="PrincipalType"><c>ServicePrincipal</c>, <c>User</c> or <c>Group</c>.</param>
/// <param name="PrincipalDisplayName">May be null.</param>
/// <param name="ResourceId">The service principal that declares the role.</param>
/// <param name="ResourceDisplayName">May be null.</param>
/// <param name="AppRoleId">All zeros for "default access", which is no permission.</param>
/// <param name="Created">When it was assigned.</param>
public sealed record SimulatedAssignment(
    Guid PrincipalId,
    Guid Nonce,
    string PrincipalType,
    string? PrincipalDisplayName,
    Guid ResourceId,
    string? ResourceDisplayName,
    Guid AppRoleId,
    DateTimeOffset Created)
{
    /// <summary>The id on the wire.</summary>
    public string Id => AssignmentId.Encode(Key);

    internal AssignmentKey Key => new(PrincipalId, Nonce);
}
