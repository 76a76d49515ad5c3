namespace Governance.Core.Consents;

/// <summary>When an app was last used as a client.</summary>
/// <param name="DelegatedAt">Last sign-in on behalf of a user; null when none is known.</param>
/// <param name="ApplicationAt">Last sign-in as itself; null when none is known.</param>
/// <remarks>Source: beta <c>servicePrincipalSignInActivities</c>, keyed by app id; the two client activities only.</remarks>
public sealed record SignInActivity(Guid AppId, DateTimeOffset? DelegatedAt, DateTimeOffset? ApplicationAt)
{
    /// <summary>The later of the two; null when neither is known.</summary>
    public DateTimeOffset? LastAt => DelegatedAt is { } one && ApplicationAt is { } other ? (one > other ? one : other) : DelegatedAt ?? ApplicationAt;
}
