using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Scans.Records;

namespace Governance.Core.Scans;

/// <summary>What stored scans tell beside the last state.</summary>
/// <param name="LastComplete">KPI values of the last complete scan; empty when there is none.</param>
/// <param name="Nights">Scans of the last 30 days, without the one being judged.</param>
public sealed record ScanPast(ImmutableArray<KpiValue> LastComplete, ImmutableArray<ScanNight> Nights)
{
    public static readonly ScanPast None = new([], []);
}

/// <summary>Everything that follows from an inventory.</summary>
/// <param name="Apps">Every service principal that holds a consent, is AI or looks like a product it is not.</param>
/// <param name="Notable">Those of them that are AI in use or look-alikes; sorted by id.</param>
/// <param name="NotAssessed">Questions that could not be answered, with how many subjects each concerns; sorted.</param>
public sealed record AssessmentResult(
    AppRecords Apps,
    ImmutableArray<AssessedApp> Notable,
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
    /// <summary>Apps of the last scan whose whole records the judgement needs, because a part was read in half.</summary>
    public static IReadOnlySet<Guid> Needed(Inventory inventory, KnownState? previous) => AppsNotSeen.Of(inventory, previous).Needed;

    /// <param name="policy">What holds, recorded decisions included; see <see cref="PolicyDecisions"/>.</param>
    /// <param name="previous">What the last scan left; null for the first scan of the tenant.</param>
    /// <param name="record">What people did to findings; null when nothing is recorded.</param>
    /// <param name="unread">Records that <see cref="Needed"/> names; null when it names none.</param>
    /// <param name="workers">Threads to judge with; null for one for each processor.</param>
    /// <param name="keepsRecords">False to leave out of the result what is kept already, as the digests of <paramref name="previous"/> tell.</param>
    public static AssessmentResult Of(
        Inventory inventory,
        Func<ServicePrincipal, Classification> classify,
        GovernancePolicy policy,
        KnownState? previous,
        ScanPast past,
        string scanId,
        GovernanceRecord? record = null,
        IEnumerable<AssessedApp>? unread = null,
        int? workers = null,
        bool keepsRecords = true)
    {
        var asOf = inventory.ReadAt;
        var watchedSince = WatchedSince(previous, past);
        var done = record ?? GovernanceRecord.Empty;
        var questions = new AppQuestions(
            inventory, classify, policy, previous, (unread ?? []).ToDictionary(app => app.Id), Marked(previous, done),
            new JudgementContext(policy, inventory, asOf, new TenantHistory(watchedSince, [])),
            keepsRecords);
        var apps = new AssessedApps(questions);
        var judged = apps.Judge(workers ?? Environment.ProcessorCount);
        ImmutableArray<Judgement> requests = [.. FindingRules.OfConsentRequests(apps.Context)];
        var changes = FindingDiff.Apply(
            previous?.Findings ?? [], [.. judged.Judgements, .. requests], inventory, scanId, asOf, policy.Version,
            previous?.Apps.Values.Where(app => app.Orphan).Select(app => app.Id).ToImmutableHashSet(),
            new Markings(done, judged.Marked));

        var kpis = KpiCatalogue.Measure(new KpiContext(
            judged.Notable, changes.Findings, inventory, past.LastComplete, past.Nights.Add(new ScanNight(asOf, inventory.Complete)), policy, asOf, watchedSince ?? asOf)
        {
            AppCount = judged.Records.Count,
        });
        var unanswered = judged.Unanswered.Concat(
            requests.Select(judgement => (judgement.Rule, (judgement.Verdict as Verdict.NotAssessed)?.MissingFact!)).Where(question => question.Item2 is not null));
        return new AssessmentResult(judged.Records, judged.Notable, changes.Findings, changes.Events, kpis, Unanswered(unanswered));
    }

    /// <summary>The earliest sighting tells when the first scan was; a tenant without any app has only its scans.</summary>
    private static DateTimeOffset? WatchedSince(KnownState? previous, ScanPast past) => previous is null
        ? null
        : previous.Earliest ?? past.Nights.Select(night => night.StartedAt).Append(previous.LastScan.StartedAt).Min();

    /// <summary>Subjects of findings that are muted, or on which people have acted.</summary>
    private static HashSet<string> Marked(KnownState? previous, GovernanceRecord record)
    {
        var marked = record.Marks.Select(mark => mark.FindingId).ToHashSet(StringComparer.Ordinal);
        return (previous?.Findings ?? []).Where(finding => finding.State == FindingState.Muted || marked.Contains(finding.Id))
            .Select(finding => finding.Subject).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static ImmutableArray<UnansweredRule> Unanswered(IEnumerable<(string Rule, string MissingFact)> questions) =>
    [
        .. questions.GroupBy(question => question)
            .Select(same => new UnansweredRule(same.Key.Rule, same.Key.MissingFact, same.Count()))
            .OrderBy(unanswered => unanswered.Rule, StringComparer.Ordinal)
            .ThenBy(unanswered => unanswered.MissingFact, StringComparer.Ordinal),
    ];
}
