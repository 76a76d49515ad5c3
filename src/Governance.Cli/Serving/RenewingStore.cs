using System.Collections.Immutable;
using Governance.Api.Http;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Scans;

namespace Governance.Cli.Serving;

/// <summary>The store as the worker of a server uses it: a scan counts as kept once the API can answer from it, so that no reader waits for a large state.</summary>
internal sealed class RenewingStore(IScanStore store, FactsCache facts) : IScanStore
{
    public Task<ImmutableArray<Guid>> TenantsAsync(CancellationToken cancellationToken) => store.TenantsAsync(cancellationToken);

    public Task<TenantState?> StateAsync(Guid tenantId, CancellationToken cancellationToken) => store.StateAsync(tenantId, cancellationToken);

    public Task<KnownState?> KnownAsync(Guid tenantId, CancellationToken cancellationToken) => store.KnownAsync(tenantId, cancellationToken);

    public Task<bool> EachAppAsync(Guid tenantId, string scanId, Action<IEnumerable<AssessedApp>> use, CancellationToken cancellationToken) =>
        store.EachAppAsync(tenantId, scanId, use, cancellationToken);

    public Task<ImmutableArray<Scan>> ScansAsync(Guid tenantId, int limit, CancellationToken cancellationToken) => store.ScansAsync(tenantId, limit, cancellationToken);

    public Task<Inventory?> InventoryAsync(Guid tenantId, string scanId, CancellationToken cancellationToken) => store.InventoryAsync(tenantId, scanId, cancellationToken);

    public Task<ImmutableArray<FindingEvent>> HistoryAsync(Guid tenantId, string findingId, CancellationToken cancellationToken) => store.HistoryAsync(tenantId, findingId, cancellationToken);

    public Task<ImmutableArray<FindingEvent>> EventsAsync(Guid tenantId, string scanId, CancellationToken cancellationToken) => store.EventsAsync(tenantId, scanId, cancellationToken);

    public Task<ImmutableArray<ScanKpis>> KpisAsync(Guid tenantId, int limit, CancellationToken cancellationToken) => store.KpisAsync(tenantId, limit, cancellationToken);

    public Task CommitAsync(ScanCommit commit, CancellationToken cancellationToken) =>
        facts.RenewAsync(commit.Scan.TenantId, () => store.CommitAsync(commit, cancellationToken));
}
