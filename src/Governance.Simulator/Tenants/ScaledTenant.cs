using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>Tenants of any size, made row by row from a seed; nothing is kept but a few integers per app.</summary>
public static class ScaledTenant
{
    /// <exception cref="ArgumentException">So many grants or assignments do not fit so few apps and users.</exception>
    public static SimulatedTenant Create(TenantSize size, int seed, DateTimeOffset? asOf = null)
    {
        size.Validate();
        var key = Hash.Mix((ulong)seed, "scaled tenant");
        var now = asOf ?? new DateTimeOffset(2026, 1, 5, 2, 0, 0, TimeSpan.Zero);
        var apps = new ScaledApps(size, key, now);
        var users = new ScaledUsers(size.Users, key);
        var grants = new ScaledGrants(size, key);
        var assignments = new ScaledAssignments(size, key, now);
        var events = Math.Min(size.Grants / 50, 5_000);
        return new SimulatedTenant(new TenantState
        {
            Seed = key,
            TenantId = StableGuid.Create(key, RowKind.Tenant, 0),
            DisplayName = "Scaled Tenant " + seed,
            Domain = "scaled.example",
            AsOf = now,
            ServicePrincipals = TenantState.TableOf(apps),
            Users = TenantState.TableOf(users),
            Grants = TenantState.TableOf(grants),
            Assignments = TenantState.TableOf(assignments),
            AuditEvents = new ComputedList<SimulatedAuditEvent>(events, index => Event(index, events)),
            SignInActivities = new ComputedList<SimulatedSignInActivity>(size.ServicePrincipals - size.Resources, Activity),
        });

        SimulatedAuditEvent Event(int index, int count)
        {
            var hash = Hash.Mix(key, 90, (ulong)index);
            var grant = grants.At(Hash.Below(hash, size.Grants));
            return new SimulatedAuditEvent(
                StableGuid.Create(key, RowKind.AuditEvent, index),
                "Add delegated permission grant",
                now - TimeSpan.FromSeconds((index + 1) * (30 * 86_400.0 / count)),
                apps.At(apps.IndexOf(grant.ClientId)),
                apps.At(apps.IndexOf(grant.ResourceId)),
                users.At(grant.PrincipalId is { } id ? users.IndexOf(id) : 0),
                grant.PrincipalId,
                OldScope: null,
                grant.Scope);
        }

        SimulatedSignInActivity Activity(int index)
        {
            var app = apps.At(size.Resources + index);
            var hash = Hash.Mix(key, 91, (ulong)index);
            DateTimeOffset? last = hash % 10 == 0 ? null : now - TimeSpan.FromHours(Hash.Below(Hash.Mix(hash), 24 * 200));
            return new SimulatedSignInActivity(app.AppId ?? Guid.Empty, last, null);
        }
    }
}

internal sealed class ScaledUsers(int count, ulong seed) : IRowSource<Guid, SimulatedUser>
{
    private static readonly ImmutableArray<string?> Departments =
    [
        "Marketing", "Sales", "Finance", "Engineering", "Human Resources", "Legal", "Customer Success", "Vertrieb", "Ventes", "市场部",
        "Product", "Operations", "IT", "Brand & Creative", "Field Marketing", null,
    ];

    public int Count => count;

    public SimulatedUser At(int index)
    {
        var hash = Hash.Mix(seed, 10, (ulong)index);
        var name = "user" + index;
        return new SimulatedUser
        {
            Id = StableGuid.Create(seed, RowKind.User, index),
            DisplayName = "User " + index,
            UserPrincipalName = name + "@scaled.example",
            Mail = name + "@scaled.example",
            Department = Departments[(int)(hash % (ulong)Departments.Length)],
            AccountEnabled = (hash >> 16) % 25 != 0,
            UserType = ((hash >> 24) % 50) switch { 0 => null, < 5 => "Guest", _ => "Member" },
        };
    }

    public int IndexOf(Guid key) => StableGuid.IndexOf(seed, RowKind.User, key) is var index && index < count ? index : -1;

    public (int Start, int End) RangeOf(Guid owner) => IndexOf(owner) is var index and >= 0 ? (index, index + 1) : default;
}
