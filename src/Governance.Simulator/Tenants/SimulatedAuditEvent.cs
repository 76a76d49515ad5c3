namespace Governance.Simulator.Tenants;

/// <summary>One consent event of the directory audit log.</summary>
/// <param name="CorrelationId">Shared by the events of one act.</param>
/// <param name="Activity">The exact <c>activityDisplayName</c>.</param>
/// <param name="At">When.</param>
/// <param name="Client">The app that gains or loses.</param>
/// <param name="Resource">The API concerned; null for events about the app alone.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="PrincipalId">For whom; null for everyone.</param>
/// <param name="OldScope">Scopes before, null when there were none.</param>
/// <param name="NewScope">Scopes after, cumulative; null when none are left.</param>
public sealed record SimulatedAuditEvent(
    Guid CorrelationId,
    string Activity,
    DateTimeOffset At,
    SimulatedServicePrincipal Client,
    SimulatedServicePrincipal? Resource,
    SimulatedUser Actor,
    Guid? PrincipalId,
    string? OldScope,
    string? NewScope);
