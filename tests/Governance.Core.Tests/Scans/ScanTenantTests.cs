using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Scans;

namespace Governance.Core.Tests.Scans;

public class ScanTenantTests
{
    private static readonly Inventory Two = Some.Inventory(
        [Some.Principal(1, "Chat Tool"), Some.Principal(2, "Payroll"), Some.Principal(3, "Idle")],
        Some.Grants(Some.Grant(1, 11, "User.Read"), Some.Grant(1, 12, "User.Read"), Some.Grant(2, 11, "User.Read")),
        [Some.User(11), Some.User(12)]);

    private static Classification Classify(ServicePrincipal principal) =>
        principal.Name == "Chat Tool" ? Some.Classification() : Some.Classification(Some.Ai(AiVerdict.NotAi, null, IdentityProof.None));

    private static Inventory Later(Inventory inventory, int days) => inventory with { ReadAt = Some.Moment.AddDays(days) };

    private static Inventory Cut(Inventory inventory, params InventoryPart[] parts) => inventory with { Parts = Some.Parts(parts) };

    private static Task<ScanReport> RunAsync(FakeStore store, Inventory inventory, GovernancePolicy? policy = null, Guid? tenant = null) =>
        new ScanTenant(new FakeSource(inventory), store, new HandSetTime(inventory.ReadAt.AddMinutes(3)), () => "ab12")
            .RunAsync(new ScanRequest(policy ?? Some.Policy(), "policy text", _ => Classify, "c1", tenant) { KeepsRecords = true }, new NoProgress(), CancellationToken.None);

    private static AssessedApp[] Apps(ScanReport report) => [.. report.Records!.Read()];

    [Fact]
    public async Task A_scan_is_stored_and_reported_with_every_holder_of_consent()
    {
        var store = new FakeStore();

        var report = await RunAsync(store, Two);

        Assert.Equal([Some.Id(1), Some.Id(2)], Apps(report).Select(app => app.Id));
        Assert.Equal(("20260401T020000000Zab12", ScanStatus.Complete, 1), (report.Scan.Id, report.Scan.Status, report.Scan.Generation));
        Assert.Equal(TimeSpan.FromMinutes(3), report.Scan.CompletedAt - report.Scan.StartedAt);
        Assert.Equal("unapproved-ai-tool", Assert.Single(report.Findings).Rule);
        Assert.Equal(1, report.Kpis.Single(kpi => kpi.Id == "ai-tools-in-use").Value);
        Assert.Same(Two, Assert.Single(store.Commits).Inventory);
        Assert.Contains(report.NotAssessed, unanswered => unanswered.Rule == "consent-by-untrained-users");
    }

    [Fact]
    public async Task The_same_tenant_again_changes_nothing_but_times()
    {
        var store = new FakeStore();
        var first = await RunAsync(store, Two);

        var second = await RunAsync(store, Later(Two, 1));

        Assert.Empty(second.Events);
        Assert.Equal(first.Findings.Select(finding => finding.Id), second.Findings.Select(finding => finding.Id));
        Assert.Equal(Apps(first).Select(app => app.FirstSeen), Apps(second).Select(app => app.FirstSeen));
        Assert.All(Apps(second), app => Assert.Equal(Some.Moment.AddDays(1), app.LastSeen));
        Assert.Equal(Apps(first).SelectMany(app => app.UsersOverTime), Apps(second).SelectMany(app => app.UsersOverTime));
    }

    [Fact]
    public async Task A_removed_consent_resolves_its_finding()
    {
        var store = new FakeStore();
        await RunAsync(store, Two);

        var report = await RunAsync(store, Later(Two, 1) with { Grants = Some.Grants(Some.Grant(2, 11, "User.Read")) });

        Assert.Equal(FindingState.Resolved, Assert.Single(report.Findings).State);
        Assert.Equal(0, report.Kpis.Single(kpi => kpi.Id == "unapproved-ai-tools").Value);
    }

    [Theory]
    [InlineData(InventoryPart.ServicePrincipals)]
    [InlineData(InventoryPart.Oauth2PermissionGrants)]
    public async Task An_incomplete_part_resolves_nothing_and_keeps_the_last_known_record(InventoryPart cut)
    {
        var store = new FakeStore();
        var first = await RunAsync(store, Two);
        var less = Later(Two, 1) with
        {
            ServicePrincipals = cut == InventoryPart.ServicePrincipals ? [] : Two.ServicePrincipals,
            Grants = DelegatedPermissionGrants.Empty,
            Parts = Some.Parts(cut),
        };

        var report = await RunAsync(store, less);

        Assert.Equal(ScanStatus.Partial, report.Scan.Status);
        Assert.True(Assert.Single(report.Findings) is { State: FindingState.Open, Unconfirmed: true });
        Assert.Equal(Apps(first).Select(app => (app.Id, app.LastSeen, app.App.Grants)), Apps(report).Select(app => (app.Id, app.LastSeen, app.App.Grants)));
        Assert.False(report.Kpis.Single(kpi => kpi.Id == "unapproved-ai-tools").Complete);
    }

    [Fact]
    public async Task A_holder_whose_record_was_not_read_is_still_the_app_it_was()
    {
        var store = new FakeStore();
        await RunAsync(store, Two);

        var report = await RunAsync(store, Cut(Later(Two, 1) with { ServicePrincipals = [] }, InventoryPart.ServicePrincipals));

        Assert.Equal("Chat Tool", Apps(report)[0].App.Principal.Name);
        Assert.Empty(report.Events);
        Assert.Equal(Some.Moment.AddDays(1), Apps(report)[0].LastSeen);
    }

    [Fact]
    public async Task An_app_missing_from_a_whole_list_goes_and_keeps_its_first_day_when_it_returns()
    {
        var store = new FakeStore();
        await RunAsync(store, Two);
        var without = await RunAsync(store, Later(Two, 1) with { ServicePrincipals = [], Grants = DelegatedPermissionGrants.Empty });

        var back = await RunAsync(store, Later(Two, 2));

        Assert.Empty(Apps(without));
        Assert.Equal(ResolutionCause.Removal, Assert.Single(without.Findings).Cause);
        Assert.Equal(Some.Moment, Apps(back)[0].FirstSeen);
        Assert.Equal("reopened", Assert.Single(back.Events).Change);
    }

    [Fact]
    public async Task Approving_a_tool_resolves_its_finding_by_the_policy_even_in_a_half_read_scan()
    {
        var store = new FakeStore();
        await RunAsync(store, Two);
        var approving = Some.Policy(approved: [Some.Approval(tenantWide: true)]) with { Version = "feed00000001" };

        var report = await RunAsync(store, Cut(Later(Two, 1), InventoryPart.AppRoleAssignments), approving);

        Assert.Equal("approved by policy feed00000001", Assert.Single(report.Findings).ResolvedBy);
    }

    [Fact]
    public async Task An_approval_whose_bounds_a_half_read_scan_cannot_assess_resolves_nothing_before_a_whole_one()
    {
        var store = new FakeStore();
        await RunAsync(store, Two);
        var approving = Some.Policy(approved: [Some.Approval()]) with { Version = "feed00000001" };

        var half = await RunAsync(store, Cut(Later(Two, 1), InventoryPart.AppRoleAssignments), approving);
        var whole = await RunAsync(store, Later(Two, 2), approving);
        var halfAgain = await RunAsync(store, Cut(Later(Two, 3), InventoryPart.AppRoleAssignments), approving);

        Assert.True(Assert.Single(half.Findings) is { Live: true, Unconfirmed: true });
        Assert.Equal("approved by policy feed00000001", Assert.Single(whole.Findings).ResolvedBy);
        Assert.Equal(("approved", true), (Assert.Single(Apps(halfAgain), app => app.AiInUse).Standing.Reason, Assert.Single(Apps(halfAgain), app => app.AiInUse).Standing.Unconfirmed));
        Assert.False(Assert.Single(halfAgain.Findings).Live);
    }

    [Fact]
    public async Task Previous_values_come_from_the_last_complete_scan()
    {
        var store = new FakeStore();
        await RunAsync(store, Two);
        await RunAsync(store, Cut(Later(Two, 1) with { ServicePrincipals = [], Grants = DelegatedPermissionGrants.Empty }, InventoryPart.Users));

        var report = await RunAsync(store, Later(Two, 2));

        Assert.Equal(1, report.Kpis.Single(kpi => kpi.Id == "ai-tools-in-use").Previous);
        Assert.Equal(66.7m, report.Kpis.Single(kpi => kpi.Id == "audit-cadence").Value);
    }

    [Fact]
    public async Task A_rise_over_days_is_found_by_what_earlier_scans_counted()
    {
        var store = new FakeStore();
        await RunAsync(store, Two);
        var wave = Two with { Grants = Some.Grants([.. Enumerable.Range(11, 30).Select(user => Some.Grant(1, user, "User.Read"))]) };

        var report = await RunAsync(store, Later(wave, 3));
        var again = await RunAsync(store, Later(wave, 3));
        var settled = await RunAsync(store, Later(wave, 11));

        var finding = Assert.Single(report.Findings, finding => finding.Rule == "sudden-rise-in-consents");
        Assert.Contains(new EvidenceItem("users before", "2"), finding.Evidence);
        Assert.Empty(again.Events);
        Assert.Equal(FindingState.Resolved, Assert.Single(settled.Findings, finding => finding.Rule == "sudden-rise-in-consents").State);
    }

    [Fact]
    public async Task Recomputing_from_stored_facts_gives_identical_numbers()
    {
        var store = new FakeStore();
        await RunAsync(store, Two);
        var state = await store.KnownAsync(Some.TenantId, CancellationToken.None);
        var past = new ScanPast(store.Commits[0].Kpis, [new(Some.Moment, true)]);
        var inventory = Later(Two, 1);

        var one = Assessment.Of(inventory, Classify, Some.Policy(), state, past, "x");
        var other = Assessment.Of(inventory, Classify, Some.Policy(), state, past, "x");

        Assert.Equal(one.Kpis.Select(kpi => kpi.ToString()), other.Kpis.Select(kpi => kpi.ToString()));
        Assert.Equal(one.Kpis.SelectMany(kpi => kpi.Parts), other.Kpis.SelectMany(kpi => kpi.Parts));
        Assert.Equal(one.Findings.Select(finding => finding with { Evidence = [] }), other.Findings.Select(finding => finding with { Evidence = [] }));
    }

    [Fact]
    public async Task A_scan_overtaken_by_another_is_judged_anew_and_gives_up_at_last()
    {
        var once = new FakeStore { Stale = 2 };
        var always = new FakeStore { Stale = 3 };

        var report = await RunAsync(once, Two);

        Assert.Equal(1, report.Scan.Generation);
        await Assert.ThrowsAsync<StaleScanException>(() => RunAsync(always, Two));
        Assert.Empty(always.Commits);
    }

    [Fact]
    public async Task Another_tenant_than_the_one_meant_stores_nothing()
    {
        var store = new FakeStore();

        await Assert.ThrowsAsync<TenantMismatchException>(() => RunAsync(store, Two, tenant: Some.VendorTenantId));

        Assert.Empty(store.Commits);
    }

    [Fact]
    public async Task A_clock_that_steps_back_gives_no_negative_duration()
    {
        var report = await new ScanTenant(new FakeSource(Two), new FakeStore(), new HandSetTime(Some.Moment.AddHours(-1)), () => "x")
            .RunAsync(new ScanRequest(Some.Policy(), string.Empty, _ => Classify, "c1"), new NoProgress(), CancellationToken.None);

        Assert.Equal(report.Scan.StartedAt, report.Scan.CompletedAt);
    }
}
