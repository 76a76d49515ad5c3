using System.Collections.Immutable;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Brightwave;

/// <summary>
/// Brightwave Collective, a made-up marketing group with offices in seven countries, over twelve weeks in which AI tools
/// spread, one as a craze; some leave, one comes back, one asks for more, one is blocked, one is verified.
/// </summary>
public static class MarketingOrganisation
{
    /// <summary>Number of states; each is a week after the one before.</summary>
    public const int Nights = 12;

    /// <summary>The first night unless another start is given.</summary>
    public static readonly DateTimeOffset DefaultStart = new(2026, 1, 5, 2, 0, 0, TimeSpan.Zero);

    /// <param name="seed">Chooses names, ids and who uses what; the same seed gives the same organisation.</param>
    /// <param name="night">From 0 to 11.</param>
    /// <param name="start">The moment of night 0; null for <see cref="DefaultStart"/>.</param>
    public static SimulatedTenant Create(int seed, int night, DateTimeOffset? start = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(night);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(night, Nights);
        var first = start ?? DefaultStart;
        var key = Hash.Mix((ulong)seed, "brightwave");
        var tenantId = StableGuid.Create(key, RowKind.Tenant, 0);
        var apps = BrightwaveApps.All(key, tenantId);
        var people = BrightwavePeople.All(key);
        var groups = Groups(key, people);
        ImmutableArray<SimulatedServicePrincipal> resources =
            [.. Enumerable.Range(0, ResourceCatalogue.KnownCount).Select(index => ResourceCatalogue.Resource(key, index, first.AddYears(-6)))];
        var consents = new BrightwaveConsents(key, apps, resources, people);
        return new SimulatedTenant(new TenantState
        {
            Seed = key,
            TenantId = tenantId,
            DisplayName = "Brightwave Collective",
            Domain = "brightwave-collective.example",
            AsOf = first.AddDays(7 * night),
            ServicePrincipals = TenantState.TableOf(new ListSource<Guid, SimulatedServicePrincipal>(
                [.. resources, .. apps.Where(app => app.ExistsOn(night)).Select(app => app.On(night, first, key))], row => row.Id, row => row.Id)),
            Users = TenantState.TableOf(new ListSource<Guid, SimulatedUser>(people, row => row.Id, row => row.Id)),
            Grants = TenantState.TableOf(new ListSource<GrantKey, SimulatedGrant>(consents.On(night), row => row.Key, row => row.ClientId)),
            Assignments = TenantState.TableOf(new ListSource<AssignmentKey, SimulatedAssignment>(
                BrightwaveAssignments.On(night, key, first, apps, resources, consents, groups), row => row.Key, row => row.ResourceId)),
            Groups = groups,
            AuditEvents = BrightwaveEvents.Until(night, key, first, apps, resources, people, consents),
            ConsentRequests = BrightwaveRequests.On(night, key, first, people),
            SignInActivities = BrightwaveEvents.SignIns(night, key, first, apps),
        });
    }

    private static ImmutableArray<SimulatedGroup> Groups(ulong seed, ImmutableArray<SimulatedUser> people) =>
    [
        Group(seed, "AI pilot group", people.Where((person, index) => index % 21 == 3 && person.UserType == "Member")),
        Group(seed, "AI training completed", people.Where((person, index) => index % 4 == 1 && person.UserType == "Member")),
        Group(seed, "Marketing all", people.Where(person => BrightwavePeople.MarketingDepartments.Contains(person.Department ?? ""))),
        Group(seed, "Agency partners", people.Where(person => person.UserType == "Guest")),
    ];

    private static SimulatedGroup Group(ulong seed, string name, IEnumerable<SimulatedUser> members) =>
        new(StableGuid.Named(seed, RowKind.Group, name), name, [.. members.Select(member => member.Id)]);
}
