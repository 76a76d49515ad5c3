using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Kpis;
using Governance.Core.Policy;

namespace Governance.Core.Digest;

/// <summary>One figure of the breach-cost scenario as people read it.</summary>
/// <param name="Amount">With its currency, or as a percentage.</param>
/// <param name="Source">Where it comes from, as the policy says; null for what is computed here.</param>
/// <param name="Year">Null as for <paramref name="Source"/>.</param>
public sealed record CostFigure(string Label, string Amount, string? Source, string? Year)
{
    /// <returns>The sourced figures, then what follows from them for this tenant; empty when the policy gives none.</returns>
    public static ImmutableArray<CostFigure> Of(GovernancePolicy policy, KpiValue? kpi, DigestWords words)
    {
        if (policy.CostScenario is not { } scenario || kpi is null)
        {
            return [];
        }

        var language = words.Language;
        CostFigure Sourced(string key, SourcedFigure figure, string unit) => new(
            language.Text($"cost.{key}"), words.Figure(figure.Amount, unit), figure.Source, figure.Year.ToString(CultureInfo.InvariantCulture));
        var figures = ImmutableArray.Create(
            Sourced("little", scenario.LittleShadowAi, "money"),
            Sourced("much", scenario.MuchShadowAi, "money"),
            Sourced("share", scenario.CustomerPiiShare, "percent"),
            Sourced("policy", scenario.SavedByPolicy, "money"),
            Sourced("tooling", scenario.SavedByTooling, "money"));
        if (kpi.Value is { } here)
        {
            figures = figures.Add(new CostFigure(language.Text("cost.here"), words.Figure(here, "money"), null, null));
            if (kpi.Parts.FirstOrDefault(part => part.Name == "customer-pii") is { Name: not null } exposed)
            {
                figures = figures.Add(new CostFigure(language.Text("cost.here.customer"), words.Figure(exposed.Value, "money"), null, null));
            }
        }

        return figures;
    }
}
