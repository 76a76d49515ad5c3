using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;

namespace Governance.Core.Scans;

/// <summary>What stored scans tell beside the last state.</summary>
/// <param name="LastComplete">KPI values of the last complete scan; empty when there is none.</param>
/// <param name="Nights">Scans of the last 30 days, without the one being judged.</param>
public sealed record ScanPast(ImmutableArray<KpiValue> LastComplete, ImmutableArray<ScanNight> Nights)
{
    public static readonly ScanPast None = new([], []);
}

/// <summary>Everything that follows from an inventory.</summary>
/// <param name="Apps">Every service principal that holds a consent, is AI or looks like a product it is not; sorted by id.</param>
/// <param name="NotAssessed">Questions that could not be answered, with how many subjects each concerns; sorted.</param>
public sealed record AssessmentResult(
    ImmutableArray<AssessedApp> Apps,
    ImmutableArray<Finding> Findings,
    ImmutableArray<FindingEvent> Events,
    ImmutableArray<KpiValue> Kpis,
    ImmutableArray<UnansweredRule> NotAssessed);

/// <param name="MissingFact">What was not read.</param>
/// <param name="Subjects">Apps or requests concerned.</param>
public sealed record UnansweredRule(string Rule, string MissingFact, int Subjects);

/// <summary>Judges an inventory: the same inventory, policy and past give the same result on any machine.</summary>
public static class Assessment
{
    /// <param name="policy">What holds, recorded decisions included; see <see cref="PolicyDecisions"/>.</param>
    /// <param name="previous">What the last scan left; null for the first scan of the tenant.</param>
    /// <param name="record">What people did to findings; null when nothing is recorded.</param>
    public static AssessmentResult Of(
        Inventory inventory,
        Func<ServicePrincipal, Classification> classify,
        GovernancePolicy policy,
        TenantState? previous,
        ScanPast past,
        string scanId,
        GovernanceRecord? record = null)
    {
        var asOf = inventory.ReadAt;
        var watchedSince = WatchedSince(previous, past);
        var (apps, notSeen) = AssessedApps.Of(inventory, classify, policy, previous, FindingThresholds.BuiltIn);

        var context = new JudgementContext(policy, inventory, asOf, new TenantHistory(watchedSince, notSeen));
        var judgements = FindingRules.Judge(apps, context);
        var changes = FindingDiff.Apply(
            previous?.Findings ?? [], judgements, inventory, scanId, asOf, policy.Version,
            previous?.Apps.Where(app => app.App.Principal.Orphan).Select(app => app.Id).ToImmutableHashSet(),
            new Markings(record ?? GovernanceRecord.Empty, apps.Where(app => !notSeen.Contains(app.Id))));

        var kpis = KpiCatalogue.Measure(new KpiContext(
            apps, changes.Findings, inventory, past.LastComplete, past.Nights.Add(new ScanNight(asOf, inventory.Complete)), policy, asOf, watchedSince ?? asOf));
        return new AssessmentResult(apps, changes.Findings, changes.Events, kpis, Unanswered(judgements));
    }

    /// <summary>The earliest sighting tells when the first scan was; a tenant without any app has only its scans.</summary>
    private static DateTimeOffset? WatchedSince(TenantState? previous, ScanPast past)
    {
        if (previous is null)
        {
            return null;
        }

        var sightings = previous.FirstSeen.Values.Concat(previous.Apps.Select(app => app.FirstSeen)).ToArray();
        return sightings.Length > 0
            ? sightings.Min()
            : past.Nights.Select(night => night.StartedAt).Append(previous.LastScan.StartedAt).Min();
    }

    private static ImmutableArray<UnansweredRule> Unanswered(ImmutableArray<Judgement> judgements) =>
    [
        .. judgements
            .Where(judgement => judgement.Verdict is Verdict.NotAssessed)
            .GroupBy(judgement => (judgement.Rule, ((Verdict.NotAssessed)judgement.Verdict).MissingFact))
            .Select(same => new UnansweredRule(same.Key.Rule, same.Key.MissingFact, same.Count()))
            .OrderBy(unanswered => unanswered.Rule, StringComparer.Ordinal)
            .ThenBy(unanswered => unanswered.MissingFact, StringComparer.Ordinal),
    ];
}
