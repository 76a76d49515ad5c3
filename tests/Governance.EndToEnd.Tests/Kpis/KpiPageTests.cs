using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.EndToEnd.Tests.Layout;

namespace Governance.EndToEnd.Tests.Kpis;

public sealed class KpiPageTests
{
    [Fact]
    public void The_page_of_figures_says_what_the_program_counts()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/kpis.md"));

        Assert.All(KpiCatalogue.All, kpi =>
        {
            var target = GovernancePolicy.BuiltIn.KpiTargets.TryGetValue(kpi.Id, out var value) ? value.ToString("0") : "none";
            Assert.Contains($"| `{kpi.Id}` | {kpi.Definition} | {kpi.Unit} | {(kpi.LowerIsBetter ? "lower" : "higher")} | {target} | {kpi.Owner} | {kpi.DefinitionVersion} |", page, StringComparison.Ordinal);
        });
    }
}
