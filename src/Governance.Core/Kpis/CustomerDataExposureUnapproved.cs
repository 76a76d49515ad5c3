using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class CustomerDataExposureUnapproved : IKpi
{
    public string Id => "customer-data-exposure-unapproved";

    public string Unit => "percent";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "Share of the AI tools in use that hold a permission which opens customer PII and are not approved.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public bool CountsApprovals => true;

    public KpiReading Measure(KpiContext context) => KpiReading.Share(
        context.AiInUse.Count(app => app.Unapproved && CustomerDataExposure.Opens(app)), context.AiInUse.Length, "no AI tool is in use");
}
