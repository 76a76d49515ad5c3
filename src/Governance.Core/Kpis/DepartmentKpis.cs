using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;

namespace Governance.Core.Kpis;

/// <summary>KPIs of one department: those that count tools by who uses them, and people.</summary>
/// <param name="Department">Name as reports use it.</param>
/// <param name="People">Enabled members in it.</param>
/// <param name="Values">In the order of <see cref="KpiCatalogue.All"/>; without target and trend, which are set for the whole organisation.</param>
public sealed record DepartmentKpis(string Department, int People, ImmutableArray<KpiValue> Values)
{
    /// <summary>KPIs that make sense for a department; times, reviews and cadence belong to the organisation.</summary>
    public static readonly ImmutableArray<string> Ids =
        ["ai-tools-in-use", "unapproved-ai-tools", "approval-coverage", "exposed-users", "customer-data-exposure", "verified-publisher-share"];

    /// <summary>A tool counts for every department in which a consent of it reaches somebody.</summary>
    /// <returns>Departments by name; those of interest first. Empty when users were not read.</returns>
    public static ImmutableArray<DepartmentKpis> Of(ImmutableArray<AssessedApp> apps, Inventory inventory, GovernancePolicy policy)
    {
        if (inventory.Part(InventoryPart.Users).Status is PartStatus.Unavailable or PartStatus.Skipped)
        {
            return [];
        }

        var crowd = new Crowd(inventory);
        var inUse = apps.Where(app => app.AiInUse).ToArray();
        var exposed = crowd.Nobody();
        foreach (var app in inUse.Where(app => app.Unapproved && app.App.Grants > 0))
        {
            crowd.AddReached(app.App, exposed);
        }

        var ofInterest = policy.DepartmentsOfInterest.Select(department => department.Name).ToHashSet(StringComparer.Ordinal);
        var complete = new[] { InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments, InventoryPart.Users }
            .All(part => inventory.Part(part).Complete);
        return
        [
            .. inventory.Users.Departments.ToArray().Select(policy.Departments.NameOf).OfType<string>().Distinct(StringComparer.Ordinal)
                .OrderByDescending(ofInterest.Contains).ThenBy(name => name, StringComparer.Ordinal)
                .Select(name => One(name, crowd, exposed, inUse, inventory, policy, complete)),
        ];
    }

    private static DepartmentKpis One(
        string name, Crowd crowd, Crowd.People exposed, AssessedApp[] inUse, Inventory inventory, GovernancePolicy policy, bool complete)
    {
        var people = crowd.Whose(policy.Departments, other => other == name);
        ImmutableArray<AssessedApp> own = [.. inUse.Where(app => app.App.Reach.ByDepartment.ContainsKey(name))];
        var context = new KpiContext(own, [], inventory, [], [], policy, inventory.ReadAt, inventory.ReadAt);
        var certain = complete && own.All(app => app.App.Reach.Certain);
        return new DepartmentKpis(
            name,
            crowd.Reachable.CountIn(people),
            [.. Ids.Select(id =>
            {
                var kpi = KpiCatalogue.ById(id)!;
                var reading = id == "exposed-users"
                    ? new KpiReading(exposed.CountIn(people), own.Count(app => app.Unapproved)) { Whole = certain && context.Unconfirmed == 0 }
                    : KpiCatalogue.ReadOver(kpi, context, certain);
                return new KpiValue(id, reading.Value, kpi.Unit, null, null, Trend.None, reading.SampleSize, kpi.DefinitionVersion, reading.Whole, reading.Note);
            })]);
    }
}
