using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>What is true of a tenant, computed from its rows and not from what it serves: tests compare their findings with it.</summary>
/// <param name="Apps">Every service principal that holds or receives something, and clients of grants that are gone from the directory, by object id.</param>
/// <param name="EnabledMembers">Users who can sign in and are no guests.</param>
/// <param name="Users">All users.</param>
public sealed record TenantTruth(ImmutableSortedDictionary<Guid, AppTruth> Apps, int EnabledMembers, int Users)
{
    public static TenantTruth Of(SimulatedTenant tenant)
    {
        var state = tenant.State;
        var apps = new Dictionary<Guid, Builder>();
        var resources = new Dictionary<Guid, SimulatedServicePrincipal?>();
        foreach (var grant in state.Grants.Rows())
        {
            var app = AppOf(grant.ClientId);
            app.Grants++;
            foreach (var scope in (grant.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                app.Delegated.Add((ResourceOf(grant.ResourceId)?.AppId ?? grant.ResourceId, scope));
            }

            if (grant.PrincipalId is { } user)
            {
                app.Users.Add(user);
            }
            else
            {
                app.TenantWide = true;
            }
        }

        foreach (var assignment in state.Assignments.Rows())
        {
            if (assignment.PrincipalType == "ServicePrincipal")
            {
                if (assignment.AppRoleId != Guid.Empty && ResourceOf(assignment.ResourceId) is { } resource)
                {
                    var value = resource.AppRoles.FirstOrDefault(role => role.Id == assignment.AppRoleId)?.Value ?? assignment.AppRoleId.ToString();
                    AppOf(assignment.PrincipalId).Application.Add((resource.AppId ?? resource.Id, value));
                }
            }
            else
            {
                var members = assignment.PrincipalType == "User"
                    ? [assignment.PrincipalId]
                    : state.Groups.FirstOrDefault(group => group.Id == assignment.PrincipalId)?.Members ?? [];
                AppOf(assignment.ResourceId).Assigned.UnionWith(members);
            }
        }

        return new TenantTruth(
            apps.ToImmutableSortedDictionary(item => item.Key, item => item.Value.Build(ResourceOf(item.Key))),
            state.Users.Rows().Count(user => user is { AccountEnabled: true, UserType: not "Guest" }),
            state.Users.Count);

        Builder AppOf(Guid id) => apps.TryGetValue(id, out var app) ? app : apps[id] = new Builder();

        SimulatedServicePrincipal? ResourceOf(Guid id) => resources.TryGetValue(id, out var known)
            ? known
            : resources[id] = state.ServicePrincipals.TryFind(id, out var found) ? found : null;
    }

    private sealed class Builder
    {
        public HashSet<(Guid Resource, string Scope)> Delegated { get; } = new(PermissionComparer.Instance);

        public HashSet<(Guid Resource, string Value)> Application { get; } = new(PermissionComparer.Instance);

        public HashSet<Guid> Users { get; } = [];

        public HashSet<Guid> Assigned { get; } = [];

        public int Grants { get; set; }

        public bool TenantWide { get; set; }

        public AppTruth Build(SimulatedServicePrincipal? app) => new(
            app,
            [.. Delegated.OrderBy(item => item.Resource).ThenBy(item => item.Scope, StringComparer.OrdinalIgnoreCase)],
            [.. Application.OrderBy(item => item.Resource).ThenBy(item => item.Value, StringComparer.OrdinalIgnoreCase)],
            [.. Users],
            [.. Assigned],
            TenantWide,
            Grants);
    }

    /// <summary>Scope names differ in letter case without differing in meaning.</summary>
    private sealed class PermissionComparer : IEqualityComparer<(Guid Resource, string Value)>
    {
        public static readonly PermissionComparer Instance = new();

        public bool Equals((Guid Resource, string Value) x, (Guid Resource, string Value) y) =>
            x.Resource == y.Resource && string.Equals(x.Value, y.Value, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((Guid Resource, string Value) obj) =>
            HashCode.Combine(obj.Resource, obj.Value.GetHashCode(StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>What is true of one app.</summary>
/// <param name="App">Null when the client of a grant is no longer in the directory.</param>
/// <param name="Delegated">App id of the resource (its object id when that is gone) and scope, each once whatever its letter case.</param>
/// <param name="Application">App id of the resource and role value; the all-zero role is none.</param>
/// <param name="Users">Distinct users with a grant of their own, enabled or not.</param>
/// <param name="AssignedUsers">Users assigned to the app, directly or through a group.</param>
/// <param name="TenantWide">A grant is for everyone.</param>
/// <param name="Grants">Number of delegated permission grants.</param>
public sealed record AppTruth(
    SimulatedServicePrincipal? App,
    ImmutableArray<(Guid ResourceAppId, string Scope)> Delegated,
    ImmutableArray<(Guid ResourceAppId, string Value)> Application,
    ImmutableHashSet<Guid> Users,
    ImmutableHashSet<Guid> AssignedUsers,
    bool TenantWide,
    int Grants);
