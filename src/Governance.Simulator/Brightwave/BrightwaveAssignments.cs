using System.Collections.Immutable;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Brightwave;

/// <summary>App roles held by apps, and users and groups assigned to apps.</summary>
internal static class BrightwaveAssignments
{
    public static IEnumerable<SimulatedAssignment> On(
        int night,
        ulong seed,
        DateTimeOffset start,
        ImmutableArray<AppPlan> apps,
        ImmutableArray<SimulatedServicePrincipal> resources,
        BrightwaveConsents consents,
        ImmutableArray<SimulatedGroup> groups)
    {
        var graph = resources[0];
        var exchange = resources.First(resource => resource.DisplayName == "Office 365 Exchange Online");
        foreach (var app in apps.Where(app => app.ExistsOn(night)))
        {
            foreach (var (resource, role) in app.GraphRoles.Select(role => (graph, role)).Concat(app.ExchangeRoles.Select(role => (exchange, role))))
            {
                var definition = resource.AppRoles.FirstOrDefault(candidate => candidate.Value == role)
                    ?? throw new InvalidOperationException($"{resource.DisplayName} has no app role {role}, which {app.Name} holds");
                yield return Assignment(app.Id, "ServicePrincipal", app.Name, resource.Id, resource.DisplayName, definition.Id);
            }

            // The side effect of a consent: the user is assigned to the app without a role.
            var assigned = app.AssignedUsers > 0 ? app.AssignedUsers : app.MarketingFirst ? app.UsersOn(night) : 0;
            foreach (var user in consents.AdoptersOf(app).Take(assigned))
            {
                yield return Assignment(user.Id, "User", user.DisplayName, app.Id, app.Name, Guid.Empty);
            }

            if (app.AssignedUsers > 20)
            {
                yield return Assignment(groups[0].Id, "Group", groups[0].DisplayName, app.Id, app.Name, Guid.Empty);
            }
        }

        SimulatedAssignment Assignment(Guid principal, string type, string? name, Guid resource, string? resourceName, Guid role)
        {
            var hash = Hash.Mix(seed, $"{principal}{resource}{role}");
            return new SimulatedAssignment(
                principal,
                StableGuid.Named(seed, RowKind.Assignment, $"{principal}{resource}{role}"),
                type,
                name,
                resource,
                resourceName,
                role,
                start.AddDays(-Hash.Below(hash, 700)).AddTicks(-(long)(hash % TimeSpan.TicksPerDay)));
        }
    }
}
