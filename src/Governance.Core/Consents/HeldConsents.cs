using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>Finds what each service principal of an inventory holds, one at a time.</summary>
internal sealed class HeldConsents
{
    private readonly Inventory _inventory;
    private readonly HeldPermissions _permissions;
    private readonly Reaches _reaches;
    private readonly Dictionary<Guid, DateTimeOffset> _signIns;
    private readonly bool _signInsKnown;

    public HeldConsents(Inventory inventory, Departments departments)
    {
        _inventory = inventory;
        Principals = PrincipalsOf(inventory);
        _permissions = new HeldPermissions(inventory, Principals);
        _reaches = new Reaches(inventory, departments);
        _signIns = LastSignIns(inventory);
        _signInsKnown = inventory.Part(InventoryPart.SignInActivity).Complete;
    }

    /// <summary>Those read and those that only grants or assignments tell of, sorted by id.</summary>
    public ImmutableArray<ServicePrincipal> Principals { get; }

    /// <summary>Work space for one thread.</summary>
    public ConsentReader Reader() => new(this);

    private static ImmutableArray<ServicePrincipal> PrincipalsOf(Inventory inventory)
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

    internal sealed class ConsentReader(HeldConsents all)
    {
        private readonly HeldPermissions.PermissionReader _permissions = all._permissions.Reader();
        private readonly Reaches.ReachCounter _reach = all._reaches.Counter();

        public ConsentedApp Of(ServicePrincipal principal)
        {
            var rows = all._inventory.Grants.RowsOf(principal.Id);
            var held = _permissions.Of(principal.Id, rows, out var appRoles);
            return new ConsentedApp(
                principal,
                MicrosoftTenants.Own(principal),
                held,
                _reach.Of(principal, rows),
                rows.End.Value - rows.Start.Value,
                appRoles,
                principal.AppId is { } appId && all._signIns.TryGetValue(appId, out var last) ? last : null,
                all._signInsKnown);
        }
    }
}
