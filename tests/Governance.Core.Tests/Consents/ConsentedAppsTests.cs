using Governance.Core.Consents;

namespace Governance.Core.Tests.Consents;

public class ConsentedAppsTests
{
    private static readonly Departments Watched = new([new DepartmentOfInterest("Marketing", ["Brand"])]);

    [Fact]
    public void Scopes_of_all_users_are_listed_once_whatever_their_blanks_and_case()
    {
        var inventory = Some.Inventory(
            [Some.Principal(), Some.Graph()],
            Some.Grants(Some.Grant(1, 10, " User.Read  mail.read "), Some.Grant(1, 11, "Mail.Read User.Read"), Some.Grant(1, 12, "")));

        var app = Of(inventory, 1);

        Assert.Equal(["Mail.Read", "User.Read"], app.Permissions.Select(held => held.Value));
        Assert.All(app.Permissions, held => Assert.False(held.TenantWide));
        Assert.Equal(3, app.Grants);
        Assert.Equal(3, app.Reach.Users);
    }

    [Fact]
    public void A_scope_is_tenant_wide_when_any_consent_for_everyone_holds_it()
    {
        var inventory = Some.Inventory([Some.Principal(), Some.Graph()], Some.Grants(Some.Grant(1, 10, "Mail.Read User.Read"), Some.Grant(1, null, "user.read")));

        var app = Of(inventory, 1);

        Assert.Equal([("Mail.Read", false), ("User.Read", true)], app.Permissions.Select(held => (held.Value, held.TenantWide)));
    }

    [Fact]
    public void One_value_on_two_resources_is_two_permissions_and_a_missing_resource_is_named_by_its_id()
    {
        var gone = Some.Id(777);
        var inventory = Some.Inventory([Some.Principal(), Some.Graph()], Some.Grants(Some.Grant(1, 10, "User.Read"), Some.Grant(1, 10, "User.Read", gone)));

        var app = Of(inventory, 1);

        Assert.Equal([gone.ToString(), "Microsoft Graph"], app.Permissions.Select(held => held.Resource));
        Assert.Equal([null, Some.GraphAppId], app.Permissions.Select(held => held.ResourceAppId));
        Assert.Equal(1, app.Reach.Users);
    }

    [Fact]
    public void Application_permissions_carry_the_role_value_and_else_the_role_id()
    {
        var (known, blank, unknown) = (Some.Id(501), Some.Id(502), Some.Id(503));
        var inventory = Some.Inventory(
            [Some.Principal(), Some.Graph((known, "Mail.Read"), (blank, null))],
            assignments:
            [
                Some.Assignment(Some.GraphId, Some.Id(1), known),
                Some.Assignment(Some.GraphId, Some.Id(1), blank),
                Some.Assignment(Some.GraphId, Some.Id(1), unknown),
                Some.Assignment(Some.GraphId, Some.Id(1), Guid.Empty),
            ]);

        var app = Of(inventory, 1);

        Assert.Equal(new[] { "Mail.Read", blank.ToString(), unknown.ToString() }.Order(StringComparer.Ordinal), app.Permissions.Select(held => held.Value));
        Assert.Equal(3, app.AppRoles);
        Assert.Equal(0, app.Reach.Users);
    }

    [Fact]
    public void Users_assigned_to_an_app_give_it_no_permission()
    {
        var inventory = Some.Inventory(
            [Some.Principal()],
            assignments: [Some.Assignment(Some.Id(1), Some.Id(10), Guid.Empty, AssigneeKind.User), Some.Assignment(Some.Id(1), Some.Id(11), Some.Id(5), AssigneeKind.Group)]);

        var app = Of(inventory, 1);

        Assert.Empty(app.Permissions);
        Assert.False(app.HoldsConsent);
    }

    [Fact]
    public void A_holder_without_a_record_is_an_orphan_and_its_consent_is_kept()
    {
        var inventory = Some.Inventory(
            [Some.Graph()], Some.Grants(Some.Grant(5, 10, "Mail.Read")), assignments: [Some.Assignment(Some.GraphId, Some.Id(6), Some.Id(7))]);

        var apps = ConsentedApps.Of(inventory, Watched);

        Assert.Equal([Some.Id(5), Some.Id(6), Some.GraphId], apps.Select(app => app.Principal.Id));
        Assert.True(apps[0].Principal.Orphan && apps[1].Principal.Orphan && !apps[2].Principal.Orphan);
        Assert.True(apps[0].HoldsConsent && apps[1].HoldsApplicationPermission);
    }

    [Fact]
    public void A_holder_missing_from_a_list_cut_short_is_not_called_an_orphan()
    {
        var inventory = Some.Inventory([], Some.Grants(Some.Grant(5, null, "Mail.Read")), partial: InventoryPart.ServicePrincipals);

        var app = Of(inventory, 5);

        Assert.False(app.Principal.Orphan);
        Assert.False(app.Reach.Certain);
    }

    [Fact]
    public void Own_consents_count_disabled_guests_and_unknown_users_too()
    {
        var inventory = Some.Inventory(
            [Some.Principal(), Some.Graph()],
            Some.Grants(Some.Grant(1, 10, "User.Read"), Some.Grant(1, 11, "User.Read"), Some.Grant(1, 12, "User.Read"), Some.Grant(1, 13, "User.Read")),
            [Some.User(10, " brand "), Some.User(11, "Finance", enabled: false), Some.User(12, null, guest: true)]);

        var reach = Of(inventory, 1).Reach;

        Assert.Equal(4, reach.Users);
        Assert.Equal([("Finance", 1), ("Marketing", 1)], reach.ByDepartment.Select(entry => (entry.Key, entry.Value)));
        Assert.Equal(2, reach.Unattributed);
        Assert.True(reach is { TenantWide: false, Certain: true });
    }

    [Fact]
    public void A_tenant_wide_consent_reaches_enabled_members_and_whoever_consented_besides()
    {
        var inventory = Some.Inventory(
            [Some.Principal(), Some.Graph()],
            Some.Grants(Some.Grant(1, null, "User.Read"), Some.Grant(1, 10, "Mail.Read"), Some.Grant(1, 11, "Mail.Read"), Some.Grant(1, 99, "Mail.Read")),
            [Some.User(10), Some.User(11, "Finance", enabled: false), Some.User(12), Some.User(13, guest: true), Some.User(14, "Sales", enabled: null)]);

        var reach = Of(inventory, 1).Reach;

        // 10, 12 and 14 as enabled members; 11 and 99 by consents of their own.
        Assert.Equal(5, reach.Users);
        Assert.True(reach is { TenantWide: true, Certain: true, Unattributed: 1 });
        Assert.Equal([("Finance", 1), ("Marketing", 2), ("Sales", 1)], reach.ByDepartment.Select(entry => (entry.Key, entry.Value)));
    }

    [Fact]
    public void Where_assignment_is_required_a_tenant_wide_consent_reaches_the_assigned()
    {
        var inventory = Some.Inventory(
            [Some.Principal(assignmentRequired: true), Some.Graph()],
            Some.Grants(Some.Grant(1, null, "User.Read"), Some.Grant(1, 12, "User.Read")),
            [Some.User(10), Some.User(11), Some.User(12, "Sales")],
            [
                Some.Assignment(Some.Id(1), Some.Id(10), Guid.Empty, AssigneeKind.User),
                Some.Assignment(Some.Id(1), Some.Id(10), Some.Id(4), AssigneeKind.User),
                Some.Assignment(Some.Id(1), Some.Id(98), Some.Id(4), AssigneeKind.User),
                Some.Assignment(Some.Id(1), Some.Id(98), Guid.Empty, AssigneeKind.User),
            ]);

        var reach = Of(inventory, 1).Reach;

        Assert.Equal(3, reach.Users);
        Assert.True(reach is { TenantWide: true, Certain: true, Unattributed: 1 });
    }

    [Fact]
    public void A_group_assigned_leaves_the_reach_uncertain()
    {
        var inventory = Some.Inventory(
            [Some.Principal(assignmentRequired: true), Some.Graph()],
            Some.Grants(Some.Grant(1, null, "User.Read")),
            [Some.User(10)],
            [Some.Assignment(Some.Id(1), Some.Id(10), Guid.Empty, AssigneeKind.User), Some.Assignment(Some.Id(1), Some.Id(60), Guid.Empty, AssigneeKind.Group)]);

        var reach = Of(inventory, 1).Reach;

        Assert.True(reach is { Users: 1, TenantWide: true, Certain: false });
    }

    [Theory]
    [InlineData(InventoryPart.Oauth2PermissionGrants, false, false)]
    [InlineData(InventoryPart.Users, false, true)]
    [InlineData(InventoryPart.AppRoleAssignments, false, true)]
    [InlineData(InventoryPart.Users, true, false)]
    [InlineData(InventoryPart.SignInActivity, true, true)]
    public void Reach_is_certain_only_when_what_it_rests_on_was_read_whole(InventoryPart partial, bool tenantWide, bool certain)
    {
        var inventory = Some.Inventory(
            [Some.Principal(), Some.Graph()], Some.Grants(Some.Grant(1, tenantWide ? null : 10, "User.Read")), [Some.User(10)], partial: partial);

        Assert.Equal(certain, Of(inventory, 1).Reach.Certain);
    }

    [Fact]
    public void An_app_without_grants_is_not_proven_unused_when_grants_were_cut_short()
    {
        var inventory = Some.Inventory([Some.Principal()], partial: InventoryPart.Oauth2PermissionGrants);

        Assert.True(Of(inventory, 1).Reach is { Users: 0, Certain: false });
    }

    [Fact]
    public void The_last_sign_in_is_the_later_one_and_unknown_stays_unknown()
    {
        var appId = Some.Principal().AppId!.Value;
        var principals = new[] { Some.Principal(), Some.Principal(2) };
        var known = Some.Inventory(principals, signIns: [new SignInActivity(appId, Some.Moment.AddDays(-9), Some.Moment.AddDays(-3))]);
        var unknown = Some.Inventory(principals, partial: InventoryPart.SignInActivity);

        Assert.Equal(Some.Moment.AddDays(-3), Of(known, 1).LastSignIn);
        Assert.True(Of(known, 2) is { LastSignIn: null, SignInsKnown: true });
        Assert.True(Of(unknown, 1) is { LastSignIn: null, SignInsKnown: false });
    }

    [Fact]
    public void Microsofts_own_apps_are_marked_by_their_owner_tenant_and_never_by_name()
    {
        var inventory = Some.Inventory([Some.Graph(), Some.Principal(name: "Microsoft Graph")]);

        Assert.Equal([false, true], ConsentedApps.Of(inventory, Watched).Select(app => app.FirstParty));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_tenants_give_what_a_plain_count_gives_in_any_order(int seed)
    {
        var random = new Random(seed);
        var scopes = new[] { "User.Read", "user.read Mail.Read", " Files.Read.All  mail.read", "", "openid profile User.Read" };
        var grants = Enumerable.Range(0, 3_000)
            .Select(_ => Some.Grant(random.Next(1, 60), random.Next(30) == 0 ? null : random.Next(1_000, 1_300), scopes[random.Next(scopes.Length)], Some.Id(900_000 + random.Next(3))))
            .ToArray();
        var users = Enumerable.Range(1_000, 250).Select(number => Some.User(number, random.Next(4) == 0 ? null : $"D{random.Next(5)}", random.Next(5) > 0, random.Next(6) == 0)).ToArray();
        var principals = Enumerable.Range(1, 50).Select(number => Some.Principal(number)).ToArray();

        var apps = ConsentedApps.Of(Some.Inventory(principals, Some.Grants(grants), users), Watched);
        random.Shuffle(grants);
        var again = ConsentedApps.Of(Some.Inventory(principals, Some.Grants(grants), users), Watched);

        foreach (var (app, other) in apps.Zip(again))
        {
            var own = grants.Where(grant => grant.ClientId == app.Principal.Id).ToArray();
            var reached = own.Where(grant => grant.PrincipalId is not null).Select(grant => grant.PrincipalId!.Value).ToHashSet();
            if (own.Any(grant => grant.TenantWide))
            {
                reached.UnionWith(users.Where(user => user.Reachable).Select(user => user.Id));
            }

            var held = own.SelectMany(grant => ScopeText.Values(grant.Scope).Select(value => (grant.ResourceId, value.ToUpperInvariant()))).ToHashSet();
            Assert.Equal(reached.Count, app.Reach.Users);
            Assert.Equal(reached.Count, app.Reach.ByDepartment.Values.Sum() + app.Reach.Unattributed);
            Assert.Equal(held, app.Permissions.Select(permission => (permission.ResourceId, permission.Value.ToUpperInvariant())).ToHashSet());
            Assert.Equal(held.Count, app.Permissions.Length);
            Assert.Equal(app.Permissions.AsEnumerable(), other.Permissions.AsEnumerable());
            Assert.Equal(app.Reach.ByDepartment, other.Reach.ByDepartment);
            Assert.Equal(app.Principal.Id, other.Principal.Id);
        }
    }

    private static ConsentedApp Of(Inventory inventory, int number) =>
        ConsentedApps.Of(inventory, Watched).Single(app => app.Principal.Id == Some.Id(number));
}
