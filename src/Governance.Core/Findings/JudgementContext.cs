using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Policy;

namespace Governance.Core.Findings;

/// <summary>What a rule may look at beside its subject.</summary>
/// <param name="AsOf">The moment judged for: when reading began. UTC.</param>
public sealed record JudgementContext(GovernancePolicy Policy, Inventory Inventory, DateTimeOffset AsOf, TenantHistory History)
{
    public FindingThresholds Thresholds { get; init; } = FindingThresholds.BuiltIn;

    public DateOnly Today => DateOnly.FromDateTime(AsOf.UtcDateTime);

    /// <summary>Members of the training group; null when they are not known.</summary>
    public ImmutableHashSet<Guid>? TrainedUsers => Inventory.TrainedUsers;

    public bool Read(InventoryPart part) => Inventory.Part(part).Complete;
}

/// <summary>What earlier scans left that rules compare with.</summary>
/// <param name="WatchedSince">First scan of the tenant; null when this is the first.</param>
/// <param name="NotSeen">Service principals kept from before because this scan could not show that they are gone.</param>
public sealed record TenantHistory(DateTimeOffset? WatchedSince, ImmutableHashSet<Guid> NotSeen)
{
    public static readonly TenantHistory None = new(null, []);
}
