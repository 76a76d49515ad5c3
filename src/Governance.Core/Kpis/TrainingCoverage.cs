using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class TrainingCoverage : IKpi
{
    public string Id => "training-coverage";

    public string Unit => "percent";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => false;

    public string Definition =>
        "Share of the people with a consent of their own to an AI tool who are in the training group.";

    public string Owner => "marketing";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants];

    public KpiReading Measure(KpiContext context)
    {
        if (context.Policy.TrainingGroupId is null)
        {
            return KpiReading.NothingToMeasure("no training group is configured");
        }

        if (context.Inventory.TrainedUsers is not { } trained)
        {
            return KpiReading.NotAvailable("members of the training group were not read");
        }

        var grants = context.Inventory.Grants;
        var users = new HashSet<Guid>();
        foreach (var app in context.AiInUse)
        {
            foreach (var principal in grants.PrincipalColumn[grants.RowsOf(app.Id)])
            {
                if (principal != DelegatedPermissionGrants.TenantWide)
                {
                    users.Add(grants.Principals[principal]);
                }
            }
        }

        return KpiReading.Share(users.Count(trained.Contains), users.Count, "nobody consented to an AI tool");
    }
}
