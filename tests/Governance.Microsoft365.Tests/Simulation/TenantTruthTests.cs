using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Simulation;

public sealed class TenantTruthTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public async Task The_truth_equals_what_a_walk_over_http_shows(int night)
    {
        var tenant = MarketingOrganisation.Create(4, night);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);
        var truth = TenantTruth.Of(tenant);

        var apps = (await graph.WalkAsync("servicePrincipals?$top=999&$select=id,appId,appRoles")).ToDictionary(row => row.GetProperty("id").GetGuid());
        var grants = (await graph.WalkAsync("oauth2PermissionGrants?$top=999")).ToLookup(row => row.GetProperty("clientId").GetGuid());
        var roles = new List<(Guid Holder, string Value)>();
        foreach (var (id, app) in apps.Where(item => item.Value.GetProperty("appRoles").GetArrayLength() > 0))
        {
            var names = app.GetProperty("appRoles").EnumerateArray().ToDictionary(role => role.GetProperty("id").GetGuid(), role => role.GetProperty("value").GetString()!);
            roles.AddRange((await graph.WalkAsync($"servicePrincipals/{id}/appRoleAssignedTo?$top=999"))
                .Where(row => row.GetProperty("principalType").GetString() == "ServicePrincipal")
                .Select(row => (row.GetProperty("principalId").GetGuid(), names[row.GetProperty("appRoleId").GetGuid()])));
        }

        Assert.True(truth.Apps.Count > 250, $"{truth.Apps.Count} apps hold something");
        foreach (var (id, app) in truth.Apps)
        {
            var own = grants[id].ToList();
            Assert.Equal(app.Grants, own.Count);
            Assert.Equal(app.TenantWide, own.Any(row => row.GetProperty("consentType").GetString() == "AllPrincipals"));
            Assert.Equal(app.Users.Count, own.Select(row => row.GetProperty("principalId").GetString()).OfType<string>().Distinct().Count());
            var scopes = own.SelectMany(row => (row.GetProperty("scope").GetString() ?? "")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(scope => row.GetProperty("resourceId").GetString() + scope.ToLowerInvariant())).Distinct();
            Assert.Equal(app.Delegated.Length, scopes.Count());
            Assert.Equal(app.Application.Select(item => item.Value).Order(), roles.Where(role => role.Holder == id).Select(role => role.Value).Order());
        }
    }

    [Fact]
    public void The_organisation_has_the_size_and_the_people_that_its_story_needs()
    {
        for (var night = 0; night < MarketingOrganisation.Nights; night++)
        {
            var tenant = MarketingOrganisation.Create(1, night);

            Assert.InRange(tenant.ServicePrincipalCount, 290, 350);
            Assert.InRange(tenant.GrantCount, 2_500, 4_000);
            Assert.InRange(tenant.UserCount, 590, 620);
            Assert.Equal(tenant.ServicePrincipalCount, tenant.ServicePrincipals.Select(app => app.Id).Distinct().Count());
            var appIds = tenant.ServicePrincipals.Select(app => app.AppId).OfType<Guid>().ToList();
            Assert.Equal(appIds.Count, appIds.Distinct().Count());
        }

        var people = MarketingOrganisation.Create(1, 0).Users.ToList();
        Assert.Contains(people, user => user.Department is null && user.UserType == "Member");
        Assert.Contains(people, user => user.Department == "市场部");
        Assert.Contains(people, user => !user.AccountEnabled);
        Assert.Contains(people, user => user.UserType == "Guest");
    }

    [Fact]
    public void The_nights_tell_of_a_craze_a_departure_a_return_a_growth_a_block_and_a_verification()
    {
        var nights = Enumerable.Range(0, MarketingOrganisation.Nights).Select(night => MarketingOrganisation.Create(1, night)).ToList();
        int Users(int night, string name) => TenantTruth.Of(nights[night]).Apps.Values.Where(app => app.App?.DisplayName == name).Sum(app => app.Users.Count);
        SimulatedServicePrincipal App(int night, string name) => nights[night].ServicePrincipals.Single(app => app.DisplayName == name);

        Assert.True(Users(11, "Read Meeting Navigator") > 10 * Users(0, "Read Meeting Navigator"));
        Assert.Equal(0, Users(5, "Rytr"));
        Assert.Equal([4, 0, 4], [Users(3, "Supernormal"), Users(4, "Supernormal"), Users(8, "Supernormal")]);
        Assert.DoesNotContain(TenantTruth.Of(nights[5]).Apps[App(5, "ChatGPT").Id].Delegated, item => item.Scope == "Mail.Read");
        Assert.Contains(TenantTruth.Of(nights[6]).Apps[App(6, "ChatGPT").Id].Delegated, item => item.Scope == "Mail.Read");
        Assert.True(App(4, "Smartcat").AccountEnabled);
        Assert.False(App(5, "Smartcat").AccountEnabled);
        Assert.Null(App(6, "Gamma").VerifiedPublisher);
        Assert.NotNull(App(7, "Gamma").VerifiedPublisher);
    }
}
