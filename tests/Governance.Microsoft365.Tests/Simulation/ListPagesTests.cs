using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Simulation;

public sealed class ListPagesTests
{
    public static TheoryData<int> PageSizes => [7, 100, 500, 999];

    [Theory]
    [MemberData(nameof(PageSizes))]
    public async Task A_walk_returns_every_row_exactly_once(int size)
    {
        var tenant = MarketingOrganisation.Create(1, 11);
        await using var simulator = await GraphSimulator.StartAsync(tenant, new SimulatorOptions { LosesRows = false });
        using var graph = new SimulatedGraph(simulator);

        var grants = await graph.WalkAsync($"oauth2PermissionGrants?$top={size}");
        var apps = await graph.WalkAsync($"servicePrincipals?$top={size}&$select=id,displayName");
        var users = await graph.WalkAsync($"users?$top={size}&$select=id,department");

        Assert.Equal(tenant.Grants.Select(grant => grant.Id), grants.Select(row => row.GetProperty("id").GetString()));
        Assert.Equal(tenant.ServicePrincipals.Select(app => app.Id), apps.Select(row => row.GetProperty("id").GetGuid()));
        Assert.Equal(tenant.ServicePrincipals.Select(app => app.DisplayName), apps.Select(row => row.GetProperty("displayName").GetString()));
        Assert.Equal(tenant.Users.Select(user => user.Department), users.Select(row => row.GetProperty("department").GetString()));
    }

    [Fact]
    public async Task Each_scaled_row_can_be_found_by_its_key_and_by_its_owner()
    {
        var tenant = ScaledTenant.Create(TenantSize.ForGrants(1_000), seed: 3);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);

        var grants = await graph.WalkAsync("oauth2PermissionGrants?$top=999");
        var byClient = new List<string?>();
        foreach (var client in tenant.Grants.Select(grant => grant.ClientId).Distinct())
        {
            byClient.AddRange((await graph.WalkAsync($"oauth2PermissionGrants?$filter=clientId eq '{client}'")).Select(row => row.GetProperty("id").GetString()));
        }

        var ids = grants.Select(row => row.GetProperty("id").GetString()).ToList();
        Assert.Equal(1_000, ids.Distinct().Count());
        Assert.Equal(ids, byClient);
        Assert.All(tenant.State.Grants.Rows(), row => Assert.True(tenant.State.Grants.TryFind(row.Key, out var found) && found == row));
        Assert.All(tenant.State.Assignments.Rows(), row => Assert.True(tenant.State.Assignments.TryFind(row.Key, out var found) && found == row));
    }
}
