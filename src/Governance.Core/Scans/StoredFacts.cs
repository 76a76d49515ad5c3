using System.Collections.Immutable;
using Governance.Core.Digest;
using Governance.Core.Policy;

namespace Governance.Core.Scans;

/// <summary>What digests and reports are made of: the state after the last scan, and how the figures got there.</summary>
/// <param name="History">KPI values by scan, oldest first, the last scan included.</param>
public sealed record StoredFacts(TenantState State, DigestInput Digest, ImmutableArray<ScanKpis> History, GovernancePolicy Policy)
{
    /// <summary>Scans whose figures are shown as history.</summary>
    private const int Scans = 90;

    public static async Task<StoredFacts> ReadAsync(TenantState state, GovernancePolicy policy, IScanStore store, CancellationToken cancellationToken)
    {
        var scan = state.LastScan;
        var history = await store.KpisAsync(scan.TenantId, Scans, cancellationToken).ConfigureAwait(false);
        var events = await store.EventsAsync(scan.TenantId, scan.Id, cancellationToken).ConfigureAwait(false);
        var digest = new DigestInput(
            scan.TenantName, scan.StartedAt, scan.Generation == 1, scan.Parts, state.Apps, state.Findings, events, state.Kpis, policy);
        return new StoredFacts(state, digest, [.. history.Reverse()], policy);
    }
}
