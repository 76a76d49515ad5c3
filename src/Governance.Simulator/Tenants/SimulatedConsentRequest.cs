using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>Users asked the administrators to allow an app.</summary>
public sealed record SimulatedConsentRequest(
    Guid Id, Guid AppId, string AppDisplayName, ImmutableArray<string> PendingScopes, ImmutableArray<SimulatedUserRequest> Requests);

/// <summary>One user's request; its status is <c>InProgress</c> or <c>Completed</c>.</summary>
public sealed record SimulatedUserRequest(Guid Id, SimulatedUser User, string Reason, string Status, DateTimeOffset Created);
