namespace Governance.Simulator.Tenants;

/// <summary>When an app was last signed in to.</summary>
/// <param name="AppId">The app.</param>
/// <param name="Delegated">Last sign-in on behalf of a user; null when never.</param>
/// <param name="AsApplication">Last sign-in as itself; null when never.</param>
public sealed record SimulatedSignInActivity(Guid AppId, DateTimeOffset? Delegated, DateTimeOffset? AsApplication);
