using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class ApprovalCoverage : IKpi
{
    public string Id => "approval-coverage";

    public string Unit => "percent";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => false;

    public string Definition =>
        "Share of the AI tools in use that are approved and within the bounds of their approval.";

    public string Owner => "marketing";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public bool CountsApprovals => true;

    public KpiReading Measure(KpiContext context) =>
        KpiReading.Share(context.AiInUse.Count(app => !app.Unapproved), context.AiInUse.Length, "no AI tool is in use");
}
