using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class AiToolsInUse : IKpi
{
    public string Id => "ai-tools-in-use";

    public string Unit => "count";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => false;

    public string Definition =>
        "AI products, Microsoft's own left out, that hold at least one consent.";

    public string Owner => "marketing";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public KpiReading Measure(KpiContext context) => new(context.AiInUse.Length, context.AppCount);
}
