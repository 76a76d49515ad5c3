using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans;

/// <summary>Judges stored inventories anew and compares the KPI values with those that were stored.</summary>
/// <remarks>
/// Where every inventory since the first scan is kept, all of them are replayed one after the other from nothing. Else the last
/// one is replayed upon the state it left, in which case no finding may change.
/// </remarks>
/// <param name="classify">Verdict on what an app is, for the inventory read.</param>
/// <param name="ledger">Where decisions are recorded; null when none can be.</param>
public sealed class RecomputeKpis(IScanStore store, Func<Inventory, Func<ServicePrincipal, Classification>> classify, IDecisionLedger? ledger = null)
{
    private const int ScansLookedAt = 1000;
    private const int NightsLookedAt = 30;

    /// <summary>Null when the last inventory is not kept, so that there is nothing to compute from.</summary>
    /// <param name="policy">Policy file that the last scan was judged by, without recorded decisions.</param>
    /// <param name="catalogueVersion">Version of what <c>classify</c> rests on.</param>
    public async Task<Recomputation?> RunAsync(TenantState state, GovernancePolicy policy, string catalogueVersion, CancellationToken cancellationToken)
    {
        var tenant = state.LastScan.TenantId;
        var scans = (await store.ScansAsync(tenant, ScansLookedAt, cancellationToken).ConfigureAwait(false)).Reverse().ToArray();
        var stored = (await store.KpisAsync(tenant, ScansLookedAt, cancellationToken).ConfigureAwait(false)).ToDictionary(values => values.ScanId, StringComparer.Ordinal);
        var whole = scans[0].Generation == 1
            && scans.All(scan => FileVersion(scan) == policy.Version && scan.CatalogueVersion == catalogueVersion)
            && await store.InventoryAsync(tenant, scans[0].Id, cancellationToken).ConfigureAwait(false) is not null;
        var entries = ledger is null ? [] : GovernanceRecord.Of(await ledger.ReadAsync(tenant, cancellationToken).ConfigureAwait(false)).Entries;
        var differences = ImmutableArray.CreateBuilder<KpiDifference>();
        var previous = whole ? null : Known(state);
        Func<IReadOnlySet<Guid>, IEnumerable<AssessedApp>> records = ids => state.Apps.Where(app => ids.Contains(app.Id));
        var from = whole ? 0 : scans.Length - 1;
        for (var at = from; at < scans.Length; at++)
        {
            var inventory = await store.InventoryAsync(tenant, scans[at].Id, cancellationToken).ConfigureAwait(false);
            if (inventory is null)
            {
                return null;
            }

            var record = Known(entries, scans[at]);
            var unread = records(Assessment.Needed(inventory, previous));
            var result = Assessment.Of(inventory, classify(inventory), policy.With(record), previous, Past(scans, stored, at), scans[at].Id, record, unread);
            differences.AddRange(Compare(scans[at].Id, stored[scans[at].Id].Values, result.Kpis));
            previous = After(scans[at], result, previous);
            records = result.Apps.Read;
        }

        return new Recomputation(
            [.. scans[from..].Select(scan => scan.Id)], whole, FileVersion(state.LastScan) == policy.Version, state.LastScan.CatalogueVersion == catalogueVersion, differences.ToImmutable())
        {
            Erased = entries.Any(entry => entry.Entry.Kind == LedgerKinds.Erased && entry.Entry.Sequence > scans[from].LedgerEntries && entry.Entry.Fact("inventories") != "0"),
        };
    }

    /// <summary>The version of the policy file alone, without the decisions that stood beside it.</summary>
    private static string FileVersion(Scan scan) => scan.PolicyVersion.Split('+')[0];

    /// <summary>What had been decided when a scan judged.</summary>
    /// <exception cref="LedgerBrokenException">The ledger has fewer entries than the scan saw.</exception>
    private static GovernanceRecord Known(ImmutableArray<VerifiedEntry> entries, Scan scan)
    {
        var count = (int)scan.LedgerEntries;
        return count == 0 ? GovernanceRecord.Empty
            : count <= entries.Length ? GovernanceRecord.Of(new LedgerHead(count, entries[count - 1].Hash), entries[..count])
            : throw new LedgerBrokenException(entries.Length + 1, $"scan {scan.Id} saw {count} entries");
    }

    /// <summary>What the scan at a place knew of those before it.</summary>
    private static ScanPast Past(Scan[] scans, Dictionary<string, ScanKpis> stored, int at)
    {
        var earlier = scans[..at];
        var begin = scans[at].StartedAt.AddDays(-NightsLookedAt);
        return new ScanPast(
            earlier.LastOrDefault(scan => scan.Status == ScanStatus.Complete) is { } complete ? stored[complete.Id].Values : [],
            [.. earlier.Reverse().Where(scan => scan.StartedAt >= begin).Select(scan => new ScanNight(scan.StartedAt, scan.Status == ScanStatus.Complete))]);
    }

    private static KnownState Known(TenantState state) => new(
        state.LastScan,
        state.Apps.ToDictionary(app => app.Id, app => KnownApp.Of(app, [])),
        state.FirstSeen,
        state.Findings);

    private static KnownState After(Scan scan, AssessmentResult result, KnownState? before)
    {
        var gone = (before?.Gone ?? ImmutableDictionary<Guid, DateTimeOffset>.Empty).ToDictionary();
        foreach (var app in before?.Apps.Values ?? [])
        {
            gone[app.Id] = app.FirstSeen;
        }

        return new KnownState(scan, result.Apps.Known.ToDictionary(app => app.Id), gone, result.Findings);
    }

    private static IEnumerable<KpiDifference> Compare(string scanId, ImmutableArray<KpiValue> stored, ImmutableArray<KpiValue> recomputed)
    {
        foreach (var id in stored.Concat(recomputed).Select(value => value.Id).Distinct(StringComparer.Ordinal))
        {
            var (was, now) = (stored.FirstOrDefault(value => value.Id == id), recomputed.FirstOrDefault(value => value.Id == id));
            var same = was is not null && now is not null && was with { Parts = default } == now with { Parts = default } && was.Parts.SequenceEqual(now.Parts);
            if (!same)
            {
                yield return new KpiDifference(scanId, id, was, now);
            }
        }
    }
}

/// <param name="Scans">Scans that were judged anew, oldest first.</param>
/// <param name="FromTheStart">True when everything was replayed from the first inventory on.</param>
/// <param name="SamePolicy">False when the last scan was judged by another policy version than was used now.</param>
/// <param name="SameCatalogue">False when the last scan was judged by another catalogue version than was used now.</param>
public sealed record Recomputation(ImmutableArray<string> Scans, bool FromTheStart, bool SamePolicy, bool SameCatalogue, ImmutableArray<KpiDifference> Differences)
{
    /// <summary>True when a person was taken out of inventories since: figures that count people then stand as aggregates only.</summary>
    public bool Erased { get; init; }
}

/// <param name="Stored">Null when the value was not stored.</param>
/// <param name="Recomputed">Null when there is no such KPI any more.</param>
public sealed record KpiDifference(string ScanId, string Kpi, KpiValue? Stored, KpiValue? Recomputed);
