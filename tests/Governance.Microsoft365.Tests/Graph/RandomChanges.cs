using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>Things that happen in a tenant, drawn at random.</summary>
internal sealed class RandomChanges(SimulatedTenant tenant, Random random)
{
    public void Happen(int times)
    {
        for (var i = 0; i < times; i++)
        {
            tenant.Change(One);
        }
    }

    private void One(TenantChange change)
    {
        var apps = tenant.ServicePrincipals.ToArray();
        var users = tenant.Users.ToArray();
        var grants = tenant.Grants.ToArray();
        switch (random.Next(13))
        {
            case 0:
                change.Put(new SimulatedServicePrincipal { Id = Id(), AppId = Id(), DisplayName = $"New app {random.Next(99)}", AssignmentRequired = random.Next(4) == 0 });
                break;
            case 1:
                change.Put(Any(apps) with { DisplayName = $"Renamed {random.Next(99)}", Homepage = random.Next(2) == 0 ? null : "https://new.example" });
                break;
            case 2 when apps.Length > 5:
                change.RemoveServicePrincipal(Any(apps).Id);
                break;
            case 3:
                change.Put(Any(apps) with { AppRoles = [new PermissionDefinition(Id(), "Some.Role")] });
                break;
            case 4:
                change.Put(new SimulatedGrant(Any(apps).Id, Any(apps).Id, random.Next(4) == 0 ? null : Any(users).Id, " Mail.Read  offline_access"));
                break;
            case 5 when grants.Length > 0:
                change.Put(Any(grants) with { Scope = $"User.Read {random.Next(9)}" });
                break;
            case 6 when grants.Length > 0:
                change.Remove(Any(grants));
                break;
            case 7 when grants.Length > 0:
                var again = Any(grants);
                change.Remove(again);
                change.Put(again with { Scope = "Files.Read.All" });
                break;
            case 8:
                change.Put(new SimulatedUser { Id = Id(), DisplayName = "New", UserPrincipalName = "new@example.org", Department = "Marketing" });
                break;
            case 9:
                change.Put(Any(users) with { Department = random.Next(3) == 0 ? null : $"Department {random.Next(5)}", AccountEnabled = random.Next(2) == 0 });
                break;
            case 10 when users.Length > 3:
                change.RemoveUser(Any(users).Id);
                break;
            case 11:
                change.Put(new SimulatedAssignment(Any(apps).Id, Id(), "ServicePrincipal", null, Any(apps).Id, null, Id(), DateTimeOffset.UnixEpoch));
                break;
            case 12 when tenant.AppRoleAssignmentCount > 0:
                change.Remove(Any(tenant.AppRoleAssignments.ToArray()));
                break;
        }
    }

    private Guid Id()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private T Any<T>(T[] of) => of[random.Next(of.Length)];
}
