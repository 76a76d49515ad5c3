using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Policy;

namespace Governance.Core.Kpis;

internal sealed class PermissionDrift : IKpi
{
    public string Id => "permission-drift";

    public string Unit => "count";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "AI tools in use with an approval that go beyond it; the sample is the AI tools whose approval has not ended.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments, InventoryPart.Users];

    public bool CountsApprovals => true;

    public KpiReading Measure(KpiContext context)
    {
        var drifted = context.AiInUse.Count(app => app.Standing.State == GovernanceState.Drifted);
        return new KpiReading(drifted, drifted + context.AiInUse.Count(app => app.Standing.State == GovernanceState.Approved));
    }
}
