using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>Everything a tenant holds at one moment. Immutable: an answer is made from one state, whatever changes meanwhile.</summary>
internal sealed record TenantState
{
    public required ulong Seed { get; init; }

    public required Guid TenantId { get; init; }

    public required string DisplayName { get; init; }

    public required string Domain { get; init; }

    /// <summary>The moment the tenant is in; its audit log ends here.</summary>
    public required DateTimeOffset AsOf { get; init; }

    public required Table<Guid, SimulatedServicePrincipal> ServicePrincipals { get; init; }

    public required Table<GrantKey, SimulatedGrant> Grants { get; init; }

    public required Table<AssignmentKey, SimulatedAssignment> Assignments { get; init; }

    public required Table<Guid, SimulatedUser> Users { get; init; }

    public IReadOnlyList<SimulatedGroup> Groups { get; init; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<SimulatedAuditEvent> AuditEvents { get; init; } = [];

    public IReadOnlyList<SimulatedConsentRequest> ConsentRequests { get; init; } = [];

    public IReadOnlyList<SimulatedSignInActivity> SignInActivities { get; init; } = [];

    /// <summary>What users may consent to by themselves.</summary>
    public ImmutableArray<string> PermissionGrantPolicies { get; init; } = ["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"];

    public static Table<Guid, SimulatedServicePrincipal> TableOf(IRowSource<Guid, SimulatedServicePrincipal> source) =>
        new(source, row => row.Id, row => row.Id);

    public static Table<GrantKey, SimulatedGrant> TableOf(IRowSource<GrantKey, SimulatedGrant> source) =>
        new(source, row => row.Key, row => row.ClientId);

    public static Table<AssignmentKey, SimulatedAssignment> TableOf(IRowSource<AssignmentKey, SimulatedAssignment> source) =>
        new(source, row => row.Key, row => row.ResourceId);

    public static Table<Guid, SimulatedUser> TableOf(IRowSource<Guid, SimulatedUser> source) =>
        new(source, row => row.Id, row => row.Id);
}
