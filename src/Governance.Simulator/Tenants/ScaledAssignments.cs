namespace Governance.Simulator.Tenants;

/// <summary>App role assignments of a scaled tenant by resource: six in ten are on Microsoft Graph, the rest spread evenly.</summary>
internal sealed class ScaledAssignments : IRowSource<AssignmentKey, SimulatedAssignment>
{
    private readonly TenantSize size;
    private readonly ulong seed;
    private readonly DateTimeOffset now;
    private readonly int[] starts;
    private readonly SimulatedServicePrincipal[] resources;
    private readonly ScaledApps apps;

    public ScaledAssignments(TenantSize size, ulong seed, DateTimeOffset now)
    {
        (this.size, this.seed, this.now) = (size, seed, now);
        apps = new ScaledApps(size, seed, now);
        resources = [.. Enumerable.Range(0, size.Resources).Select(apps.At)];
        starts = new int[size.Resources + 1];
        var first = size.Resources == 1 ? size.AppRoleAssignments : (int)(size.AppRoleAssignments * 0.6);
        for (var resource = 0; resource < size.Resources; resource++)
        {
            var rest = size.AppRoleAssignments - first;
            var others = Math.Max(1, size.Resources - 1);
            var count = resource == 0 ? first : (rest / others) + (resource <= rest % others ? 1 : 0);
            if (count > (long)Clients * Math.Max(1, resources[resource].AppRoles.Length))
            {
                throw new ArgumentException($"{Clients} apps cannot hold {count} different roles of {resources[resource].DisplayName}");
            }

            starts[resource + 1] = starts[resource] + count;
        }
    }

    public int Count => size.AppRoleAssignments;

    private int Clients => size.ServicePrincipals - size.Resources;

    public SimulatedAssignment At(int index)
    {
        var resource = Array.BinarySearch(starts, index) is var found && found >= 0 ? found : ~found - 1;
        while (starts[resource + 1] == starts[resource])
        {
            resource++;
        }

        var within = index - starts[resource];
        var api = resources[resource];
        var nonce = StableGuid.Create(seed, RowKind.Assignment, index);
        var created = now - TimeSpan.FromTicks((long)(Hash.Mix(seed, 41, (ulong)index) % (ulong)TimeSpan.TicksPerDay) * 700);
        if (within % 10 == 9 && within / 10 < size.Users)
        {
            var user = within / 10;
            return new SimulatedAssignment(
                StableGuid.Create(seed, RowKind.User, user), nonce, "User", "User " + user, api.Id, api.DisplayName, Guid.Empty, created);
        }

        var client = (Hash.Below(Hash.Mix(seed, 40, (ulong)resource), Clients) + within) % Clients;
        var role = api.AppRoles.IsEmpty ? Guid.Empty : api.AppRoles[within / Clients].Id;
        var holder = apps.At(size.Resources + client);
        return new SimulatedAssignment(holder.Id, nonce, "ServicePrincipal", holder.DisplayName, api.Id, api.DisplayName, role, created);
    }

    public int IndexOf(AssignmentKey key)
    {
        var index = StableGuid.IndexOf(seed, RowKind.Assignment, key.Nonce);
        return index >= 0 && index < Count && At(index).PrincipalId == key.PrincipalId ? index : -1;
    }

    public (int Start, int End) RangeOf(Guid owner)
    {
        var index = apps.IndexOf(owner);
        return index >= 0 && index < size.Resources ? (starts[index], starts[index + 1]) : default;
    }
}
