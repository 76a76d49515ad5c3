using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings;

public class FindingDiffTests
{
    private const string Rule = "unapproved-ai-tool";
    private static readonly Inventory Whole = Some.Inventory([Some.Principal(1)], Some.Grants(Some.Grant(1, 11, "User.Read")));
    private static readonly Inventory Cut = Some.Inventory([Some.Principal(1)], partial: InventoryPart.Oauth2PermissionGrants);

    private static Verdict.Violation Wrong(Severity severity = Severity.Medium, string users = "3") => new(severity, "A title.", [new("users", users)]);

    private static FindingChanges Scan(ImmutableArray<Finding> known, Inventory inventory, string scan, Verdict? verdict, int day = 0, string policy = "p1") =>
        FindingDiff.Apply(
            known,
            verdict is null ? [] : [new Judgement(Rule, Some.Id(1).ToString(), "Chat Tool", verdict)],
            inventory,
            scan,
            Some.Moment.AddDays(day),
            policy);

    private static Finding Opened() => Assert.Single(Scan([], Whole, "s1", Wrong()).Findings);

    [Fact]
    public void A_new_violation_opens_a_finding_with_a_stable_id()
    {
        var changes = Scan([], Whole, "s1", Wrong());

        var finding = Assert.Single(changes.Findings);
        Assert.Equal(FindingId.Of(Some.TenantId, Rule, Some.Id(1).ToString()), finding.Id);
        Assert.Matches("^[0-9a-f]{16}$", finding.Id);
        Assert.Equal(FindingState.Open, finding.State);
        Assert.Equal(new FindingEvent(finding.Id, 1, Some.Moment, "opened", "medium", "s1"), Assert.Single(changes.Events));
    }

    [Fact]
    public void Ids_differ_by_tenant_rule_and_subject()
    {
        string[] ids = [FindingId.Of(Some.Id(1), "a", "b"), FindingId.Of(Some.Id(2), "a", "b"), FindingId.Of(Some.Id(1), "b", "b"), FindingId.Of(Some.Id(1), "a", "c"), FindingId.Of(Some.Id(1), "ab", "")];

        Assert.Distinct(ids);
    }

    [Fact]
    public void The_same_scan_again_gives_no_event_and_the_same_finding_but_for_times()
    {
        var before = Opened();

        var changes = Scan([before], Whole, "s2", Wrong(), day: 1);

        Assert.Empty(changes.Events);
        Assert.Equal(Some.Moment.AddDays(1), Assert.Single(changes.Findings).LastSeen);
        Assert.Equal(before, changes.Findings[0] with { LastSeen = before.LastSeen, Evidence = before.Evidence });
    }

    [Fact]
    public void A_complete_scan_without_the_violation_resolves_and_names_the_scan()
    {
        var changes = Scan([Opened()], Whole, "s2", new Verdict.Pass("consent no longer present"), day: 1);

        var finding = Assert.Single(changes.Findings);
        Assert.Equal(FindingState.Resolved, finding.State);
        Assert.Equal(ResolutionCause.CompleteEvidence, finding.Cause);
        Assert.Contains("s2", finding.ResolvedBy, StringComparison.Ordinal);
        Assert.Equal(Some.Moment.AddDays(1), finding.ResolvedAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_part_read_in_half_resolves_nothing(bool withVerdict)
    {
        var changes = Scan([Opened()], Cut, "s2", withVerdict ? new Verdict.Pass("consent no longer present") : null);

        var finding = Assert.Single(changes.Findings);
        Assert.Equal(FindingState.Open, finding.State);
        Assert.True(finding.Unconfirmed);
        Assert.Equal("unconfirmed", Assert.Single(changes.Events).Change);
        Assert.Empty(Scan(changes.Findings, Cut, "s3", null).Events);
    }

    [Fact]
    public void Not_assessed_resolves_nothing_even_in_a_complete_scan()
    {
        var finding = Assert.Single(Scan([Opened()], Whole, "s2", new Verdict.NotAssessed("sign-in activity")).Findings);

        Assert.True(finding is { State: FindingState.Open, Unconfirmed: true });
    }

    [Fact]
    public void An_app_seen_again_is_confirmed()
    {
        var unconfirmed = Scan([Opened()], Cut, "s2", null).Findings;

        var changes = Scan(unconfirmed, Whole, "s3", Wrong());

        Assert.Equal("confirmed", Assert.Single(changes.Events).Change);
        Assert.False(changes.Findings[0].Unconfirmed);
    }

    [Fact]
    public void A_policy_decision_resolves_even_when_parts_were_not_read_whole()
    {
        var finding = Assert.Single(Scan([Opened()], Cut, "s2", new Verdict.Pass("approved", PassBasis.Policy), policy: "p2").Findings);

        Assert.Equal(ResolutionCause.Policy, finding.Cause);
        Assert.Equal("approved by policy p2", finding.ResolvedBy);
    }

    [Fact]
    public void An_app_missing_from_a_whole_list_is_removed_even_when_grants_were_cut_short()
    {
        var without = Some.Inventory([], partial: InventoryPart.Oauth2PermissionGrants);

        var finding = Assert.Single(Scan([Opened()], without, "s2", null).Findings);

        Assert.Equal(ResolutionCause.Removal, finding.Cause);
    }

    [Fact]
    public void An_app_that_no_list_ever_held_is_not_removed_while_its_grants_were_not_read()
    {
        var without = Some.Inventory([], partial: InventoryPart.Oauth2PermissionGrants);

        var changes = FindingDiff.Apply([Opened()], [], without, "s2", Some.Moment, "p1", unlisted: [Some.Id(1)]);

        var finding = Assert.Single(changes.Findings);
        Assert.Equal(FindingState.Open, finding.State);
        Assert.True(finding.Unconfirmed);
    }

    [Fact]
    public void An_app_missing_from_the_list_but_still_holding_a_grant_is_not_removed()
    {
        var orphaned = Some.Inventory([], Some.Grants(Some.Grant(1, 11, "User.Read")), partial: InventoryPart.Oauth2PermissionGrants);

        Assert.Equal(FindingState.Open, Assert.Single(Scan([Opened()], orphaned, "s2", null).Findings).State);
    }

    [Fact]
    public void A_resolved_finding_reopens_with_the_same_id_and_counts_on()
    {
        var resolved = Scan([Opened()], Whole, "s2", new Verdict.Pass("gone"), day: 1).Findings;

        var changes = Scan(resolved, Whole, "s3", Wrong(Severity.High), day: 2);

        var finding = Assert.Single(changes.Findings);
        Assert.Equal((resolved[0].Id, FindingState.Open, Some.Moment, Some.Moment.AddDays(2)), (finding.Id, finding.State, finding.FirstSeen, finding.OpenedAt));
        Assert.Null(finding.ResolvedBy);
        Assert.Null(finding.Cause);
        Assert.Equal(3, Assert.Single(changes.Events).Sequence);
    }

    [Fact]
    public void A_resolved_finding_stays_as_it_is_while_nothing_is_wrong()
    {
        var resolved = Scan([Opened()], Whole, "s2", new Verdict.Pass("gone"), day: 1).Findings;

        var changes = Scan(resolved, Cut, "s3", null, day: 2);

        Assert.Same(resolved[0], Assert.Single(changes.Findings));
        Assert.Empty(changes.Events);
    }

    [Fact]
    public void Changes_of_severity_and_evidence_are_events_of_their_own()
    {
        var changes = Scan([Opened()], Whole, "s2", Wrong(Severity.High, "9"));

        Assert.Equal(["severityChanged", "evidenceChanged"], changes.Events.Select(change => change.Change));
        Assert.Equal(["medium to high", "users"], changes.Events.Select(change => change.Detail));
        Assert.Equal([2, 3], changes.Events.Select(change => change.Sequence));
    }

    [Fact]
    public void Half_read_parts_may_raise_a_finding_but_never_shrink_it()
    {
        var lower = Assert.Single(Scan([Opened()], Cut, "s2", Wrong(Severity.Low, "1")).Findings);
        var higher = Assert.Single(Scan([Opened()], Cut, "s2", Wrong(Severity.Critical, "8")).Findings);

        Assert.Equal((Severity.Medium, "3"), (lower.Severity, lower.Evidence[0].Value));
        Assert.Equal((Severity.Critical, "8"), (higher.Severity, higher.Evidence[0].Value));
    }

    [Theory]
    [InlineData(FindingState.Acknowledged)]
    [InlineData(FindingState.Muted)]
    public void What_a_person_decided_survives_a_scan_and_ends_with_the_violation(FindingState state)
    {
        var decided = Opened() with { State = state };

        var stands = Assert.Single(Scan([decided], Whole, "s2", Wrong(Severity.Critical)).Findings);
        var ends = Assert.Single(Scan([decided], Whole, "s2", new Verdict.Pass("gone")).Findings);

        Assert.Equal(state, stands.State);
        Assert.Equal(FindingState.Resolved, ends.State);
    }

    [Fact]
    public void A_clock_that_steps_back_gives_no_negative_durations()
    {
        var resolved = Assert.Single(Scan([Opened()], Whole, "s2", new Verdict.Pass("gone"), day: -3).Findings);
        var reopened = Assert.Single(Scan([resolved], Whole, "s3", Wrong(), day: -5).Findings);

        Assert.True(resolved.ResolvedAt >= resolved.OpenedAt);
        Assert.True(reopened.OpenedAt >= resolved.ResolvedAt);
        Assert.True(reopened.LastSeen >= resolved.LastSeen);
    }

    [Fact]
    public void A_finding_of_another_tenant_is_refused()
    {
        var foreign = Opened() with { TenantId = Some.VendorTenantId };

        Assert.Throws<ArgumentException>(() => Scan([foreign], Whole, "s2", Wrong()));
    }

    [Fact]
    public void A_finding_of_a_rule_no_longer_known_stays_unconfirmed()
    {
        var old = Opened() with { Rule = "retired-rule" };

        Assert.True(Assert.Single(Scan([old], Whole, "s2", null).Findings) is { State: FindingState.Open, Unconfirmed: true });
    }

    [Fact]
    public void A_request_no_longer_pending_in_a_whole_list_is_resolved()
    {
        var request = new Judgement("pending-request-overdue", Some.Id(5).ToString(), "Wanted App", Wrong());
        var known = FindingDiff.Apply([], [request], Whole, "s1", Some.Moment, "p1").Findings;

        var whole = FindingDiff.Apply(known, [], Whole, "s2", Some.Moment, "p1").Findings;
        var unread = FindingDiff.Apply(known, [], Whole.Without(InventoryPart.ConsentRequests), "s2", Some.Moment, "p1").Findings;

        Assert.Equal(FindingState.Resolved, Assert.Single(whole).State);
        Assert.True(Assert.Single(unread) is { State: FindingState.Open, Unconfirmed: true });
    }
}
