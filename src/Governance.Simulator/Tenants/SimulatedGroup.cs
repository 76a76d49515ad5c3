using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>A group of users.</summary>
public sealed record SimulatedGroup(Guid Id, string DisplayName, ImmutableArray<Guid> Members);
