using System.Collections.Immutable;
using Governance.Core.Scans;

namespace Governance.Cli.Serving;

/// <summary>The tenants of a server, each with settings of its own.</summary>
internal sealed class ServedTenants(IEnumerable<ServedTenant> tenants) : ITenantSources
{
    private readonly ImmutableSortedDictionary<Guid, ServedTenant> _tenants = tenants.ToImmutableSortedDictionary(tenant => tenant.Id, tenant => tenant);

    public ImmutableArray<Guid> Tenants => [.. _tenants.Keys];

    public Task<OpenedTenant> OpenAsync(Guid tenantId, ScanMode mode, CancellationToken cancellationToken) =>
        _tenants.TryGetValue(tenantId, out var tenant) ? tenant.OpenAsync(mode, cancellationToken) : throw new KeyNotFoundException($"tenant {tenantId} is not set up");
}
