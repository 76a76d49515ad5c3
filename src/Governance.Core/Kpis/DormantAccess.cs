using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class DormantAccess : IKpi
{
    public string Id => "dormant-access";

    public string Unit => "count";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "AI tools in use that nobody signed in to for as many days as the policy calls dormant; tools newer than that are left out of the sample.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments, InventoryPart.SignInActivity];

    public KpiReading Measure(KpiContext context)
    {
        var boundary = context.AsOf.AddDays(-context.Policy.DormantAfterDays);
        var old = context.AiInUse.Where(app => (app.App.LastSignIn ?? app.App.Principal.CreatedAt ?? app.FirstSeen) <= boundary).ToArray();
        var young = context.AiInUse.Count(app => app.App.LastSignIn is null && (app.App.Principal.CreatedAt ?? app.FirstSeen) > boundary);

        // Without a date, and with a list not read whole, nothing is known of the tool.
        var listed = context.Part(InventoryPart.SignInActivity).Complete;
        return new KpiReading(old.Count(app => listed || app.App.LastSignIn is not null), context.AiInUse.Length - young);
    }
}
