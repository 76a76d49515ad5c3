namespace Governance.Core.Consents;

/// <summary>What users of the tenant may consent to without an administrator.</summary>
/// <remarks>Source: Graph <c>authorizationPolicy.defaultUserRolePermissions.permissionGrantPoliciesAssigned</c>.</remarks>
public enum UserConsentPolicy
{
    /// <summary>A policy whose content is not known: a custom one, or the one Microsoft manages and changes.</summary>
    Other,

    /// <summary>Nothing: no policy for consent on one's own behalf is assigned.</summary>
    Nothing,

    /// <summary><c>microsoft-user-default-low</c>: apps of verified publishers or of the tenant itself, permissions classified as low.</summary>
    VerifiedAndLow,

    /// <summary><c>microsoft-user-default-legacy</c>: any app, any permission that needs no administrator.</summary>
    AnyApp,
}
