namespace Governance.Core.Consents;

/// <summary>How a permission is held.</summary>
public enum PermissionKind
{
    /// <summary>On behalf of users: a scope of a delegated permission grant.</summary>
    Delegated,

    /// <summary>As the app itself: an app role assignment.</summary>
    Application,
}

/// <summary>One distinct permission that an app holds.</summary>
/// <param name="ResourceId">Service principal of the API.</param>
/// <param name="ResourceAppId">Application id of the API; null when its service principal is gone.</param>
/// <param name="Resource">Name of the API; its object id when its service principal is gone.</param>
/// <param name="Value">Scope or app role value; the role's id when the resource publishes no value for it.</param>
/// <param name="TenantWide">True for an application permission and for a scope consented for every user.</param>
public sealed record HeldPermission(
    PermissionKind Kind, Guid ResourceId, Guid? ResourceAppId, string Resource, string Value, bool TenantWide);
