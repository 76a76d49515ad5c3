using System.Collections.Immutable;

namespace Governance.Core.Scans.Runs;

/// <summary>Keeps the scans that were asked for, one tenant apart from another.</summary>
public interface IScanRuns
{
    /// <summary>Stores a new run, or gives the tenant's live one: however many ask at once, one is stored.</summary>
    /// <returns>The run of that id if it was stored before, ended or not; else the live run, which is the one given when it was stored.</returns>
    Task<ScanRun> StartOrJoinAsync(ScanRun run, CancellationToken cancellationToken);

    /// <returns>Null when the tenant has no such run.</returns>
    Task<ScanRun?> FindAsync(Guid tenantId, string runId, CancellationToken cancellationToken);

    /// <summary>Runs of a tenant, newest first.</summary>
    Task<ImmutableArray<ScanRun>> RecentAsync(Guid tenantId, int limit, CancellationToken cancellationToken);

    /// <summary>Live runs of all tenants. A record that cannot be read hides no run of another tenant.</summary>
    Task<LiveRuns> LiveAsync(CancellationToken cancellationToken);

    /// <summary>Reads, changes and writes a run; no change made meanwhile is lost. A change that gives the same object writes nothing.</summary>
    /// <param name="change">May be called several times; what it throws goes through and nothing is written.</param>
    /// <returns>The run as it is now; null when the tenant has no such run.</returns>
    /// <exception cref="AnotherRunLiveException">The change would make a second run of the tenant live.</exception>
    Task<ScanRun?> ChangeAsync(Guid tenantId, string runId, Func<ScanRun, ScanRun> change, CancellationToken cancellationToken);
}

/// <summary>A tenant has one live run at most.</summary>
public sealed class AnotherRunLiveException(Guid tenantId) : Exception($"another scan of tenant {tenantId} is queued or running");

/// <param name="Runs">Oldest first.</param>
/// <param name="Unreadable">Tenants whose record of a live run is damaged.</param>
public sealed record LiveRuns(ImmutableArray<ScanRun> Runs, ImmutableArray<TenantFailure> Unreadable);
