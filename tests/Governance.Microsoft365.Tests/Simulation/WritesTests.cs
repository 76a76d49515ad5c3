using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Simulation;

public sealed class WritesTests
{
    [Fact]
    public async Task A_grant_can_be_narrowed_deleted_and_given_back_under_the_same_id()
    {
        var tenant = MarketingOrganisation.Create(1, 2);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);
        var grant = tenant.Grants.First(row => row.PrincipalId is not null);
        var path = "oauth2PermissionGrants/" + grant.Id;
        var undo = new { clientId = grant.ClientId, consentType = "Principal", principalId = grant.PrincipalId, resourceId = grant.ResourceId, scope = grant.Scope };

        Assert.Equal((204, null), await graph.FailAsync(path, HttpMethod.Patch, new { scope = "User.Read" }));
        Assert.Equal("User.Read", (await graph.GetAsync(path)).GetProperty("scope").GetString());
        Assert.Equal((204, null), await graph.FailAsync(path, HttpMethod.Delete));
        Assert.Equal((404, "Request_ResourceNotFound"), await graph.FailAsync(path));
        Assert.Equal((404, "Request_ResourceNotFound"), await graph.FailAsync(path, HttpMethod.Delete));
        using var created = await graph.SendAsync("oauth2PermissionGrants", HttpMethod.Post, undo);
        Assert.Equal(201, (int)created.StatusCode);
        Assert.Equal(grant.Scope, (await graph.GetAsync(path)).GetProperty("scope").GetString());
        Assert.Equal((400, "Request_BadRequest"), await graph.FailAsync("oauth2PermissionGrants", HttpMethod.Post, undo));
        Assert.Equal((400, "Request_BadRequest"), await graph.FailAsync(path, HttpMethod.Patch, new { scope = new string('x', 3_851) }));
    }

    [Fact]
    public async Task An_app_role_assignment_goes_under_its_own_resource_alone()
    {
        var tenant = MarketingOrganisation.Create(1, 2);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);
        var row = tenant.AppRoleAssignments.First(item => item.PrincipalType == "ServicePrincipal");
        var body = new { principalId = row.PrincipalId, resourceId = row.ResourceId, appRoleId = row.AppRoleId };

        Assert.Equal((404, "Request_ResourceNotFound"), await graph.FailAsync($"servicePrincipals/{row.PrincipalId}/appRoleAssignedTo/{row.Id}", HttpMethod.Delete));
        Assert.Equal((400, "Request_BadRequest"), await graph.FailAsync($"servicePrincipals/{row.ResourceId}/appRoleAssignedTo", HttpMethod.Post, body));
        Assert.Equal((204, null), await graph.FailAsync($"servicePrincipals/{row.ResourceId}/appRoleAssignedTo/{row.Id}", HttpMethod.Delete));
        using var created = await graph.SendAsync($"servicePrincipals/{row.PrincipalId}/appRoleAssignments", HttpMethod.Post, body);
        Assert.Equal(201, (int)created.StatusCode);
        Assert.Contains(await graph.WalkAsync($"servicePrincipals/{row.PrincipalId}/appRoleAssignments"), item => item.GetProperty("appRoleId").GetGuid() == row.AppRoleId);
    }

    [Fact]
    public async Task A_blocked_app_shows_in_the_next_delta()
    {
        var tenant = MarketingOrganisation.Create(1, 2);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);
        var app = tenant.ServicePrincipals.First(row => row.DisplayName == "ChatGPT");
        var link = (await graph.GetAsync("servicePrincipals/delta?$deltatoken=latest&$select=accountEnabled")).GetProperty("@odata.deltaLink").GetString()!;

        Assert.Equal((204, null), await graph.FailAsync("servicePrincipals/" + app.Id, HttpMethod.Patch, new { accountEnabled = false }));

        var row = Assert.Single(await graph.WalkAsync(link));
        Assert.Equal(app.Id, row.GetProperty("id").GetGuid());
        Assert.False(row.GetProperty("accountEnabled").GetBoolean());
    }
}
