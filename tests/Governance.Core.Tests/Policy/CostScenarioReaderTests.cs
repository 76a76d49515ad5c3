using Governance.Core.Kpis;
using Governance.Core.Policy;

namespace Governance.Core.Tests.Policy;

public class CostScenarioReaderTests
{
    internal const string Scenario = """
        costScenario:
          currency: USD
          breachCostMuchShadowAi: {amount: 5000000, source: Study A, year: 2025}
          breachCostLittleShadowAi: {amount: 4000000.5, source: Study A, year: 2025}
          customerPiiShare: {amount: 65, source: "Study B, page 12", year: 2025}
          savedByPolicy: {amount: 100000, source: Study C, year: 2025}
          savedByTooling: {amount: 200000, source: Study C, year: 2025}
        """;

    [Fact]
    public void Figures_arrive_with_source_and_year()
    {
        var scenario = DigestSettingReaderTests.Good(Scenario).CostScenario!;

        Assert.Equal(("USD", 5_000_000m, 4_000_000.5m), (scenario.Currency, scenario.MuchShadowAi.Amount, scenario.LittleShadowAi.Amount));
        Assert.Equal(new SourcedFigure(65, "Study B, page 12", 2025), scenario.CustomerPiiShare);
    }

    [Theory]
    [InlineData("  savedByTooling: {amount: 200000, source: Study C, year: 2025}", "", "'savedByTooling' is missing")]
    [InlineData("source: Study A, ", "", "has no 'source'")]
    [InlineData("amount: 65", "amount: 101", "from 0 to 100")]
    [InlineData("amount: 65", "amount: -1", "from 0 to 100")]
    [InlineData("year: 2025", "year: soon", "whole number")]
    [InlineData("4000000.5", "6000000", "greater than")]
    [InlineData("USD", "dollars", "three letters")]
    [InlineData("{amount: 65, source: \"Study B, page 12\", year: 2025}", "65", "a group with amount")]
    public void A_scenario_is_whole_or_refused(string replaced, string by, string says)
    {
        var problems = DigestSettingReaderTests.Bad(Scenario.Replace(replaced, by, StringComparison.Ordinal));

        Assert.Contains(problems, problem => problem.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_figures_the_scenario_is_off_and_not_zero()
    {
        var value = KpiCatalogue.Measure(Some.Measured([Some.Assessed(1)])).Single(kpi => kpi.Id == "cost-scenario");

        Assert.Null(value.Value);
        Assert.Equal("off", value.Note);
    }

    [Theory]
    [InlineData(0, 0, 4_000_001)]
    [InlineData(0, 4, 4_000_001)]
    [InlineData(1, 4, 4_250_000)]
    [InlineData(4, 4, 5_000_000)]
    public void The_cost_lies_between_the_bounds_in_proportion_to_what_is_not_approved(int unapproved, int inUse, int cost)
    {
        var policy = GovernancePolicy.BuiltIn with { CostScenario = DigestSettingReaderTests.Good(Scenario).CostScenario };
        var apps = Enumerable.Range(1, inUse).Select(n => Some.Assessed(n, n <= unapproved ? GovernanceState.Denied : GovernanceState.Approved)).ToArray();

        var value = KpiCatalogue.Measure(Some.Measured(apps, policy: policy)).Single(kpi => kpi.Id == "cost-scenario");

        Assert.Equal((cost, "money", inUse), (value.Value, value.Unit, value.SampleSize));
        Assert.Equal("scenario in USD, not a forecast; figures from Study A (2025); Study B, page 12 (2025); Study C (2025)", value.Note);
        Assert.Equal(["low", "high", "customer-pii", "saved-by-policy", "saved-by-tooling"], value.Parts.Select(part => part.Name));
        Assert.Equal(decimal.Round(cost * 0.65m, 0, MidpointRounding.AwayFromZero), value.Parts[2].Value);
    }
}
