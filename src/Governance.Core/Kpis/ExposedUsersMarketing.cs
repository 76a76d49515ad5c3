using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class ExposedUsersMarketing : IKpi
{
    public string Id => "exposed-users-marketing";

    public string Unit => "users";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "Distinct people of the departments of interest whom a delegated consent to an unapproved AI tool reaches.";

    public string Owner => "marketing";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.Users];

    public bool CountsApprovals => true;

    public KpiReading Measure(KpiContext context)
    {
        if (context.Policy.DepartmentsOfInterest.IsEmpty)
        {
            return KpiReading.NothingToMeasure("no department of interest is configured");
        }

        return new KpiReading(context.Exposed.OfInterest, context.Exposed.Members)
        {
            Whole = context.Exposed.Certain,
            Note = context.Exposed.Certain ? null : "not everyone reached could be counted",
        };
    }
}
