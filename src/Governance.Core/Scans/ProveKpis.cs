using System.Collections.Immutable;
using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans;

/// <summary>The workflow of proving a scan's figures: they are computed anew from the stored facts and compared. It only reads, so it may be repeated at will.</summary>
/// <param name="policyOf">The policy that a kept state was judged by, without recorded decisions.</param>
/// <param name="ledger">Where decisions are recorded; null when none can be.</param>
public sealed class ProveKpis(IScanStore store, ITenantSources tenants, Func<TenantState, GovernancePolicy> policyOf, IDecisionLedger? ledger = null)
{
    /// <exception cref="KeyNotFoundException">The tenant is not set up.</exception>
    /// <exception cref="SettingsException">Policy or catalogue cannot be read.</exception>
    public async Task<KpiProof> RunAsync(Guid tenantId, string scanId, CancellationToken cancellationToken)
    {
        // Asked first: a tenant that is set up no longer is not to be judged.
        using var opened = await tenants.OpenAsync(tenantId, ScanMode.Full, cancellationToken).ConfigureAwait(false);
        if (await store.StateAsync(tenantId, cancellationToken).ConfigureAwait(false) is not { } state || state.LastScan.Id != scanId)
        {
            return new KpiProof.Superseded();
        }

        var recompute = new RecomputeKpis(store, opened.Request.Classify, ledger);
        return await recompute.RunAsync(state, policyOf(state), opened.Request.CatalogueVersion, cancellationToken).ConfigureAwait(false) is { } result
            ? KpiProof.Of(result)
            : new KpiProof.NotKept();
    }
}

/// <summary>What became of proving a scan's figures.</summary>
public abstract record KpiProof
{
    private const string Index = "governance-index";

    private KpiProof()
    {
    }

    /// <summary>Another scan has been kept since, or this one never was; it is not the one to prove.</summary>
    public sealed record Superseded : KpiProof;

    /// <summary>The inventory is not kept (any more), so there is nothing to compute from.</summary>
    public sealed record NotKept : KpiProof;

    /// <summary>Every figure follows from the stored facts.</summary>
    /// <param name="Scans">Scans whose figures were computed anew.</param>
    public sealed record Same(int Scans) : KpiProof;

    /// <summary>Figures differ because this program judges otherwise than the one that stored them: another policy, catalogue or definition.</summary>
    public sealed record JudgedOtherwise(ImmutableArray<KpiDifference> Differences) : KpiProof;

    /// <summary>Figures differ although nothing they rest on did.</summary>
    public sealed record Wrong(ImmutableArray<KpiDifference> Differences) : KpiProof;

    internal static KpiProof Of(Recomputation result)
    {
        if (result.Differences.IsEmpty)
        {
            return new Same(result.Scans.Length);
        }

        // The index changes with the parts it is made of.
        var redefined = result.Differences.Any(Redefined);
        var unexplained = result.Differences.Where(difference => !Redefined(difference) && !(redefined && difference.Kpi == Index)).ToImmutableArray();
        return unexplained.IsEmpty || !result.SamePolicy || !result.SameCatalogue ? new JudgedOtherwise(result.Differences) : new Wrong(unexplained);
    }

    /// <summary>The KPI came, went or changed its meaning.</summary>
    private static bool Redefined(KpiDifference difference) =>
        difference.Stored is not { } stored || difference.Recomputed is not { } now || stored.DefinitionVersion != now.DefinitionVersion;
}
