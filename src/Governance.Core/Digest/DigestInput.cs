using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;

namespace Governance.Core.Digest;

/// <summary>The stored facts that a digest is made of.</summary>
/// <param name="AsOf">Start of the scan.</param>
/// <param name="First">True when no scan came before: then nothing counts as a change.</param>
/// <param name="Events">What happened to findings in the period.</param>
public sealed record DigestInput(
    string TenantName,
    DateTimeOffset AsOf,
    bool First,
    ImmutableArray<PartReading> Parts,
    ImmutableArray<AssessedApp> Apps,
    ImmutableArray<Finding> Findings,
    ImmutableArray<FindingEvent> Events,
    ImmutableArray<KpiValue> Kpis,
    GovernancePolicy Policy)
{
    /// <summary>Key of the period that changes and trends are told for; null for the last scan alone.</summary>
    public string? Period { get; init; }

    /// <summary>Since when changes and trends are told; null for the last scan alone.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What people decided; null when their ledger does not hold, so that nothing in it counts.</summary>
    public GovernanceRecord? Record { get; init; } = GovernanceRecord.Empty;

    public GovernanceAgenda Agenda => GovernanceAgenda.Of(Policy, Record, Apps, DateOnly.FromDateTime(AsOf.UtcDateTime));

    public KpiValue? Kpi(string id) => Kpis.FirstOrDefault(kpi => kpi.Id == id);

    /// <summary>Findings that call for attention: open or acknowledged.</summary>
    public IEnumerable<Finding> Live => Findings.Where(finding => finding.State is FindingState.Open or FindingState.Acknowledged);
}
