using System.Collections.Immutable;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Brightwave;

/// <summary>Which consents exist on a night. Who uses which app does not depend on the night, only how many do.</summary>
internal sealed class BrightwaveConsents
{
    private readonly ulong seed;
    private readonly ImmutableArray<AppPlan> apps;
    private readonly ImmutableArray<SimulatedServicePrincipal> resources;
    private readonly Dictionary<Guid, ImmutableArray<SimulatedUser>> adopters;

    public BrightwaveConsents(
        ulong seed, ImmutableArray<AppPlan> apps, ImmutableArray<SimulatedServicePrincipal> resources, ImmutableArray<SimulatedUser> people)
    {
        (this.seed, this.apps, this.resources) = (seed, apps, resources);
        adopters = apps.ToDictionary(app => app.Id, app => Adopters(app, people));
    }

    /// <summary>The users of an app in the order in which they found it.</summary>
    public ImmutableArray<SimulatedUser> AdoptersOf(AppPlan app) => adopters[app.Id];

    public IEnumerable<SimulatedGrant> On(int night)
    {
        var (graph, sharePoint) = (resources[0].Id, resources[1].Id);
        foreach (var app in apps.Where(app => app.ExistsOn(night)))
        {
            var scopes = app.ScopesOn(night);
            if (app.TenantWide && !(night >= app.GoneAt))
            {
                yield return Grant(app.Id, graph, null, scopes);
            }

            foreach (var user in adopters[app.Id].Take(app.UsersOn(night)))
            {
                yield return Grant(app.Id, graph, user.Id, scopes);
                if (app.UsesSharePoint)
                {
                    yield return Grant(app.Id, sharePoint, user.Id, "AllSites.Read MyFiles.Read");
                }
            }
        }

        // Left over from an app and an API that were deleted: the client, or the resource, is no longer in the directory.
        var gone = StableGuid.Named(seed, RowKind.ServicePrincipal, "deleted app");
        yield return Grant(gone, graph, StableGuid.Create(seed, RowKind.User, 20), ScopeSets.Named("mail"));
        yield return Grant(apps[^1].Id, gone, StableGuid.Create(seed, RowKind.User, 21), "user_impersonation");
    }

    private SimulatedGrant Grant(Guid client, Guid resource, Guid? principal, string scopes)
    {
        var hash = Hash.Mix(seed, GrantId.Encode(new GrantKey(client, resource, principal)));
        return new SimulatedGrant(client, resource, principal, ScopeSets.Raw(scopes, hash));
    }

    private ImmutableArray<SimulatedUser> Adopters(AppPlan app, ImmutableArray<SimulatedUser> people) =>
        Adopters(app, people, Hash.Mix(seed, app.Id.ToString()));

    private static ImmutableArray<SimulatedUser> Adopters(AppPlan app, ImmutableArray<SimulatedUser> people, ulong taste) =>
    [
        .. people
            .Select((person, index) => (Person: person, Order: Hash.Fraction(Hash.Mix(taste, 0, (ulong)index))
                * (app.MarketingFirst && BrightwavePeople.MarketingDepartments.Contains(person.Department ?? "") ? 0.25 : 1)
                * (person.UserType == "Guest" ? 4 : 1)))
            .OrderBy(candidate => candidate.Order)
            .Take(Math.Max(app.UsersFirst, app.UsersLast) + app.AssignedUsers + 1)
            .Select(candidate => candidate.Person),
    ];
}
