using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Policy;

namespace Governance.Core.Kpis;

internal sealed class CostScenario : IKpi
{
    public string Id => "cost-scenario";

    public string Unit => "money";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "A scenario, not a forecast: the cost of one breach, between the policy's sourced figures for little and for much shadow AI, in proportion to the share of AI tools in use that are not approved. What policy and tooling save is given beside it and not taken off. Off unless the policy gives the figures.";

    public string Owner => "legal";

    public ImmutableArray<InventoryPart> RestsOn => [];

    public bool CountsApprovals => true;

    public KpiReading Measure(KpiContext context)
    {
        if (context.Policy.CostScenario is not { } scenario)
        {
            return KpiReading.NothingToMeasure("off");
        }

        var missing = Needed.Select(context.Part).Where(part => !part.Complete).Select(part => PartNames.Of(part.Part)).ToArray();
        var inUse = context.AiInUse.Length;
        var share = inUse == 0 ? 0m : (decimal)context.AiInUse.Count(app => app.Unapproved) / inUse;
        var (low, high) = (scenario.LittleShadowAi.Amount, scenario.MuchShadowAi.Amount);
        var cost = decimal.Round(low + ((high - low) * share), 0, MidpointRounding.AwayFromZero);
        return new KpiReading(cost, inUse, Sources(scenario) + (missing.Length == 0 ? string.Empty : $"; not read whole: {string.Join(", ", missing)}"))
        {
            Whole = missing.Length == 0,
            Parts =
            [
                new("low", low),
                new("high", high),
                new("customer-pii", decimal.Round(cost * scenario.CustomerPiiShare.Amount / 100m, 0, MidpointRounding.AwayFromZero)),
                new("saved-by-policy", scenario.SavedByPolicy.Amount),
                new("saved-by-tooling", scenario.SavedByTooling.Amount),
            ],
        };
    }

    private static readonly InventoryPart[] Needed = [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    private static string Sources(CostScenarioSetting scenario)
    {
        var sources = new[] { scenario.MuchShadowAi, scenario.LittleShadowAi, scenario.CustomerPiiShare, scenario.SavedByPolicy, scenario.SavedByTooling }
            .Select(figure => FormattableString.Invariant($"{figure.Source} ({figure.Year})")).Distinct(StringComparer.Ordinal);
        return $"scenario in {scenario.Currency}, not a forecast; figures from {string.Join("; ", sources)}";
    }
}
