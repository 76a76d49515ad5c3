using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Kpis;

/// <summary>Each KPI with numbers worked out by hand.</summary>
public class KpiTests
{
    private static KpiValue Value(string id, KpiContext context) => KpiCatalogue.Measure(context).Single(value => value.Id == id);

    private static AssessedApp[] FourTools() =>
    [
        Some.Assessed(1, GovernanceState.Approved, permissions: [Some.Rated("Mail.Read", Severity.High, DataCategory.CustomerPii)]),
        Some.Assessed(2, GovernanceState.Drifted, permissions: [Some.Rated("Mail.Read", Severity.High, DataCategory.CustomerPii)]),
        Some.Assessed(3, GovernanceState.Unapproved, principal: Some.Principal(3, verified: false), reach: Some.Reach(5, tenantWide: true)),
        Some.Assessed(4, GovernanceState.Denied, permissions: [Some.Rated(Some.Role("User.Read.All"))]),

        // Left out of every count: Microsoft's own, without consent, and not AI.
        Some.Assessed(5, classification: Some.Classification(firstParty: true)),
        Some.Assessed(6, permissions: []),
        Some.Assessed(7, classification: Some.Classification(Some.Ai(AiVerdict.NotAi), Some.Lookalike())),
    ];

    [Theory]
    [InlineData("ai-tools-in-use", 4, 7)]
    [InlineData("unapproved-ai-tools", 3, 4)]
    [InlineData("approval-coverage", 25, 4)]
    [InlineData("customer-data-exposure", 50, 4)]
    [InlineData("customer-data-exposure-unapproved", 25, 4)]
    [InlineData("tenant-wide-grants", 2, 4)]
    [InlineData("permission-drift", 1, 2)]
    [InlineData("verified-publisher-share", 75, 4)]
    [InlineData("look-alikes", 1, 7)]
    public void Counts_and_shares_of_four_AI_tools(string id, int value, int sample)
    {
        var measured = Value(id, Some.Measured(FourTools()));

        Assert.Equal((value, sample, true), ((int)measured.Value!.Value, measured.SampleSize, measured.Complete));
        Assert.Equal(value, measured.Value);
    }

    [Theory]
    [InlineData("approval-coverage")]
    [InlineData("customer-data-exposure")]
    [InlineData("verified-publisher-share")]
    public void A_share_of_nothing_is_not_available(string id)
    {
        var measured = Value(id, Some.Measured());

        Assert.Null(measured.Value);
        Assert.NotNull(measured.Note);
    }

    [Fact]
    public void Thirds_are_rounded_to_one_decimal()
    {
        Assert.Equal(66.7m, Value("approval-coverage", Some.Measured([Some.Assessed(1, GovernanceState.Approved), Some.Assessed(2, GovernanceState.Approved), Some.Assessed(3)])).Value);
    }

    [Fact]
    public void Exposed_users_are_distinct_over_tools_and_approved_tools_expose_nobody()
    {
        var inventory = Some.Inventory(
            users: [Some.User(11), Some.User(12), Some.User(13, "Finance"), Some.User(14, "Brand"), Some.User(15)],
            grants: Some.Grants(
                Some.Grant(1, 11, "a"), Some.Grant(1, 12, "a"), Some.Grant(2, 12, "a"), Some.Grant(2, 13, "a"), Some.Grant(2, 99, "a"), Some.Grant(3, 14, "a")));

        var context = Some.Measured([Some.Assessed(1), Some.Assessed(2), Some.Assessed(3, GovernanceState.Approved)], inventory: inventory);

        Assert.Equal(4, Value("exposed-users", context).Value);
        Assert.Equal(2, Value("exposed-users-marketing", context).Value);
        Assert.Equal(50m, Value("exposed-users-marketing-share", context).Value);
    }

    [Fact]
    public void A_consent_for_every_user_exposes_all_enabled_members_and_whoever_consented_besides()
    {
        var inventory = Some.Inventory(
            users: [Some.User(11), Some.User(12, enabled: false), Some.User(13, guest: true), Some.User(14, "Finance")],
            grants: Some.Grants(Some.Grant(1, null, "a"), Some.Grant(1, 12, "a")));

        var context = Some.Measured([Some.Assessed(1, reach: Some.Reach(3, tenantWide: true))], inventory: inventory);

        Assert.Equal(3, Value("exposed-users", context).Value);
        Assert.Equal(2, Value("exposed-users-marketing", context).Value);
    }

    [Fact]
    public void Where_assignment_is_required_only_those_assigned_are_exposed()
    {
        var tool = Some.Principal(1, assignmentRequired: true);
        var inventory = Some.Inventory(
            users: [Some.User(11), Some.User(12), Some.User(14)],
            grants: Some.Grants(Some.Grant(1, null, "a")),
            assignments:
            [
                Some.Assignment(tool.Id, Some.Id(11), Guid.Empty, AssigneeKind.User),
                Some.Assignment(tool.Id, Some.Id(77), Guid.Empty, AssigneeKind.User),
                Some.Assignment(tool.Id, Some.Id(88), Guid.Empty, AssigneeKind.Group),
            ]);

        var context = Some.Measured([Some.Assessed(1, principal: tool, reach: Some.Reach(2, tenantWide: true) with { Certain = false })], inventory: inventory);

        Assert.Equal(2, Value("exposed-users", context).Value);
        Assert.False(Value("exposed-users", context).Complete);
    }

    [Fact]
    public void Exposed_users_equal_the_reach_of_a_single_tool_as_the_apps_count_it()
    {
        var random = new Random(5);
        for (var round = 0; round < 40; round++)
        {
            var tool = Some.Principal(1, assignmentRequired: random.Next(2) == 0);
            var inventory = Some.Inventory(
                [tool],
                Some.Grants([.. Enumerable.Range(0, 1 + random.Next(8)).Select(_ => Some.Grant(1, random.Next(4) == 0 ? null : 10 + random.Next(20), "User.Read"))]),
                Enumerable.Range(10, random.Next(25)).Select(user => Some.User(user, enabled: random.Next(4) != 0, guest: random.Next(5) == 0)),
                Enumerable.Range(0, random.Next(5)).Select(at => Some.Assignment(tool.Id, Some.Id(10 + random.Next(40)), Some.Id(at), AssigneeKind.User)));
            var app = ConsentedApps.Of(inventory, Some.Policy().Departments).Single(app => app.Principal.Id == tool.Id);

            var exposed = Value("exposed-users", Some.Measured([Some.Assessed(1) with { App = app }], inventory: inventory));

            Assert.Equal(app.Reach.Users, exposed.Value);
        }
    }

    [Fact]
    public void Dormant_access_is_not_available_without_sign_ins()
    {
        var context = Some.Measured([Some.Assessed(1, signInsKnown: false)], inventory: Some.Inventory().Without(InventoryPart.SignInActivity));

        Assert.Null(Value("dormant-access", context).Value);
    }

    [Fact]
    public void Dormant_access_counts_tools_unused_for_the_days_of_the_policy()
    {
        var context = Some.Measured(
        [
            Some.Assessed(1, lastSignIn: Some.Moment.AddDays(-91)),
            Some.Assessed(2, lastSignIn: Some.Moment.AddDays(-5)),
            Some.Assessed(3, firstSeen: Some.Moment.AddDays(-100)),
            Some.Assessed(4, firstSeen: Some.Moment.AddDays(-3)),
        ]);

        Assert.Equal((2, 3), ((int)Value("dormant-access", context).Value!, Value("dormant-access", context).SampleSize));
    }

    [Fact]
    public void Grandfathered_are_unapproved_tools_older_than_half_a_year()
    {
        var context = Some.Measured(
        [
            Some.Assessed(1, principal: Some.Principal(1) with { CreatedAt = Some.Moment.AddDays(-181) }),
            Some.Assessed(2, principal: Some.Principal(2) with { CreatedAt = Some.Moment.AddDays(-179) }),
            Some.Assessed(3, firstSeen: Some.Moment.AddDays(-190)),
            Some.Assessed(4, GovernanceState.Approved, firstSeen: Some.Moment.AddDays(-190)),
        ]);

        Assert.Equal((2, 3), ((int)Value("grandfathered-grants", context).Value!, Value("grandfathered-grants", context).SampleSize));
    }

    [Fact]
    public void Time_to_detect_is_the_median_over_tools_that_came_since_the_tenant_is_watched()
    {
        AssessedApp Tool(int number, double hours, int daysAgo = 5) => Some.Assessed(
            number,
            principal: Some.Principal(number) with { CreatedAt = Some.Moment.AddDays(-daysAgo) },
            firstSeen: Some.Moment.AddDays(-daysAgo).AddHours(hours));

        var measured = Value("time-to-detect", Some.Measured(
            [Tool(1, 2), Tool(2, 10), Tool(3, 20), Tool(4, 5000, 300), Tool(5, -4), Some.Assessed(6)], watchedSince: Some.Moment.AddDays(-100)));

        Assert.Equal((10m, 3), (measured.Value!.Value, measured.SampleSize));
        Assert.Equal([new KpiPart("p25", 6m), new("p75", 15m), new("p90", 18m)], measured.Parts.ToArray());
        Assert.Contains("2 left out", measured.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_to_decide_counts_decisions_and_time_to_remediate_every_resolution()
    {
        var context = Some.Measured(findings:
        [
            Some.Finding(subject: 1, opened: Some.Moment.AddHours(-50), resolved: Some.Moment.AddHours(-40), cause: ResolutionCause.Policy),
            Some.Finding(subject: 2, opened: Some.Moment.AddHours(-50), resolved: Some.Moment.AddHours(-20), cause: ResolutionCause.Policy),
            Some.Finding(subject: 3, opened: Some.Moment.AddHours(-50), resolved: Some.Moment, cause: ResolutionCause.CompleteEvidence),
            Some.Finding(subject: 4, opened: Some.Moment.AddDays(-300), resolved: Some.Moment.AddDays(-200), cause: ResolutionCause.Policy),
            Some.Finding(subject: 5),
        ]);

        Assert.Equal((20m, 2), (Value("time-to-decide", context).Value!.Value, Value("time-to-decide", context).SampleSize));
        Assert.Equal((30m, 3), (Value("time-to-remediate", context).Value!.Value, Value("time-to-remediate", context).SampleSize));
    }

    [Fact]
    public void Nothing_resolved_is_not_a_time_of_zero()
    {
        Assert.Null(Value("time-to-remediate", Some.Measured(findings: [Some.Finding()])).Value);
    }

    [Fact]
    public void Audit_cadence_counts_nights_with_a_complete_scan_once()
    {
        ScanNight Night(int daysAgo, bool complete = true) => new(Some.Moment.AddDays(-daysAgo), complete);

        var month = Value("audit-cadence", Some.Measured(nights: [Night(0), Night(0), Night(1, false), Night(2), Night(29), Night(30), Night(-1)]));
        var young = Value("audit-cadence", Some.Measured(nights: [Night(0), Night(3)], watchedSince: Some.Moment.AddDays(-3)));

        Assert.Equal((10m, 30), (month.Value!.Value, month.SampleSize));
        Assert.Equal((50m, 4), (young.Value!.Value, young.SampleSize));
    }

    [Fact]
    public void Overdue_reviews_add_up_reviews_approvals_and_requests()
    {
        var policy = Some.Policy(
            approved: [Some.Approval(expiresOn: Some.Day.AddDays(-1)), Some.Approval(reviewBy: Some.Day.AddDays(-1)), Some.Approval(expiresOn: Some.Day), Some.Approval()],
            underReview: [new ToolReview(Some.Tool(), Some.Day.AddDays(-1)), new ToolReview(Some.Tool(), null)]);
        var inventory = Some.Inventory() with { ConsentRequests = [Some.Request(oldest: Some.Moment.AddDays(-8)), Some.Request(oldest: Some.Moment.AddDays(-1))] };

        var measured = Value("overdue-reviews", Some.Measured(policy: policy, inventory: inventory));
        var unread = Value("overdue-reviews", Some.Measured(policy: policy, inventory: Some.Inventory().Without(InventoryPart.ConsentRequests)));

        Assert.Equal((4m, 6, true), (measured.Value!.Value, measured.SampleSize, measured.Complete));
        Assert.Equal((3m, false), (unread.Value!.Value, unread.Complete));
    }

    [Fact]
    public void New_consents_come_from_the_audit_log_one_for_each_act()
    {
        ConsentEvent Event(string id, int daysAgo, int app, Guid? act, string activity = "Consent to application", params string[] added) =>
            new(id, Some.Moment.AddDays(-daysAgo), activity, act, Some.Id(app), null, null, null, [.. added], []);

        var inventory = Some.Inventory() with
        {
            ConsentEvents =
            [
                Event("a", 40, 1, null), Event("b", 35, 1, null),
                Event("c", 3, 1, Some.Id(500)), Event("d", 3, 1, Some.Id(500), "Add delegated permission grant", "Mail.Read"),
                Event("e", 2, 1, null, "Remove delegated permission grant"), Event("f", 1, 99, null), Event("g", -1, 1, null),
            ],
        };

        var measured = Value("new-ai-consents", Some.Measured([Some.Assessed(1)], inventory: inventory));

        Assert.Equal(1m, measured.Value);
        Assert.Equal(new KpiPart("usual", 2), Assert.Single(measured.Parts));
        Assert.Contains("1 left out", measured.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_audit_log_new_tools_are_counted_by_first_sight_but_not_on_the_first_scan()
    {
        var inventory = Some.Inventory().Without(InventoryPart.ConsentEvents);
        AssessedApp[] apps = [Some.Assessed(1, firstSeen: Some.Moment.AddDays(-2)), Some.Assessed(2, firstSeen: Some.Moment.AddDays(-60)), Some.Assessed(3, firstSeen: Some.Moment.AddDays(-200))];

        Assert.Equal(1m, Value("new-ai-consents", Some.Measured(apps, inventory: inventory)).Value);
        Assert.Null(Value("new-ai-consents", Some.Measured(apps, inventory: inventory, watchedSince: Some.Moment)).Value);
    }

    [Fact]
    public void Training_coverage_needs_the_members_of_the_group()
    {
        var policy = Some.Policy() with { TrainingGroupId = Some.Id(3) };
        var inventory = Some.Inventory(grants: Some.Grants(Some.Grant(1, 11, "a"), Some.Grant(1, 12, "a"), Some.Grant(2, 13, "a"), Some.Grant(2, 11, "a")));
        AssessedApp[] apps = [Some.Assessed(1), Some.Assessed(2)];

        Assert.Null(Value("training-coverage", Some.Measured(apps, inventory: inventory, policy: policy)).Value);
        Assert.Equal(33.3m, Value("training-coverage", Some.Measured(apps, inventory: inventory with { TrainedUsers = [Some.Id(11), Some.Id(66)] }, policy: policy)).Value);
    }

    [Fact]
    public void The_index_weighs_what_is_available_and_shows_its_parts()
    {
        var context = Some.Measured(FourTools(), nights: [new(Some.Moment, true)], watchedSince: Some.Moment);

        var index = Value("governance-index", context);

        // approval 25 x 30, customer data 75 x 20, cadence 100 x 15, verified 75 x 10, tenant-wide 50 x 10; of 85
        Assert.Equal(decimal.Round(5000m / 85, 1, MidpointRounding.AwayFromZero), index.Value);
        Assert.Equal(["approval-coverage", "customer-data-exposure-unapproved", "audit-cadence", "verified-publisher-share", "tenant-wide-grants"], index.Parts.Select(part => part.Name));
        Assert.InRange(index.Parts.Sum(part => part.Weight!.Value), 0.999m, 1.001m);
        Assert.Contains("2 of 7", index.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_and_the_index_have_a_value_over_complete_inputs_only()
    {
        var before = KpiCatalogue.Measure(Some.Measured(FourTools()));
        foreach (var part in Inventory.Needed)
        {
            foreach (var inventory in new[] { Some.Inventory(partial: part), Some.Inventory().Without(part) })
            {
                var values = KpiCatalogue.Measure(Some.Measured(FourTools(), inventory: inventory, previous: [.. before]));

                Assert.All(values.Where(value => !value.Complete), value =>
                {
                    Assert.Equal(Trend.None, value.Trend);
                    Assert.True(value.Value is null || value.Unit is not ("percent" or "index"), $"{value.Id} is {value.Value} without {part}");
                });
                Assert.True(values.Single(value => value.Id == "governance-index") is { Value: null, Complete: false, Parts.IsEmpty: true }, $"{part}");
            }
        }
    }

    [Fact]
    public void An_approval_that_could_not_be_assessed_leaves_counts_marked_and_shares_without_a_value()
    {
        var tools = FourTools();
        tools[0] = tools[0] with { Standing = tools[0].Standing with { NotAssessed = "the departments of its users" } };

        var values = KpiCatalogue.Measure(Some.Measured(tools));

        foreach (var id in new[] { "approval-coverage", "customer-data-exposure-unapproved", "governance-index" })
        {
            Assert.True(values.Single(value => value.Id == id) is { Value: null, Complete: false }, id);
        }

        foreach (var id in new[] { "unapproved-ai-tools", "exposed-users", "permission-drift", "grandfathered-grants" })
        {
            Assert.True(values.Single(value => value.Id == id) is { Value: not null, Complete: false }, id);
        }

        Assert.All(values.Where(value => value.Id is "ai-tools-in-use" or "tenant-wide-grants" or "verified-publisher-share"), value => Assert.True(value.Complete, value.Id));
    }

    [Fact]
    public void The_cost_scenario_is_off_unless_configured()
    {
        var value = Value("cost-scenario", Some.Measured(FourTools()));

        Assert.Equal((null, "off"), (value.Value, value.Note));
    }
}
