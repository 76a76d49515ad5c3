using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class ExposedUsersMarketingShare : IKpi
{
    public string Id => "exposed-users-marketing-share";

    public string Unit => "percent";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "People of the departments of interest whom an unapproved AI tool reaches, as a share of the people in these departments (enabled members, and disabled ones or guests who are reached).";

    public string Owner => "marketing";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.Users];

    public bool CountsApprovals => true;

    public KpiReading Measure(KpiContext context)
    {
        if (context.Policy.DepartmentsOfInterest.IsEmpty)
        {
            return KpiReading.NothingToMeasure("no department of interest is configured");
        }

        return KpiReading.Share(context.Exposed.OfInterest, context.Exposed.Members, "nobody is in a department of interest") with
        {
            Whole = context.Exposed.Certain,
        };
    }
}
