using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings;

public sealed class FindingMarksTests
{
    private const string Rule = "unapproved-ai-tool";
    private static readonly Person Ana = Some.Person("Ana");

    private static FindingChanges Scan(ImmutableArray<Finding> known, GovernanceRecord record, DateTimeOffset at, bool seen = true, params string[] permissions)
    {
        var app = Some.Assessed(1, permissions: [.. permissions.DefaultIfEmpty("User.Read").Select(value => Some.Rated(value))]);
        var inventory = Some.Inventory([Some.Principal(1)], Some.Grants(Some.Grant(1, 50, "User.Read")));
        ImmutableArray<Judgement> judgements = [new(Rule, Some.Id(1).ToString(), "Chat Tool", seen ? new Verdict.Violation(Severity.Medium, "A title.", []) : new Verdict.Pass("gone"))];
        return FindingDiff.Apply(known, judgements, inventory, $"s{at:MMddHHmm}", at, "p1", markings: new Markings(record, seen ? [app] : []));
    }

    private static GovernanceRecord Recorded(params LedgerDraft[] drafts) => GovernanceRecord.Of(Some.Ledger(drafts));

    private static LedgerDraft Mute(Finding finding, DateOnly until, params string[] held) => FindingActs.Mute(
        finding, Markings.HeldNow(Some.Assessed(1, permissions: [.. held.DefaultIfEmpty("User.Read").Select(value => Some.Rated(value))]).App), Ana, "agreed with sales", until, Some.Moment);

    [Fact]
    public void A_mute_holds_over_scans_and_gives_no_event_again()
    {
        var first = Scan([], GovernanceRecord.Empty, Some.Moment).Findings;
        var record = Recorded(Mute(first[0], Some.Day.AddDays(30)));

        var second = Scan(first, record, Some.Moment.AddDays(1));
        var third = Scan(second.Findings, record, Some.Moment.AddDays(2));

        Assert.Equal(FindingState.Muted, Assert.Single(second.Findings).State);
        var muted = Assert.Single(second.Events);
        Assert.Equal(("muted", 2), (muted.Change, muted.Sequence));
        Assert.DoesNotContain("agreed with sales", muted.Detail, StringComparison.Ordinal);
        Assert.Empty(third.Events);
    }

    [Fact]
    public void A_mute_ends_by_itself_after_its_last_day()
    {
        var first = Scan([], GovernanceRecord.Empty, Some.Moment).Findings;
        var record = Recorded(Mute(first[0], Some.Day.AddDays(2)));

        var last = Scan(first, record, Some.Moment.AddDays(2));
        var after = Scan(last.Findings, record, Some.Moment.AddDays(3));

        Assert.Equal(FindingState.Muted, last.Findings[0].State);
        Assert.Equal(FindingState.Open, after.Findings[0].State);
        Assert.Null(after.Findings[0].Mute);
        Assert.Equal("unmuted", Assert.Single(after.Events).Change);
    }

    [Fact]
    public void Between_two_scans_a_mute_shows_at_once_and_is_over_after_its_last_day()
    {
        var finding = Scan([], GovernanceRecord.Empty, Some.Moment).Findings[0];
        var marks = Recorded(Mute(finding, Some.Day.AddDays(2))).Marks;

        var (muted, one) = MarkedFinding.Between(finding, marks, Some.Day.AddDays(2));
        var (over, two) = MarkedFinding.Between(finding, marks, Some.Day.AddDays(3));

        Assert.Equal((FindingState.Muted, "muted"), (muted.State, Assert.Single(one).Change));
        Assert.Equal((FindingState.Open, "muted unmuted"), (over.State, string.Join(' ', two.Select(change => change.Change))));
        Assert.Equal([2, 3], two.Select(change => change.Sequence));
        Assert.All(two, change => Assert.Empty(change.ScanId));

        // The next scan makes it history, with the same numbers.
        var next = Scan([finding], Recorded(Mute(finding, Some.Day.AddDays(2))), Some.Moment.AddDays(3));
        Assert.Equal(two.Select(change => (change.Sequence, change.Change)), next.Events.Select(change => (change.Sequence, change.Change)));
    }

    [Fact]
    public void A_mute_ends_when_the_app_holds_more_and_not_when_it_holds_less()
    {
        var first = Scan([], GovernanceRecord.Empty, Some.Moment, true, "User.Read", "Mail.Read").Findings;
        var record = Recorded(Mute(first[0], Some.Day.AddDays(30), "User.Read", "Mail.Read"));

        var less = Scan(first, record, Some.Moment.AddDays(1), true, "User.Read");
        var more = Scan(less.Findings, record, Some.Moment.AddDays(2), true, "User.Read", "Mail.Send");

        Assert.Equal(FindingState.Muted, less.Findings[0].State);
        Assert.Equal(FindingState.Open, more.Findings[0].State);
        Assert.Contains("1 permissions more", more.Events.Single().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_that_was_not_seen_does_not_end_a_mute()
    {
        var finding = Some.Finding() with { State = FindingState.Muted, Mute = new FindingMute(Some.Day.AddDays(9), ["x"], 1), Mark = 1 };

        Assert.Null(MarkedFinding.MuteEnded(finding, Some.Day, null));
        Assert.NotNull(MarkedFinding.MuteEnded(finding, Some.Day, ["x", "y"]));
    }

    [Fact]
    public void A_mark_that_came_after_the_finding_was_resolved_changes_nothing()
    {
        var resolved = Some.Finding(resolved: Some.Moment);
        var record = Recorded(FindingActs.Acknowledge(Some.Finding(), Ana, null, Some.Moment));

        var (now, events) = MarkedFinding.With(resolved, record.Marks, "s1");

        Assert.Equal((FindingState.Resolved, 1L), (now.State, now.Mark));
        Assert.Empty(events);
    }

    [Theory]
    [InlineData(FindingState.Open, true, true, false)]
    [InlineData(FindingState.Acknowledged, false, true, false)]
    [InlineData(FindingState.Muted, false, false, true)]
    [InlineData(FindingState.Resolved, false, false, false)]
    public void Only_legal_acts_are_taken(FindingState state, bool acknowledge, bool mute, bool unmute)
    {
        var finding = Some.Finding() with { State = state };

        Assert.Equal(acknowledge, Allowed(() => FindingActs.Acknowledge(finding, Ana, null, Some.Moment)));
        Assert.Equal(mute, Allowed(() => Mute(finding, Some.Day.AddDays(1))));
        Assert.Equal(unmute, Allowed(() => FindingActs.Unmute(finding, Ana, null, Some.Moment)));
    }

    [Fact]
    public void A_mute_needs_a_reason_and_an_end_within_reach()
    {
        var finding = Some.Finding();

        Assert.False(Allowed(() => FindingActs.Mute(finding, null, Ana, " ", Some.Day.AddDays(1), Some.Moment)));
        Assert.False(Allowed(() => Mute(finding, Some.Day.AddDays(-1))));
        Assert.False(Allowed(() => Mute(finding, Some.Day.AddDays(367))));
    }

    /// <summary>Random scans and acts against a model; every history must be legal and without gaps.</summary>
    [Theory]
    [InlineData(8)]
    public void Ten_thousand_random_steps_keep_every_history_legal(int seed)
    {
        var random = new Random(seed);
        var ledger = StoredLedger.Empty(Some.TenantId);
        var record = GovernanceRecord.Empty;
        var known = ImmutableArray<Finding>.Empty;
        var at = Some.Moment;
        var history = new List<FindingEvent>();
        var state = "none";
        var permissions = 1;
        for (var step = 0; step < 10_000; step++)
        {
            at = at.AddHours(random.Next(0, 20));
            if (random.Next(3) > 0 && !known.IsEmpty)
            {
                if (Act(random, MarkedFinding.Now(known, record)[0], at, permissions) is { } draft)
                {
                    ledger = ledger.Entries.Length == 0 ? Some.Ledger(draft) : ledger.With(draft);
                    var newest = LedgerForm.Read(ledger.Entries[^1].Body.AsSpan());
                    record = record with { Marks = [.. record.Marks, FindingMark.Of(new VerifiedEntry(newest, ledger.Entries[^1].Hash, null))] };
                }

                continue;
            }

            permissions = random.Next(1, 4);
            var changes = Scan(known, record, at, random.Next(6) > 0, [.. Enumerable.Range(1, permissions).Select(number => $"Scope{number}.Read")]);
            foreach (var change in changes.Events)
            {
                state = Next(state, change.Change);
                Assert.False(state == "illegal", $"step {step}: {change.Change} in {history.LastOrDefault()}");
                Assert.Equal(history.Count + 1, change.Sequence);
                history.Add(change);
            }

            known = changes.Findings;
            if (!known.IsEmpty)
            {
                Assert.Equal(known[0].State.ToString().ToLowerInvariant(), state);
                Assert.Equal(known[0].State == FindingState.Muted, known[0].Mute is not null);
                Assert.Equal(history.Count, known[0].Events);
            }
        }

        Assert.Equal(
            ["acknowledged", "muted", "opened", "reopened", "resolved", "unmuted"],
            history.Select(change => change.Change).Distinct().Order(StringComparer.Ordinal));
        Assert.True(history.Count > 3000, $"{history.Count} events");
    }

    private static LedgerDraft? Act(Random random, Finding finding, DateTimeOffset at, int permissions)
    {
        try
        {
            var held = Markings.HeldNow(Some.Assessed(1, permissions: [.. Enumerable.Range(1, permissions).Select(number => Some.Rated($"Scope{number}.Read"))]).App);
            return random.Next(3) switch
            {
                0 => FindingActs.Acknowledge(finding, Ana, null, at),
                1 => FindingActs.Mute(finding, held, Ana, "because", DateOnly.FromDateTime(at.UtcDateTime).AddDays(random.Next(0, 5)), at),
                _ => FindingActs.Unmute(finding, Ana, null, at),
            };
        }
        catch (ActRefusedException)
        {
            return null;
        }
    }

    private static string Next(string state, string change) => (state, change) switch
    {
        ("none", "opened") => "open",
        ("resolved", "reopened") => "open",
        ("open", "acknowledged") => "acknowledged",
        ("open" or "acknowledged", "muted") => "muted",
        ("muted", "unmuted") => "open",
        ("open" or "acknowledged" or "muted", "resolved") => "resolved",
        _ => "illegal",
    };

    private static bool Allowed(Func<LedgerDraft> act)
    {
        try
        {
            act();
            return true;
        }
        catch (ActRefusedException)
        {
            return false;
        }
    }
}
