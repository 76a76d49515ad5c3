using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>Turns an inventory into apps with what each holds and whom it reaches.</summary>
public static class ConsentedApps
{
    /// <summary>
    /// Every service principal read, and one for each holder of a consent whose own record was not read: an
    /// <see cref="ServicePrincipal.Orphan"/> when the list was read whole, else one of which nothing but the id is known.
    /// </summary>
    /// <returns>Sorted by service principal id; the same for the same inventory, however many threads worked on it.</returns>
    public static ImmutableArray<ConsentedApp> Of(Inventory inventory, Departments departments)
    {
        var principals = Principals(inventory);
        var permissions = new HeldPermissions(inventory, principals);
        var reaches = new Reaches(inventory, departments);
        var signIns = LastSignIns(inventory);
        var signInsKnown = inventory.Part(InventoryPart.SignInActivity).Complete;

        var apps = new ConsentedApp[principals.Length];
        Parallel.For(
            0,
            principals.Length,
            () => (Permissions: permissions.Reader(), Reach: reaches.Counter()),
            (at, _, work) =>
            {
                var principal = principals[at];
                var rows = inventory.Grants.RowsOf(principal.Id);
                var held = work.Permissions.Of(principal.Id, rows, out var appRoles);
                apps[at] = new ConsentedApp(
                    principal,
                    MicrosoftTenants.Own(principal),
                    held,
                    work.Reach.Of(principal, rows),
                    rows.End.Value - rows.Start.Value,
                    appRoles,
                    principal.AppId is { } appId && signIns.TryGetValue(appId, out var last) ? last : null,
                    signInsKnown);
                return work;
            },
            _ => { });
        return ImmutableArray.Create(apps);
    }

    private static ServicePrincipal[] Principals(Inventory inventory)
    {
        var known = inventory.ServicePrincipals.Select(principal => principal.Id).ToHashSet();
        var readWhole = inventory.Part(InventoryPart.ServicePrincipals).Complete;
        var missing = new HashSet<Guid>();
        foreach (var client in inventory.Grants.Clients)
        {
            if (!known.Contains(client))
            {
                missing.Add(client);
            }
        }

        missing.UnionWith(inventory.Assignments.Holders.Where(holder => !known.Contains(holder)));
        return
        [
            .. inventory.ServicePrincipals
                .Concat(missing.Select(id => new ServicePrincipal { Id = id, Orphan = readWhole }))
                .OrderBy(principal => principal.Id),
        ];
    }

    private static Dictionary<Guid, DateTimeOffset> LastSignIns(Inventory inventory)
    {
        var last = new Dictionary<Guid, DateTimeOffset>();
        foreach (var activity in inventory.SignIns)
        {
            if (activity.LastAt is { } at && (!last.TryGetValue(activity.AppId, out var other) || at > other))
            {
                last[activity.AppId] = at;
            }
        }

        return last;
    }
}
