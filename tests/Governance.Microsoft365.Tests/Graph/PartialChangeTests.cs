using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>Items of a delta round that hold only what changed.</summary>
/// <remarks>Source: user-delta reference: with <c>Prefer: return=minimal</c> an item holds the changed properties alone; a cleared one is null.</remarks>
public sealed class PartialChangeTests
{
    private static readonly TenantSize Small = new(40, 100, 30, 50, 4);

    private static readonly Guid App = Some.Id(900);
    private static readonly Guid Person = Some.Id(901);

    /// <summary>Another value for each member that is asked for, and none where it can be cleared.</summary>
    private static readonly Dictionary<string, Func<SimulatedServicePrincipal, SimulatedServicePrincipal>[]> AppChanges = new(StringComparer.Ordinal)
    {
        ["appId"] = [app => app with { AppId = Some.Id(1901) }],
        ["displayName"] = [app => app with { DisplayName = "Renamed" }, app => app with { DisplayName = null }],
        ["appDisplayName"] = [app => app with { DisplayName = "Renamed" }],
        ["appOwnerOrganizationId"] = [app => app with { OwnerTenantId = Some.Id(1902) }, app => app with { OwnerTenantId = null }],
        ["servicePrincipalType"] = [app => app with { Type = "Legacy" }],
        ["accountEnabled"] = [app => app with { AccountEnabled = false }],
        ["verifiedPublisher"] = [app => app with { VerifiedPublisher = new SimulatedPublisher("Other", "2", HandSetTime.Start) }, app => app with { VerifiedPublisher = null }],
        ["createdDateTime"] = [app => app with { Created = HandSetTime.Start.AddDays(-9) }],
        ["homepage"] = [app => app with { Homepage = "https://other.example" }, app => app with { Homepage = null }],
        ["replyUrls"] = [app => app with { ReplyUrls = ["https://other.example/a"] }, app => app with { ReplyUrls = [] }],
        ["tags"] = [app => app with { Tags = ["Other"] }, app => app with { Tags = [] }],
        ["appRoleAssignmentRequired"] = [app => app with { AssignmentRequired = false }],
        ["disabledByMicrosoftStatus"] = [],
        ["appRoles"] = [app => app with { AppRoles = [new PermissionDefinition(Some.Id(1903), "Other.Role")] }, app => app with { AppRoles = [] }],
    };

    private static readonly Dictionary<string, Func<SimulatedUser, SimulatedUser>[]> UserChanges = new(StringComparer.Ordinal)
    {
        ["department"] = [user => user with { Department = "Sales" }, user => user with { Department = null }],
        ["accountEnabled"] = [user => user with { AccountEnabled = false }],
        ["userType"] = [user => user with { UserType = "Guest" }],
    };

    public static TheoryData<string> AppMembers => [.. AppChanges.Keys];

    public static TheoryData<string> UserMembers => [.. UserChanges.Keys];

    [Fact]
    public void Every_member_that_is_asked_for_has_a_case()
    {
        Assert.Equal(GraphQueries.MembersOf(InventoryPart.ServicePrincipals).Except(["id"]).Order(), AppChanges.Keys.Order());
        Assert.Equal(GraphQueries.MembersOf(InventoryPart.Users).Except(["id"]).Order(), UserChanges.Keys.Order());
        Assert.Equal(["clientId", "consentType", "principalId", "resourceId", "scope"], GraphQueries.MembersOf(InventoryPart.Oauth2PermissionGrants).Except(["id"]).Order());
    }

    [Theory]
    [MemberData(nameof(AppMembers))]
    public async Task A_change_of_one_member_of_a_service_principal_leaves_the_others(string member)
    {
        foreach (var change in AppChanges[member])
        {
            await AssertMergedAsync(tenant => tenant.Put(change(FullApp)));
        }
    }

    [Theory]
    [MemberData(nameof(UserMembers))]
    public async Task A_change_of_one_member_of_a_user_leaves_the_others(string member)
    {
        foreach (var change in UserChanges[member])
        {
            await AssertMergedAsync(tenant => tenant.Put(change(FullUser)));
        }
    }

    [Fact]
    public async Task A_change_of_the_scope_of_a_grant_leaves_who_holds_it() =>
        await AssertMergedAsync(tenant => tenant.Put(new SimulatedGrant(App, App, Person, "Files.Read.All")));

    [Fact]
    public async Task An_app_of_which_only_the_tags_changed_stays_what_it_is()
    {
        var graph = new ScriptedGraph();
        var before = await Some.InventoryAsync(graph) with { Cursors = Cursors };
        graph.Instead = request => Round(request, "servicePrincipals", $$"""{"id":"{{Some.Id(1)}}","tags":["New"]}""");

        var after = (await ChangesAsync(graph, before)).Inventory;

        var app = after.ServicePrincipals.Single(app => app.Id == Some.Id(1));
        Assert.True(after.Complete);
        Assert.Equal(("App 1", Some.Id(1001), "New"), (app.DisplayName, app.AppId, Assert.Single(app.Tags)));
    }

    [Theory]
    [InlineData("\"department\":null", null, true)]
    [InlineData("\"accountEnabled\":false", "Marketing", false)]
    public async Task A_null_clears_and_what_is_not_named_stays(string member, string? department, bool enabled)
    {
        var graph = new ScriptedGraph();
        var before = await Some.InventoryAsync(graph) with { Cursors = Cursors };
        graph.Instead = request => Round(request, "users", $$"""{"id":"{{Some.Id(501)}}",{{member}}}""");

        var after = (await ChangesAsync(graph, before)).Inventory;

        Assert.True(after.Complete);
        Assert.Equal(new DirectoryUser(Some.Id(501), department, enabled, false), after.Users[after.Users.RowOf(Some.Id(501))]);
    }

    [Fact]
    public async Task Several_partial_items_for_one_row_add_up_in_their_order()
    {
        var graph = new ScriptedGraph();
        var before = await Some.InventoryAsync(graph) with { Cursors = Cursors };
        graph.Instead = request => Round(
            request, "users",
            $$"""{"id":"{{Some.Id(501)}}","department":"A"}""", $$"""{"id":"{{Some.Id(501)}}","accountEnabled":false}""", $$"""{"id":"{{Some.Id(501)}}","department":"B"}""");

        var after = (await ChangesAsync(graph, before)).Inventory;

        Assert.Equal(new DirectoryUser(Some.Id(501), "B", false, false), after.Users[after.Users.RowOf(Some.Id(501))]);
    }

    [Theory]
    [InlineData("servicePrincipals", InventoryPart.ServicePrincipals)]
    [InlineData("oauth2PermissionGrants", InventoryPart.Oauth2PermissionGrants)]
    [InlineData("users", InventoryPart.Users)]
    public async Task A_partial_item_of_an_unknown_id_is_read_by_id(string collection, InventoryPart part)
    {
        var (id, partial, whole) = Unknown(collection);
        var graph = new ScriptedGraph();
        var before = await Some.InventoryAsync(graph) with { Cursors = Cursors };
        graph.Instead = request => request.Collection == $"{collection}/{id}"
            ? ScriptedGraph.Answer(System.Net.HttpStatusCode.OK, whole)
            : Round(request, collection, partial);

        var after = (await ChangesAsync(graph, before)).Inventory;

        graph.Instead = _ => null;
        graph.Rows[collection].Add(whole);
        Assert.True(after.Part(part).Complete, after.Part(part).Reason);
        Assert.Equal(ChangingTenant.Facts(await Some.InventoryAsync(graph)), ChangingTenant.Facts(after));
    }

    [Theory]
    [InlineData("servicePrincipals", InventoryPart.ServicePrincipals)]
    [InlineData("oauth2PermissionGrants", InventoryPart.Oauth2PermissionGrants)]
    [InlineData("users", InventoryPart.Users)]
    public async Task A_partial_item_of_an_unknown_id_that_cannot_be_read_leaves_what_was_known_and_is_heard_again(string collection, InventoryPart part)
    {
        var (id, partial, _) = Unknown(collection);
        var graph = new ScriptedGraph();
        var before = await Some.InventoryAsync(graph) with { Cursors = Cursors };
        graph.Instead = request => request.Collection == $"{collection}/{id}" ? ScriptedGraph.Error(403, "Authorization_RequestDenied") : Round(request, collection, partial);

        var after = (await ChangesAsync(graph, before)).Inventory;

        Assert.Equal(PartStatus.Partial, after.Part(part).Status);
        Assert.StartsWith("1 changed rows are not known and could not be read by id: access denied", after.Part(part).Reason, StringComparison.Ordinal);
        Assert.Equal(ChangingTenant.Facts(before), ChangingTenant.Facts(after));
        var cursor = part switch
        {
            InventoryPart.ServicePrincipals => after.Cursors!.ServicePrincipals,
            InventoryPart.Users => after.Cursors!.Users,
            _ => after.Cursors!.Grants,
        };
        Assert.Equal($"/v1.0/{collection}/delta?$deltatoken=a", cursor!.Link);
    }

    [Fact]
    public async Task An_unknown_id_that_the_directory_does_not_have_is_passed_over()
    {
        var graph = new ScriptedGraph();
        var before = await Some.InventoryAsync(graph) with { Cursors = Cursors };
        graph.Instead = request => Round(request, "users", $$"""{"id":"{{Some.Id(599)}}","department":"A"}""");

        var after = (await ChangesAsync(graph, before)).Inventory;

        Assert.True(after.Complete);
        Assert.Equal(ChangingTenant.Facts(before), ChangingTenant.Facts(after));
    }

    [Fact]
    public async Task A_partial_item_after_the_removal_of_its_row_is_read_by_id()
    {
        var graph = new ScriptedGraph();
        var before = await Some.InventoryAsync(graph) with { Cursors = Cursors };
        graph.Instead = request => request.Collection == $"users/{Some.Id(501)}"
            ? ScriptedGraph.Answer(System.Net.HttpStatusCode.OK, ScriptedGraph.User(1))
            : Round(request, "users", $$"""{"id":"{{Some.Id(501)}}","@removed":{"reason":"changed"} }""", $$"""{"id":"{{Some.Id(501)}}","accountEnabled":true}""");

        var after = (await ChangesAsync(graph, before)).Inventory;

        Assert.True(after.Complete);
        Assert.Equal(ChangingTenant.Facts(before), ChangingTenant.Facts(after));
    }

    [Fact]
    public async Task Whole_items_cost_no_request_more()
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 41);
        await tenant.ChangesAsync();
        tenant.Tenant.Change(change =>
        {
            change.Put(FullApp);
            change.Put(FullUser);
            change.Put(new SimulatedGrant(App, App, Person, "Mail.Read"));
        });
        tenant.Log.Clear();

        var reading = await tenant.ChangesAsync();

        Assert.True(reading.Inventory.Complete);
        Assert.DoesNotContain(tenant.Log.Entries, entry => entry.PathAndQuery.Contains(App.ToString() + "?", StringComparison.Ordinal) || entry.PathAndQuery.Contains(Person.ToString(), StringComparison.Ordinal));
    }

    private static SimulatedServicePrincipal FullApp => new()
    {
        Id = App,
        AppId = Some.Id(1900),
        DisplayName = "Before",
        OwnerTenantId = Some.Id(1904),
        VerifiedPublisher = new SimulatedPublisher("Publisher", "1", HandSetTime.Start),
        Created = HandSetTime.Start.AddDays(-10),
        Homepage = "https://before.example",
        ReplyUrls = ["https://before.example/a"],
        Tags = ["Before"],
        AssignmentRequired = true,
        AppRoles = [new PermissionDefinition(Some.Id(1905), "Some.Role")],
    };

    private static SimulatedUser FullUser => new() { Id = Person, DisplayName = "P", UserPrincipalName = "p@example.org", Department = "Marketing" };

    private static async Task AssertMergedAsync(Action<TenantChange> change)
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 40);
        tenant.Tenant.Change(first =>
        {
            first.Put(FullApp);
            first.Put(FullUser);
            first.Put(new SimulatedGrant(App, App, Person, "Mail.Read"));
        });
        await tenant.ChangesAsync();
        tenant.Tenant.Change(change);
        tenant.Faults.Add("minimal@delta!always");

        var reading = await tenant.ChangesAsync();

        var full = (await tenant.FullAsync()).Inventory;
        Assert.True(reading.Inventory.Complete);
        Assert.Equal(ScanMode.Incremental, reading.Mode);
        Assert.Equal(ChangingTenant.Facts(full), ChangingTenant.Facts(reading.Inventory));
        Assert.Equal(Plain(full), Plain(reading.Inventory));
    }

    /// <summary>Every member of the app, lists spelled out.</summary>
    private static string Plain(Inventory inventory) => string.Join('\n', inventory.ServicePrincipals.Where(app => app.Id == App).Select(app =>
        $"{app with { ReplyUrls = [], Tags = [], AppRoles = [] }} {string.Join(' ', app.ReplyUrls)} {string.Join(' ', app.Tags)} {string.Join(' ', app.AppRoles)}"));

    private static (string Id, string Partial, string Whole) Unknown(string collection) => collection switch
    {
        "servicePrincipals" => (Some.Id(8).ToString(), $$"""{"id":"{{Some.Id(8)}}","tags":["New"]}""", ScriptedGraph.Client(8)),
        "users" => (Some.Id(508).ToString(), $$"""{"id":"{{Some.Id(508)}}","accountEnabled":true}""", ScriptedGraph.User(8)),
        _ => (ScriptedGraph.GrantId(1, 4), $$"""{"id":"{{ScriptedGraph.GrantId(1, 4)}}","scope":"Mail.Read"}""", ScriptedGraph.Grant(1, 4)),
    };

    private static DeltaCursors Cursors { get; } = DeltaCursors.Of(
        new DeltaCursor("/v1.0/servicePrincipals/delta?$deltatoken=a", HandSetTime.Start),
        new DeltaCursor("/v1.0/oauth2PermissionGrants/delta?$deltatoken=a", HandSetTime.Start),
        new DeltaCursor("/v1.0/users/delta?$deltatoken=a", HandSetTime.Start))!;

    private static HttpResponseMessage? Round(Arrived request, string collection, params string[] items) => request.Collection.EndsWith("/delta", StringComparison.Ordinal)
        ? ScriptedGraph.Answer(System.Net.HttpStatusCode.OK, $$"""{"value":[{{(request.Collection == $"{collection}/delta" ? string.Join(',', items) : "")}}],"@odata.deltaLink":"{{ScriptedGraph.Root}}{{request.Collection}}?$deltatoken=b"}""")
        : null;

    private static Task<SourceReading> ChangesAsync(ScriptedGraph graph, Inventory before) =>
        Some.Source(graph, incremental: new IncrementalReading((_, _) => Task.FromResult<Inventory?>(before), IncrementalReading.Weekly, _ => { })).ReadAsync();
}
