using System.Collections.Concurrent;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;

namespace Governance.Api.Http;

/// <summary>Holds what was derived since the last scan of each tenant until someone acts, a day passes, or the next scan is kept.</summary>
public sealed class SinceScans(DecisionStores? decisions, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, Held> _held = new();

    /// <summary>Costs one look at the head of the ledger while nothing has changed.</summary>
    public async Task<SinceScan> ReadAsync(StoredFacts facts, CancellationToken cancellationToken)
    {
        var scan = facts.State.LastScan;
        if (decisions is null)
        {
            return SinceScan.Nothing(facts.State);
        }

        var head = await decisions.Ledger.HeadAsync(scan.TenantId, cancellationToken).ConfigureAwait(false);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (_held.TryGetValue(scan.TenantId, out var held) && held.ScanId == scan.Id && held.Head == head && held.Today == today)
        {
            return held.Since;
        }

        var since = await SinceScan.ReadAsync(facts.State, decisions.Ledger, facts.Policy, time, cancellationToken).ConfigureAwait(false);
        _held[scan.TenantId] = new Held(scan.Id, head, today, since);
        return since;
    }

    private sealed record Held(string ScanId, LedgerHead Head, DateOnly Today, SinceScan Since);
}
