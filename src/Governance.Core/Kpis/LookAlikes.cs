using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class LookAlikes : IKpi
{
    public string Id => "look-alikes";

    public string Unit => "count";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "Apps in the tenant that imitate a known product.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals];

    public KpiReading Measure(KpiContext context) =>
        new(context.Apps.Count(app => app.Classification.Lookalike is not null), context.AppCount);
}
