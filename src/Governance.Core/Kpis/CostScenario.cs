using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class CostScenario : IKpi
{
    public string Id => "cost-scenario";

    public string Unit => "money";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "A bounded breach-cost scenario from sourced figures of the policy; a scenario, not a forecast. Off unless the policy configures it.";

    public string Owner => "legal";

    public ImmutableArray<InventoryPart> RestsOn => [];

    public KpiReading Measure(KpiContext context) => KpiReading.NothingToMeasure("off");
}
