using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class UnapprovedAiTools : IKpi
{
    public string Id => "unapproved-ai-tools";

    public string Unit => "count";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "AI tools in use whose governance state is anything but approved: under review, unapproved, denied, drifted or expired.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public bool CountsApprovals => true;

    public KpiReading Measure(KpiContext context) => new(context.AiInUse.Count(app => app.Unapproved), context.AiInUse.Length);
}
