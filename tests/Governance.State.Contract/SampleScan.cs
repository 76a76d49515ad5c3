using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;
using Governance.Core.Scans.Runs;

namespace Governance.State.Contract;

/// <summary>A commit whose apps can be looked at and changed.</summary>
public sealed record SampleScan(
    Scan Scan,
    int BasedOn,
    Inventory Inventory,
    ImmutableArray<AssessedApp> Apps,
    ImmutableArray<Finding> Findings,
    ImmutableArray<FindingEvent> Events,
    ImmutableArray<KpiValue> Kpis,
    string PolicyText)
{
    public ScanFence? Fence { get; init; }

    public ScanCommit Commit => new(Scan, BasedOn, Inventory, AppRecords.Of(Apps, Scan.StartedAt), Findings, Events, Kpis, PolicyText) { Fence = Fence };

    public static implicit operator ScanCommit(SampleScan sample) => sample.Commit;
}
