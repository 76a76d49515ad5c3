using System.Text.Json;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Simulation;

public sealed class ListBehaviourTests
{
    [Fact]
    public async Task The_count_comes_on_the_first_page_and_only_with_the_header()
    {
        var tenant = ScaledTenant.Create(TenantSize.ForGrants(2_000), 5);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);

        var first = await graph.GetAsync("oauth2PermissionGrants?$top=999&$count=true");
        var second = await graph.GetAsync(first.GetProperty("@odata.nextLink").GetString()!);
        var without = await graph.GetAsync("oauth2PermissionGrants?$top=999&$count=true", eventual: false);

        Assert.Equal(2_000, first.GetProperty("@odata.count").GetInt32());
        Assert.False(second.TryGetProperty("@odata.count", out _));
        Assert.False(without.TryGetProperty("@odata.count", out _));
    }

    [Fact]
    public async Task A_careless_listing_loses_grants_and_the_careful_ones_do_not()
    {
        var tenant = ScaledTenant.Create(TenantSize.ForGrants(2_000), 5);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);
        var client = tenant.Grants.GroupBy(grant => grant.ClientId).MaxBy(group => group.Count())!;

        var careful = await graph.WalkAsync("oauth2PermissionGrants?$top=999");
        var small = await graph.WalkAsync("oauth2PermissionGrants?$top=100");
        var headless = await graph.WalkAsync("oauth2PermissionGrants?$top=999", eventual: false);
        var again = await graph.WalkAsync("oauth2PermissionGrants?$top=999", eventual: false);
        var byClient = await graph.WalkAsync($"servicePrincipals/{client.Key}/oauth2PermissionGrants", eventual: false);

        Assert.Equal(2_000, careful.Count);
        Assert.InRange(small.Count, 1_300, 1_600);
        Assert.InRange(headless.Count, 1_000, 1_300);
        Assert.Equal(headless.Select(Id), again.Select(Id));
        Assert.Equal(client.Count(), byClient.Count);
    }

    [Theory]
    [InlineData("users?$top=1000", 400, "Request_UnsupportedQuery")]
    [InlineData("users?$top=0", 400, "Request_UnsupportedQuery")]
    [InlineData("users?$select=shoeSize", 400, "Request_BadRequest")]
    [InlineData("servicePrincipals?$expand=appRoleAssignments", 400, "Request_UnsupportedQuery")]
    [InlineData("oauth2PermissionGrants?$filter=scope eq 'User.Read'", 400, "Request_UnsupportedQuery")]
    [InlineData("oauth2PermissionGrants?$filter=clientId eq", 400, "Request_UnsupportedQuery")]
    [InlineData("oauth2PermissionGrants/nonsense", 404, "Request_ResourceNotFound")]
    [InlineData("users?$skiptoken=AAAA", 400, "Directory_ExpiredPageToken")]
    [InlineData("users/delta?$deltatoken=AAAA", 400, "syncStateNotFound")]
    [InlineData("servicePrincipals/00000000-0000-0000-0000-000000000001", 404, "Request_ResourceNotFound")]
    [InlineData("reports/servicePrincipalSignInActivities", 400, "BadRequest")]
    [InlineData("nothing", 400, "BadRequest")]
    public async Task Refusals_carry_the_codes_of_graph(string path, int status, string code)
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(1, 0));
        using var graph = new SimulatedGraph(simulator);

        Assert.Equal((status, code), await graph.FailAsync(path));
    }

    [Fact]
    public async Task A_token_made_for_one_path_does_not_open_another()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(1, 0));
        using var graph = new SimulatedGraph(simulator);
        var link = (await graph.GetAsync("users?$top=5")).GetProperty("@odata.nextLink").GetString()!;

        Assert.Equal((400, "Directory_ExpiredPageToken"), await graph.FailAsync(link.Replace("/users?", "/servicePrincipals?")));
    }

    [Fact]
    public async Task Select_gives_the_named_properties_and_nothing_else()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(1, 0));
        using var graph = new SimulatedGraph(simulator);

        var user = (await graph.GetAsync("users?$top=1&$select=id,department")).GetProperty("value")[0];
        var byDefault = (await graph.GetAsync("users?$top=1")).GetProperty("value")[0];
        var resource = await graph.GetAsync("servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?$select=id,appRoles");

        Assert.Equal(["id", "department"], user.EnumerateObject().Select(property => property.Name));
        Assert.Equal(11, byDefault.EnumerateObject().Count());
        Assert.Contains(resource.GetProperty("appRoles").EnumerateArray(), role =>
            role.GetProperty("value").GetString() == "Mail.Read" && role.GetProperty("id").GetString() == "810c84a8-4a9e-49e6-bf7d-12d183f40d01");
    }

    [Fact]
    public async Task A_grant_id_is_the_url_safe_base64_of_its_guids()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(1, 3));
        using var graph = new SimulatedGraph(simulator);

        foreach (var row in await graph.WalkAsync("oauth2PermissionGrants?$top=999"))
        {
            var id = Id(row)!;
            var bytes = Convert.FromBase64String(id.Replace('-', '+').Replace('_', '/') + (id.Length == 43 ? "=" : ""));
            var everyone = row.GetProperty("consentType").GetString() == "AllPrincipals";
            Assert.Equal(everyone ? 32 : 48, bytes.Length);
            Assert.Equal(row.GetProperty("clientId").GetGuid(), new Guid(bytes.AsSpan(0, 16)));
            Assert.Equal(row.GetProperty("resourceId").GetGuid(), new Guid(bytes.AsSpan(16, 16)));
            Assert.Equal(everyone ? JsonValueKind.Null : JsonValueKind.String, row.GetProperty("principalId").ValueKind);
        }
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_does_not()
    {
        async Task<string> BytesAsync(int seed)
        {
            await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(seed, 6));
            using var graph = new SimulatedGraph(simulator);
            var text = "";
            foreach (var path in (string[])["servicePrincipals", "oauth2PermissionGrants", "users", "auditLogs/directoryAudits"])
            {
                text += string.Concat((await graph.WalkAsync(path + "?$top=999")).Select(row => row.GetRawText()));
            }

            return text;
        }

        var (first, second, other) = (await BytesAsync(9), await BytesAsync(9), await BytesAsync(10));

        Assert.True(first == second, "two runs of one seed differ");
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task Managed_identities_hide_from_small_pages_of_assignments()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(1, 0));
        using var graph = new SimulatedGraph(simulator);
        const string resource = "servicePrincipals(appId='00000003-0000-0000-c000-000000000000')/appRoleAssignedTo";

        var whole = await graph.WalkAsync(resource + "?$top=999");
        var small = await graph.WalkAsync(resource + "?$top=5");

        Assert.True(small.Count < whole.Count, $"{small.Count} of {whole.Count}");
    }

    private static string? Id(JsonElement row) => row.GetProperty("id").GetString();
}
