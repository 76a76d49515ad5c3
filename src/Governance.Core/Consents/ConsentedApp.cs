using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>An app with everything it holds in the tenant.</summary>
/// <param name="Permissions">Each distinct resource, value and kind once, sorted by kind, resource and value.</param>
/// <param name="Grants">Delegated permission grants held.</param>
/// <param name="AppRoles">App role assignments held as itself, default access left out.</param>
/// <param name="LastSignIn">Null when unknown; see <see cref="SignInsKnown"/>.</param>
/// <param name="SignInsKnown">False when sign-in activity could not be read: a missing date then says nothing.</param>
public sealed record ConsentedApp(
    ServicePrincipal Principal,
    bool FirstParty,
    ImmutableArray<HeldPermission> Permissions,
    Reach Reach,
    int Grants,
    int AppRoles,
    DateTimeOffset? LastSignIn,
    bool SignInsKnown)
{
    /// <summary>True when the app holds any consent: a delegated grant or an application permission.</summary>
    public bool HoldsConsent => Grants > 0 || AppRoles > 0;

    public bool HoldsApplicationPermission => AppRoles > 0;

    public IEnumerable<HeldPermission> Delegated => Permissions.Where(held => held.Kind == PermissionKind.Delegated);

    public IEnumerable<HeldPermission> Application => Permissions.Where(held => held.Kind == PermissionKind.Application);
}
