using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;

namespace Governance.Core.Kpis;

internal sealed class ExposedUsers : IKpi
{
    public string Id => "exposed-users";

    public string Unit => "users";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "Distinct people whom a delegated consent to an unapproved AI tool reaches; a consent for every user reaches everyone it covers.";

    public string Owner => "marketing";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants];

    public bool CountsApprovals => true;

    public KpiReading Measure(KpiContext context) => new(context.Exposed.Everywhere, context.Exposed.Tools)
    {
        Whole = context.Exposed.Certain,
        Note = context.Exposed.Certain ? null : "not everyone reached could be counted",
    };

    /// <summary>Who is reached by unapproved AI tools.</summary>
    /// <param name="Everywhere">Distinct people.</param>
    /// <param name="OfInterest">Those of them in a department of interest.</param>
    /// <param name="Members">People in a department of interest: enabled members, and others who are reached.</param>
    /// <param name="Tools">Unapproved AI tools counted over.</param>
    /// <param name="Certain">False when the true number may be higher.</param>
    internal sealed record People(int Everywhere, int OfInterest, int Members, int Tools, bool Certain)
    {
        public static People Of(ImmutableArray<AssessedApp> apps, Inventory inventory, GovernancePolicy policy)
        {
            var crowd = new Crowd(inventory);
            var reached = crowd.Nobody();
            var tools = 0;
            var certain = true;
            foreach (var app in apps.Where(app => app.Unapproved && app.App.Grants > 0))
            {
                crowd.AddReached(app.App, reached);
                certain &= app.App.Reach.Certain;
                tools++;
            }

            var ofInterest = crowd.InDepartments(policy.Departments);
            return new People(reached.Count, reached.CountIn(ofInterest), crowd.Reachable.With(reached).CountIn(ofInterest), tools, certain);
        }
    }
}
