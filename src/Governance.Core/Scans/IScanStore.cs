using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Scans.Records;
using Governance.Core.Scans.Runs;

namespace Governance.Core.Scans;

/// <summary>Keeps scans and what they showed, one tenant apart from another.</summary>
/// <remarks>After any failure a reader sees the state before a commit or after it, never between.</remarks>
public interface IScanStore
{
    /// <summary>Tenants that have a committed scan, sorted.</summary>
    Task<ImmutableArray<Guid>> TenantsAsync(CancellationToken cancellationToken);

    /// <summary>What the last committed scan left; null when the tenant has none.</summary>
    Task<TenantState?> StateAsync(Guid tenantId, CancellationToken cancellationToken);

    /// <summary>What the next scan compares with: as <see cref="StateAsync"/>, without whole records of apps.</summary>
    Task<KnownState?> KnownAsync(Guid tenantId, CancellationToken cancellationToken);

    /// <summary>Goes through the apps of the last committed scan, which are read one after the other and sorted by service principal id.</summary>
    /// <param name="use">Gets the apps in a sequence that can be gone through once, during the call.</param>
    /// <returns>False when that scan is not the last one (any more); nothing was read then.</returns>
    Task<bool> EachAppAsync(Guid tenantId, string scanId, Action<IEnumerable<AssessedApp>> use, CancellationToken cancellationToken);

    /// <summary>Scans, newest first.</summary>
    Task<ImmutableArray<Scan>> ScansAsync(Guid tenantId, int limit, CancellationToken cancellationToken);

    /// <summary>The inventory of a scan, for a replay; null when it is not kept (any more).</summary>
    Task<Inventory?> InventoryAsync(Guid tenantId, string scanId, CancellationToken cancellationToken);

    /// <summary>Events of a finding in sequence; empty when it is unknown.</summary>
    Task<ImmutableArray<FindingEvent>> HistoryAsync(Guid tenantId, string findingId, CancellationToken cancellationToken);

    /// <summary>What happened to findings in a scan, by finding and sequence.</summary>
    Task<ImmutableArray<FindingEvent>> EventsAsync(Guid tenantId, string scanId, CancellationToken cancellationToken);

    /// <summary>KPI values by scan, newest first.</summary>
    Task<ImmutableArray<ScanKpis>> KpisAsync(Guid tenantId, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps a scan as a whole, writing only what changed.</summary>
    /// <exception cref="StaleScanException">Another scan was committed since <see cref="ScanCommit.BasedOn"/>.</exception>
    /// <exception cref="FencedOffException">The commit names a run that another delivery has.</exception>
    /// <exception cref="RunCancelledException">The commit names a run that was cancelled.</exception>
    Task CommitAsync(ScanCommit commit, CancellationToken cancellationToken);
}

/// <summary>What is known of a tenant after its last committed scan.</summary>
/// <param name="Apps">Apps of the last scan with all verdicts, sorted by service principal id.</param>
/// <param name="Findings">Every finding kept, resolved ones included, sorted by id.</param>
/// <param name="FirstSeen">When each service principal was first seen, gone ones included.</param>
public sealed record TenantState(
    Scan LastScan,
    ImmutableArray<AssessedApp> Apps,
    ImmutableArray<Finding> Findings,
    ImmutableDictionary<Guid, DateTimeOffset> FirstSeen,
    ImmutableArray<KpiValue> Kpis,
    string PolicyText);

/// <summary>KPI values of one scan.</summary>
public sealed record ScanKpis(string ScanId, DateTimeOffset StartedAt, ScanStatus Status, ImmutableArray<KpiValue> Values);

/// <summary>Everything one scan leaves, to be kept at once.</summary>
/// <param name="BasedOn">Generation the scan was compared with; 0 for the first.</param>
/// <param name="Apps">All assessed apps; the store writes those that differ.</param>
/// <param name="Findings">All findings after the scan; the store writes those that differ.</param>
/// <param name="Events">What happened to findings in this scan.</param>
/// <param name="PolicyText">Policy file as read, so that a verdict can be replayed; empty for the built-in policy.</param>
public sealed record ScanCommit(
    Scan Scan,
    int BasedOn,
    Inventory Inventory,
    AppRecords Apps,
    ImmutableArray<Finding> Findings,
    ImmutableArray<FindingEvent> Events,
    ImmutableArray<KpiValue> Kpis,
    string PolicyText)
{
    /// <summary>Run and delivery it is for; a store keeps the scan only while that delivery has the run, and names the scan in the run.</summary>
    public ScanFence? Fence { get; init; }
}

/// <summary>A scan was judged against a state that is no longer the last one.</summary>
public sealed class StaleScanException(int basedOn, int current)
    : Exception($"the scan was compared with generation {basedOn}, but generation {current} has been stored since; scan again");
