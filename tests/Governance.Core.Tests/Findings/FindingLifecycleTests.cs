using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings;

/// <summary>Random scans of a small tenant against a model that keeps only the truth.</summary>
public class FindingLifecycleTests
{
    private const int Apps = 6;
    private const string Rule = "unapproved-ai-tool";
    private static readonly InventoryPart[] Bulk =
        [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(20260401, 1500)]
    [InlineData(77, 1500)]
    public void No_finding_is_lost_none_is_resolved_falsely_and_every_history_is_legal(int seed, int steps)
    {
        var random = new Random(seed);
        var known = ImmutableArray<Finding>.Empty;
        var truth = new HashSet<int>();
        var approved = new HashSet<int>();
        var policy = 1;
        var at = Some.Moment;
        var history = new Dictionary<string, List<FindingEvent>>();
        var fired = new SortedDictionary<string, int>(StringComparer.Ordinal);

        for (var step = 0; step < steps; step++)
        {
            Change(random, truth, approved, ref policy);
            at = at.AddMinutes(random.Next(-600, 3000));
            InventoryPart? cut = random.Next(3) == 0 ? Bulk[random.Next(Bulk.Length)] : null;
            var seen = truth.Where(_ => cut is null || random.Next(2) == 0).ToHashSet();
            var inventory = Some.Inventory(
                Present(truth, cut, seen).Select(app => Some.Principal(app)),
                Some.Grants([.. seen.Select(app => Some.Grant(app, 50 + app, "User.Read"))]),
                partial: cut is { } part ? [part] : []);
            var judgements = Judgements(seen, approved);
            Decide(random, ref known);

            var changes = FindingDiff.Apply(known, judgements, inventory, $"s{step}", at, $"p{policy}");

            CheckNothingLost(changes, seen, approved);
            CheckResolutions(known, changes, truth, approved, cut);
            CheckHistory(known, changes, history, fired);
            CheckOrderAndRerun(random, known, judgements, inventory, changes, step, at, policy);
            known = changes.Findings;
        }

        Assert.Equal(["confirmed", "evidenceChanged", "opened", "reopened", "resolved", "severityChanged", "unconfirmed"], fired.Keys);
    }

    private static void Change(Random random, HashSet<int> truth, HashSet<int> approved, ref int policy)
    {
        var app = 1 + random.Next(Apps);
        if (!truth.Remove(app))
        {
            truth.Add(app);
        }

        if (random.Next(6) == 0)
        {
            policy++;
            var decided = 1 + random.Next(Apps);
            if (!approved.Remove(decided))
            {
                approved.Add(decided);
            }
        }
    }

    /// <summary>Records listed: all that exist, unless the list itself was cut.</summary>
    private static HashSet<int> Present(HashSet<int> truth, InventoryPart? cut, HashSet<int> seen) =>
        cut == InventoryPart.ServicePrincipals ? seen : truth;

    private static ImmutableArray<Judgement> Judgements(HashSet<int> seen, HashSet<int> approved) =>
    [
        .. seen.Select(app => new Judgement(
            Rule,
            Some.Id(app).ToString(),
            "Chat Tool",
            approved.Contains(app)
                ? new Verdict.Pass("approved", PassBasis.Policy)
                : new Verdict.Violation((Severity)(1 + (seen.Count % 4)), "A title.", [new("users", $"{seen.Count}")]))),
    ];

    private static void Decide(Random random, ref ImmutableArray<Finding> known)
    {
        if (known.IsEmpty || random.Next(4) != 0)
        {
            return;
        }

        var at = random.Next(known.Length);
        if (known[at].Live)
        {
            known = known.SetItem(at, known[at] with { State = random.Next(2) == 0 ? FindingState.Acknowledged : FindingState.Muted });
        }
    }

    private static Finding? Of(FindingChanges changes, int app) =>
        changes.Findings.SingleOrDefault(finding => finding.Subject == Some.Id(app).ToString());

    private static void CheckNothingLost(FindingChanges changes, HashSet<int> seen, HashSet<int> approved)
    {
        foreach (var app in seen.Where(app => !approved.Contains(app)))
        {
            Assert.True(Of(changes, app) is { Live: true, Unconfirmed: false });
        }
    }

    private static void CheckResolutions(ImmutableArray<Finding> known, FindingChanges changes, HashSet<int> truth, HashSet<int> approved, InventoryPart? cut)
    {
        foreach (var before in known.Where(finding => finding.Live))
        {
            var app = Enumerable.Range(1, Apps).Single(number => Some.Id(number).ToString() == before.Subject);
            var after = Of(changes, app)!;
            if (after.Live)
            {
                continue;
            }

            Assert.False(truth.Contains(app) && !approved.Contains(app), "resolved although the consent is there and not approved");
            Assert.NotNull(after.ResolvedBy);
            Assert.True(
                after.Cause == ResolutionCause.Policy || cut is null || (after.Cause == ResolutionCause.Removal && cut != InventoryPart.ServicePrincipals),
                $"resolved by {after.Cause} with {cut} cut short");
        }
    }

    private static void CheckHistory(
        ImmutableArray<Finding> known, FindingChanges changes, Dictionary<string, List<FindingEvent>> history, SortedDictionary<string, int> fired)
    {
        foreach (var change in changes.Events)
        {
            var events = history.TryGetValue(change.FindingId, out var list) ? list : history[change.FindingId] = [];
            Assert.Equal(events.Count + 1, change.Sequence);
            events.Add(change);
            fired[change.Change] = fired.GetValueOrDefault(change.Change) + 1;
        }

        var before = known.ToDictionary(finding => finding.Id);
        foreach (var after in changes.Findings)
        {
            Assert.Equal(history[after.Id].Count, after.Events);
            Assert.Equal(after.State == FindingState.Resolved, after.ResolvedAt is not null);
            Assert.True(after.ResolvedAt is null || after.ResolvedAt >= after.OpenedAt);
            var was = before.GetValueOrDefault(after.Id);
            var legal = was is null ? after.State == FindingState.Open
                : was.State == after.State
                || after.State == FindingState.Resolved
                || (was.State == FindingState.Resolved && after.State == FindingState.Open);
            Assert.True(legal, $"{was?.State} to {after.State}");
            Assert.True(was is null || after.LastSeen >= was.LastSeen);
        }
    }

    private static void CheckOrderAndRerun(
        Random random, ImmutableArray<Finding> known, ImmutableArray<Judgement> judgements, Inventory inventory, FindingChanges changes, int step, DateTimeOffset at, int policy)
    {
        var shuffledKnown = known.ToArray();
        var shuffledJudgements = judgements.ToArray();
        random.Shuffle(shuffledKnown);
        random.Shuffle(shuffledJudgements);

        var shuffled = FindingDiff.Apply([.. shuffledKnown], [.. shuffledJudgements], inventory, $"s{step}", at, $"p{policy}");
        var again = FindingDiff.Apply(changes.Findings, judgements, inventory, $"s{step}b", at, $"p{policy}");

        Assert.Equal(changes.Events.ToArray(), shuffled.Events.ToArray());
        Assert.Equal(changes.Findings.Select(Flat), shuffled.Findings.Select(Flat));
        Assert.Empty(again.Events);
        Assert.Equal(changes.Findings.Select(Flat), again.Findings.Select(Flat));
    }

    /// <summary>Record equality does not look inside the evidence.</summary>
    private static (Finding, string) Flat(Finding finding) =>
        (finding with { Evidence = [] }, string.Join('|', finding.Evidence.Select(item => $"{item.Name}={item.Value}")));
}
