using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Kpis;

namespace Governance.Core.Tests.Kpis;

public class KpiCatalogueTests
{
    private static readonly string[] Promised =
    [
        "ai-tools-in-use", "unapproved-ai-tools", "approval-coverage", "exposed-users", "exposed-users-marketing", "customer-data-exposure",
        "tenant-wide-grants", "new-ai-consents", "time-to-detect", "time-to-decide", "time-to-remediate", "overdue-reviews", "permission-drift",
        "audit-cadence", "verified-publisher-share", "dormant-access", "look-alikes", "grandfathered-grants", "training-coverage", "governance-index",
        "cost-scenario",
    ];

    [Fact]
    public void Every_promised_KPI_is_measured_once()
    {
        var ids = KpiCatalogue.Measure(Some.Measured()).Select(value => value.Id).ToArray();

        Assert.Empty(Promised.Except(ids));
        Assert.Distinct(ids);
    }

    [Fact]
    public void Every_KPI_has_a_line_in_the_list_an_owner_and_a_definition()
    {
        var classes = typeof(KpiCatalogue).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IKpi)));

        Assert.Equal(classes.Count(), KpiCatalogue.All.Length);
        Assert.All(KpiCatalogue.All, kpi =>
        {
            Assert.Contains(kpi.Unit, new[] { "count", "percent", "hours", "index", "users", "money" });
            Assert.Contains(kpi.Owner, new[] { "marketing", "security", "legal" });
            Assert.EndsWith(".", kpi.Definition, StringComparison.Ordinal);
            Assert.Equal(kpi, KpiCatalogue.ById(kpi.Id));
        });
    }

    [Fact]
    public void A_part_that_could_not_be_read_makes_the_value_not_available_and_never_zero()
    {
        var context = Some.Measured([Some.Assessed(1)], inventory: Some.Inventory().Without(InventoryPart.Oauth2PermissionGrants));

        foreach (var value in KpiCatalogue.Measure(context).Where(value => KpiCatalogue.ById(value.Id)!.RestsOn.Contains(InventoryPart.Oauth2PermissionGrants)))
        {
            Assert.Null(value.Value);
            Assert.False(value.Complete);
            Assert.Contains("oauth2PermissionGrants", value.Note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_part_read_in_half_leaves_the_value_but_says_so()
    {
        var context = Some.Measured([Some.Assessed(1)], inventory: Some.Inventory(partial: InventoryPart.ServicePrincipals));

        var value = KpiCatalogue.Measure(context).Single(value => value.Id == "ai-tools-in-use");

        Assert.Equal(1, value.Value);
        Assert.False(value.Complete);
        Assert.Contains("not read whole: servicePrincipals", value.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, Trend.Flat)]
    [InlineData(2, Trend.Down)]
    [InlineData(0, Trend.Up)]
    public void Target_comes_from_the_policy_and_trend_from_the_last_complete_value(int previous, Trend expected)
    {
        var policy = Some.Policy() with { KpiTargets = ImmutableSortedDictionary<string, decimal>.Empty.Add("ai-tools-in-use", 4) };
        var before = new KpiValue("ai-tools-in-use", previous, "count", null, null, Trend.None, 1, 1, true, null);

        var value = KpiCatalogue.Measure(Some.Measured([Some.Assessed(1)], previous: [before], policy: policy)).Single(value => value.Id == "ai-tools-in-use");

        Assert.Equal((4m, previous, expected), (value.Target!.Value, (int)value.Previous!.Value, value.Trend));
    }

    [Fact]
    public void A_previous_value_of_another_definition_is_not_compared_with()
    {
        var before = new KpiValue("ai-tools-in-use", 9, "count", null, null, Trend.None, 1, 99, true, null);

        var value = KpiCatalogue.Measure(Some.Measured([Some.Assessed(1)], previous: [before])).Single(value => value.Id == "ai-tools-in-use");

        Assert.Equal((null, Trend.None), (value.Previous, value.Trend));
    }

    [Fact]
    public void The_same_facts_give_the_same_values_in_any_order()
    {
        var apps = Enumerable.Range(1, 40).Select(number => Some.Assessed(number, (Governance.Core.Policy.GovernanceState)(number % 7))).ToArray();

        static string Text(ImmutableArray<KpiValue> values) =>
            string.Join('\n', values.Select(value => $"{value with { Parts = [] }} {string.Join(' ', value.Parts)}"));

        Assert.Equal(Text(KpiCatalogue.Measure(Some.Measured(apps))), Text(KpiCatalogue.Measure(Some.Measured([.. apps.Reverse()]))));
    }
}
