using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>
/// Grants of a scaled tenant, those of one app side by side. A few apps hold most of them; one app in three has a consent
/// for everyone; users are walked with a step that has no common factor with their number, so none comes twice.
/// </summary>
internal sealed class ScaledGrants : IRowSource<GrantKey, SimulatedGrant>
{
    private static readonly ImmutableArray<string> ScopeTexts =
    [
        "User.Read", " User.Read openid profile offline_access", "openid profile email", "User.Read Mail.Read offline_access",
        "User.Read Files.Read.All offline_access", " Calendars.Read  User.Read", "User.Read Calendars.ReadWrite OnlineMeetings.ReadWrite offline_access",
        "openid profile offline_access ", "User.Read User.Read Mail.Send", "Files.ReadWrite.All Sites.Read.All offline_access User.Read",
        "User.Read Chat.Read", "User.Read Contacts.Read Mail.ReadWrite", "mail.read user.read", "User.Read Legacy.Scope.Gone", "",
        "User.Read People.Read Tasks.ReadWrite",
    ];

    private readonly TenantSize size;
    private readonly ulong seed;
    private readonly int[] starts;
    private readonly int step;
    private readonly long inverse;
    private readonly Guid[] resourceIds;

    public ScaledGrants(TenantSize size, ulong seed)
    {
        this.size = size;
        this.seed = seed;
        (step, inverse) = CoprimeStep(size.Users);
        resourceIds = [.. Enumerable.Range(0, size.Resources).Select(index => StableGuid.Create(seed, RowKind.ServicePrincipal, index))];
        starts = Starts();
    }

    public int Count => size.Grants;

    public SimulatedGrant At(int index)
    {
        var client = ClientOf(index);
        var plan = PlanOf(client);
        var within = index - starts[client];
        var scope = ScopeTexts[(int)(Hash.Mix(seed, 31, (ulong)index) % (ulong)ScopeTexts.Length)];
        var clientId = StableGuid.Create(seed, RowKind.ServicePrincipal, size.Resources + client);
        if (within < plan.TenantWide)
        {
            return new SimulatedGrant(clientId, resourceIds[plan.Resource(0, size.Resources)], null, scope);
        }

        within -= plan.TenantWide;
        var user = (int)((plan.FirstUser + ((long)(within / plan.Resources) * step)) % size.Users);
        return new SimulatedGrant(
            clientId, resourceIds[plan.Resource(within % plan.Resources, size.Resources)], StableGuid.Create(seed, RowKind.User, user), scope);
    }

    public int IndexOf(GrantKey key)
    {
        if (ClientIndexOf(key.ClientId) is not (>= 0 and var client))
        {
            return -1;
        }

        var plan = PlanOf(client);
        var length = starts[client + 1] - starts[client];
        var resource = Enumerable.Range(0, plan.Resources)
            .FirstOrDefault(nth => resourceIds[plan.Resource(nth, size.Resources)] == key.ResourceId, -1);
        if (resource < 0)
        {
            return -1;
        }

        if (key.PrincipalId is not { } principal)
        {
            return resource == 0 && plan.TenantWide == 1 && length > 0 ? starts[client] : -1;
        }

        if (StableGuid.IndexOf(seed, RowKind.User, principal) is not (>= 0 and var user) || user >= size.Users)
        {
            return -1;
        }

        var turn = (long)((user - plan.FirstUser + size.Users) % size.Users) * inverse % size.Users;
        var within = plan.TenantWide + (turn * plan.Resources) + resource;
        return within < length ? starts[client] + (int)within : -1;
    }

    public (int Start, int End) RangeOf(Guid owner) =>
        ClientIndexOf(owner) is >= 0 and var client ? (starts[client], starts[client + 1]) : default;

    private int ClientIndexOf(Guid id)
    {
        var index = StableGuid.IndexOf(seed, RowKind.ServicePrincipal, id) - size.Resources;
        return index >= 0 && index < starts.Length - 1 ? index : -1;
    }

    private int ClientOf(int index)
    {
        // The last client that starts at or before the index; clients without grants share a start with the next one.
        var (low, high) = (0, starts.Length - 1);
        while (high - low > 1)
        {
            var middle = (low + high) >>> 1;
            (low, high) = starts[middle] <= index ? (middle, high) : (low, middle);
        }

        return low;
    }

    private Plan PlanOf(int client)
    {
        var hash = Hash.Mix(seed, 30, (ulong)client);
        var resources = Math.Min((hash % 20) switch { 0 => 3, < 6 => 2, _ => 1 }, size.Resources);
        var first = (hash >> 8) % 5 < 4 ? 0 : Hash.Below(Hash.Mix(hash), size.Resources);
        return new Plan((hash >> 16) % 3 == 0 ? 1 : 0, resources, first, Hash.Below(Hash.Mix(hash + 1), size.Users));
    }

    private int[] Starts()
    {
        var clients = size.ServicePrincipals - size.Resources;
        var weights = Enumerable.Range(0, clients).Select(client => 1 / (Hash.Fraction(Hash.Mix(seed, 32, (ulong)client)) + 0.02)).ToArray();
        var capacities = Enumerable.Range(0, clients).Select(client => PlanOf(client)).Select(plan => plan.TenantWide + ((long)plan.Resources * size.Users)).ToArray();
        if (capacities.Sum() < size.Grants)
        {
            throw new ArgumentException($"{clients} apps and {size.Users} users allow at most {capacities.Sum()} distinct grants, not {size.Grants}");
        }

        var total = weights.Sum();
        var counts = weights.Select((weight, client) => Math.Min((long)(size.Grants * weight / total), capacities[client])).ToArray();
        var left = size.Grants - counts.Sum();
        while (left > 0)
        {
            for (var client = 0; client < clients && left > 0; client++)
            {
                var more = Math.Min(Math.Min(capacities[client] - counts[client], 1 + (left / clients)), left);
                counts[client] += more;
                left -= more;
            }
        }

        var starts = new int[clients + 1];
        for (var client = 0; client < clients; client++)
        {
            starts[client + 1] = starts[client] + (int)counts[client];
        }

        return starts;
    }

    private static (int Step, long Inverse) CoprimeStep(int modulus)
    {
        if (modulus == 1)
        {
            return (0, 0);
        }

        var step = (int)(modulus * 0.618) | 1;
        while (true)
        {
            var (a, b, x, y) = ((long)step, (long)modulus, 1L, 0L);
            while (b != 0)
            {
                (a, b, x, y) = (b, a % b, y, x - (a / b * y));
            }

            if (a == 1)
            {
                return (step, ((x % modulus) + modulus) % modulus);
            }

            step++;
        }
    }

    /// <param name="TenantWide">1 when the first grant is for everyone.</param>
    /// <param name="Resources">APIs the app has consent for, from 1 to 3.</param>
    /// <param name="FirstResource">Index of the first.</param>
    /// <param name="FirstUser">Where the walk over the users starts.</param>
    private readonly record struct Plan(int TenantWide, int Resources, int FirstResource, int FirstUser)
    {
        public int Resource(int nth, int count) => (FirstResource + nth) % count;
    }
}
