using System.Collections.Immutable;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Scans.Records;

namespace Governance.Core.Scans;

/// <summary>What a scan found, as it was stored.</summary>
/// <param name="Notable">AI in use and look-alikes, sorted by id.</param>
/// <param name="Findings">All findings of the tenant, resolved ones included.</param>
/// <param name="Events">What this scan changed.</param>
/// <param name="NotAssessed">Questions it could not answer.</param>
public sealed record ScanReport(
    Scan Scan,
    ImmutableArray<AssessedApp> Notable,
    ImmutableArray<Finding> Findings,
    ImmutableArray<KpiValue> Kpis,
    ImmutableArray<FindingEvent> Events,
    ImmutableArray<UnansweredRule> NotAssessed)
{
    /// <summary>Every app, as it was kept; null unless <see cref="ScanRequest.KeepsRecords"/> asked for it.</summary>
    public AppRecords? Records { get; init; }

    /// <summary>Why recorded decisions were left out of the judgement; null when they were not.</summary>
    public string? DecisionsLeftOut { get; init; }

    /// <summary>What was asked for beside the parts and could not be read, with the reason.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
