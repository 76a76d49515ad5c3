using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class TenantWideGrants : IKpi
{
    public string Id => "tenant-wide-grants";

    public string Unit => "count";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "AI tools in use with a consent for every user or with an application permission.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public KpiReading Measure(KpiContext context) => new(
        context.AiInUse.Count(app => app.App.Reach.TenantWide || app.App.HoldsApplicationPermission), context.AiInUse.Length);
}
