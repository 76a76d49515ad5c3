using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class GrandfatheredGrants : IKpi
{
    public string Id => "grandfathered-grants";

    public string Unit => "count";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "AI tools in use without approval that came to the tenant more than 180 days ago; where the directory gives no date, the first scan that saw the tool counts.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public bool CountsApprovals => true;

    private const int Days = 180;

    public KpiReading Measure(KpiContext context)
    {
        var boundary = context.AsOf.AddDays(-Days);
        var unapproved = context.AiInUse.Where(app => app.Unapproved).ToArray();
        return new KpiReading(unapproved.Count(app => (app.App.Principal.CreatedAt ?? app.FirstSeen) < boundary), unapproved.Length);
    }
}
