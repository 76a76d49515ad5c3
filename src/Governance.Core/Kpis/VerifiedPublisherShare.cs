using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class VerifiedPublisherShare : IKpi
{
    public string Id => "verified-publisher-share";

    public string Unit => "percent";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => false;

    public string Definition =>
        "Share of the AI tools in use whose publisher Microsoft has verified.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public KpiReading Measure(KpiContext context) => KpiReading.Share(
        context.AiInUse.Count(app => app.App.Principal.VerifiedPublisher is not null), context.AiInUse.Length, "no AI tool is in use");
}
