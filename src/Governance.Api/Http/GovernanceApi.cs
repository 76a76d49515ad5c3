using System.Collections.Immutable;
using Governance.Api.Access;
using Governance.Api.Resources;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Revocations;
using Governance.Core.Scans.Runs;
using Microsoft.Extensions.Logging;

namespace Governance.Api.Http;

/// <summary>The API with everything it works on: what both heads host.</summary>
/// <param name="policyOf">The policy that a kept state was judged by.</param>
/// <param name="proofs">Ways to prove who calls; without any, only what everybody may call is answered.</param>
/// <param name="probes">What the health of this head depends on, beside the store and the queue.</param>
/// <param name="decisions">Where decisions are kept; null for a head that keeps none.</param>
/// <param name="writers">What may change consents; null where writing is off.</param>
/// <param name="browsers">Ways to prove who opens a page in a browser; null for none.</param>
public sealed class GovernanceApi(
    IScanStore store,
    IScanRuns runs,
    IScanQueue queue,
    IIdempotencyKeys keys,
    ITenantSources sources,
    RequestScan requests,
    Func<TenantState, GovernancePolicy> policyOf,
    IEnumerable<ICallerProof> proofs,
    IEnumerable<HealthProbe> probes,
    ApiOptions options,
    TimeProvider time,
    ILogger<GovernanceApi> logger,
    DecisionStores? decisions = null,
    IConsentWriters? writers = null,
    IEnumerable<IBrowserProof>? browsers = null) : IDisposable
{
    /// <summary>Every operation; the contract in <c>openapi.json</c> names the same ones.</summary>
    public static ImmutableArray<ApiEndpoint> Endpoints { get; } =
        [.. Scans.Endpoints, .. Apps.Endpoints, .. Findings.Endpoints, .. Resources.Decisions.Endpoints, .. Audit.Endpoints, .. Revocations.Endpoints, .. Kpis.Endpoints, .. Digests.Endpoints, .. Reports.Endpoints, .. Exported.Endpoints, .. Messages.Endpoints, .. Health.Endpoints, .. Contract.Endpoints];

    public IScanStore Store { get; } = store;

    public IScanRuns Runs { get; } = runs;

    public IScanQueue Queue { get; } = queue;

    public IIdempotencyKeys Keys { get; } = keys;

    public ITenantSources Sources { get; } = sources;

    public RequestScan Requests { get; } = requests;

    public FactsCache Facts { get; } = new(store, policyOf);

    public SinceScans Since { get; } = new(decisions, time);

    public ImmutableArray<ICallerProof> Proofs { get; } = [.. proofs];

    public ImmutableArray<IBrowserProof> Browsers { get; } = [.. browsers ?? []];

    public ImmutableArray<HealthProbe> Probes { get; } = [.. probes];

    public DecisionStores? Decisions { get; } = decisions;

    /// <summary>Null where writing is off.</summary>
    public IConsentWriters? Writers { get; } = writers;

    public ApiOptions Options { get; } = options.Problems() is { Count: > 0 } problems ? throw new ArgumentException(string.Join("; ", problems), nameof(options)) : options;

    public TimeProvider Time { get; } = time;

    internal ILogger Logger { get; } = logger;

    internal LedgerWatch Ledgers { get; } = new(decisions?.Ledger, time);

    internal RateLimits Limits { get; } = new(options);

    /// <summary>Tenants that are set up or have a scan, sorted.</summary>
    public async Task<ImmutableArray<Guid>> TenantsAsync(CancellationToken cancellationToken) =>
        [.. Sources.Tenants.Union(await Store.TenantsAsync(cancellationToken).ConfigureAwait(false)).Order()];

    public void Dispose() => Limits.Dispose();
}
