namespace Governance.Core.Consents;

/// <summary>What kind of principal holds an app role assignment.</summary>
public enum AssigneeKind : byte
{
    Unknown,
    User,
    Group,
    ServicePrincipal,
}

/// <summary>A role that a principal holds on a resource; for a service principal it is an application permission.</summary>
/// <param name="Id">Graph id of the assignment.</param>
/// <param name="ResourceId">Service principal that offers the role.</param>
/// <param name="PrincipalId">User, group or service principal that holds it.</param>
/// <param name="RoleId">Id of the app role; all zero for the default access that consent leaves behind, which opens no API.</param>
/// <param name="CreatedAt">Null when the source did not say.</param>
public sealed record AppRoleAssignment(
    string Id, Guid ResourceId, Guid PrincipalId, AssigneeKind Assignee, Guid RoleId, DateTimeOffset? CreatedAt);
