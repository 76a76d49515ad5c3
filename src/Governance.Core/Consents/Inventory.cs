using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>What one scan read of a tenant, and how much of it: the only thing later steps look at.</summary>
public sealed record Inventory
{
    public required Organization Organization { get; init; }

    /// <summary>When reading began; UTC. Verdicts that depend on time use it, so that a replay gives the same.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Sorted by id, each id once.</summary>
    public ImmutableArray<ServicePrincipal> ServicePrincipals { get; init; } = [];

    public DelegatedPermissionGrants Grants { get; init; } = DelegatedPermissionGrants.Empty;

    public AppRoleAssignments Assignments { get; init; } = AppRoleAssignments.Empty;

    public Users Users { get; init; } = Users.Empty;

    /// <summary>Sorted by time and id.</summary>
    public ImmutableArray<ConsentEvent> ConsentEvents { get; init; } = [];

    /// <summary>Sorted by id.</summary>
    public ImmutableArray<ConsentRequest> ConsentRequests { get; init; } = [];

    /// <summary>Sorted by app id.</summary>
    public ImmutableArray<SignInActivity> SignIns { get; init; } = [];

    /// <summary>Sorted by id, each id once. The service principals hold their names and state.</summary>
    public ImmutableArray<AgentIdentity> AgentIdentities { get; init; } = [];

    /// <summary>Members of the training group that the policy names; null when they were not read.</summary>
    public ImmutableHashSet<Guid>? TrainedUsers { get; init; }

    /// <summary>What users may consent to by themselves today; null when it was not read.</summary>
    public UserConsentPolicy? UserConsent { get; init; }

    /// <summary>Where the changes after this reading begin; null when no one asked for that.</summary>
    public DeltaCursors? Cursors { get; init; }

    /// <summary>One reading for each <see cref="InventoryPart"/>, in the order of the enum; parts that are newer than the inventory are missing.</summary>
    public required ImmutableArray<PartReading> Parts { get; init; }

    public PartReading Part(InventoryPart part) => Parts.FirstOrDefault(reading => reading.Part == part) ?? PartReading.Skipped(part, "not known when this was read");

    /// <summary>Parts that no later step can do without.</summary>
    public static readonly ImmutableArray<InventoryPart> Needed =
    [
        InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments, InventoryPart.Users,
    ];

    /// <summary>True when every needed part was read whole and no other part broke off in the middle.</summary>
    public bool Complete => Parts.All(reading => reading.Complete || (!Needed.Contains(reading.Part) && reading.Status != PartStatus.Partial));
}
