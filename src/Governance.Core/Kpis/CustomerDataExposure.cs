using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Risk;

namespace Governance.Core.Kpis;

internal sealed class CustomerDataExposure : IKpi
{
    public string Id => "customer-data-exposure";

    public string Unit => "percent";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "Share of the AI tools in use that hold a permission which opens customer PII.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public KpiReading Measure(KpiContext context) =>
        KpiReading.Share(context.AiInUse.Count(Opens), context.AiInUse.Length, "no AI tool is in use");

    internal static bool Opens(AssessedApp app) =>
        app.Permissions.Any(permission => permission.Rating.Categories.Contains(DataCategory.CustomerPii));
}
