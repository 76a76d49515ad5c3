using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>Turns an inventory into apps with what each holds and whom it reaches.</summary>
public static class ConsentedApps
{
    /// <summary>Apps that a worker takes at once.</summary>
    private const int Batch = 64;

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
        var next = 0;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            // Work space is large, so there is one for each worker and not one for each batch.
            var permissionReader = permissions.Reader();
            var reachCounter = reaches.Counter();
            for (var start = 0; (start = Interlocked.Add(ref next, Batch) - Batch) < principals.Length;)
            {
                for (var at = start; at < Math.Min(start + Batch, principals.Length); at++)
                {
                    apps[at] = App(principals[at]);
                }
            }

            ConsentedApp App(ServicePrincipal principal)
            {
                var rows = inventory.Grants.RowsOf(principal.Id);
                var held = permissionReader.Of(principal.Id, rows, out var appRoles);
                return new ConsentedApp(
                    principal,
                    MicrosoftTenants.Own(principal),
                    held,
                    reachCounter.Of(principal, rows),
                    rows.End.Value - rows.Start.Value,
                    appRoles,
                    principal.AppId is { } appId && signIns.TryGetValue(appId, out var last) ? last : null,
                    signInsKnown);
            }
        });
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
