using System.Text.Json;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Simulation;

public sealed class OrganisationReadsTests
{
    [Fact]
    public async Task A_widened_consent_shows_as_three_events_of_which_one_is_misnamed()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(1, 6));
        using var graph = new SimulatedGraph(simulator);

        var events = await graph.WalkAsync("auditLogs/directoryAudits");
        var triple = events.GroupBy(entry => entry.GetProperty("correlationId").GetString())
            .First(group => group.Count() == 3 && group.Any(entry => Activity(entry) == "Remove delegated permission grant")).ToList();

        Assert.Equal(
            ["Add delegated permission grant", "Consent to application", "Remove delegated permission grant"], triple.Select(Activity).Order());
        var (old, now) = Scopes(triple.Single(entry => Activity(entry) == "Remove delegated permission grant"));
        Assert.StartsWith("\" ", now);
        Assert.Contains("Mail.Read", now);
        Assert.DoesNotContain("Mail.Read", old);
    }

    [Fact]
    public async Task The_audit_log_is_newest_first_and_can_be_read_from_a_moment_on()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(1, 9));
        using var graph = new SimulatedGraph(simulator);

        var all = (await graph.WalkAsync("auditLogs/directoryAudits?$top=100")).Select(At).ToList();
        var since = all[all.Count / 3];
        var recent = await graph.WalkAsync($"auditLogs/directoryAudits?$filter=activityDateTime ge {since:yyyy-MM-ddTHH:mm:ss.fffffff}Z&$orderby=activityDateTime asc");

        Assert.Equal(all.OrderDescending(), all);
        Assert.Equal(all.Where(at => at >= since).Order(), recent.Select(At));
    }

    [Fact]
    public async Task Requests_that_wait_can_be_told_from_those_decided()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(1, 6));
        using var graph = new SimulatedGraph(simulator);
        const string path = "identityGovernance/appConsent/appConsentRequests";

        var all = await graph.WalkAsync(path);
        var waiting = await graph.WalkAsync(path + "?$filter=userConsentRequests/any(u:u/status eq 'InProgress')");
        var users = await graph.WalkAsync($"{path}/{waiting[0].GetProperty("id").GetString()}/userConsentRequests");

        Assert.True(waiting.Count > 0 && waiting.Count < all.Count);
        Assert.All(all, request => Assert.Equal(0, request.GetProperty("userConsentRequests").GetArrayLength()));
        Assert.All(users, user => Assert.Equal("InProgress", user.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Objects_of_several_types_are_found_by_id_and_unknown_ids_left_out()
    {
        var tenant = MarketingOrganisation.Create(1, 0);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);
        Guid[] ids = [tenant.Users.First().Id, tenant.ServicePrincipals.First().Id, tenant.Groups[0].Id, Guid.Parse("00000000-0000-0000-0000-000000000009")];

        using var response = await graph.SendAsync("directoryObjects/getByIds?$select=id,displayName,department", HttpMethod.Post, new { ids });
        using var page = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var members = await graph.WalkAsync($"groups/{tenant.Groups[0].Id}/members?$select=id,department");

        Assert.Equal(ids[..3], page.RootElement.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("id").GetGuid()));
        Assert.Equal(tenant.Groups[0].Members, members.Select(row => row.GetProperty("id").GetGuid()));
        Assert.Equal((400, "Request_BadRequest"), await graph.FailAsync("directoryObjects/getByIds", HttpMethod.Post, new { ids = Enumerable.Repeat(ids[0], 1_001) }));
    }

    [Fact]
    public async Task Awkward_apps_come_as_they_are()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(1, 0));
        using var graph = new SimulatedGraph(simulator);

        var apps = await graph.WalkAsync("servicePrincipals?$top=999");
        var agents = apps.Where(app => app.GetProperty("servicePrincipalType").GetString() == "ServiceIdentity").ToList();

        Assert.NotEmpty(agents);
        Assert.All(agents, agent => Assert.False(agent.TryGetProperty("appId", out _)));
        Assert.Equal(agents.Count, (await graph.WalkAsync("servicePrincipals/microsoft.graph.agentIdentity")).Count);
        Assert.All(apps, app => Assert.Equal(JsonValueKind.Object, app.GetProperty("verifiedPublisher").ValueKind));
        Assert.Contains(apps, app => app.GetProperty("displayName").GetString() == "");
        Assert.Contains(apps, app => app.GetProperty("displayName").GetString() == "Invoice\u202Efdp.exe");
        Assert.Contains(apps, app => app.GetProperty("displayName").GetString()!.Length == 400);
        Assert.Contains(apps, app => app.GetProperty("servicePrincipalType").GetString() == "ManagedIdentity"
            && app.GetProperty("appOwnerOrganizationId").ValueKind == JsonValueKind.Null);
    }

    private static string? Activity(JsonElement entry) => entry.GetProperty("activityDisplayName").GetString();

    private static DateTimeOffset At(JsonElement entry) => entry.GetProperty("activityDateTime").GetDateTimeOffset();

    private static (string? Old, string? New) Scopes(JsonElement entry)
    {
        var scope = entry.GetProperty("targetResources")[0].GetProperty("modifiedProperties").EnumerateArray()
            .Single(property => property.GetProperty("displayName").GetString() == "DelegatedPermissionGrant.Scope");
        return (scope.GetProperty("oldValue").GetString(), scope.GetProperty("newValue").GetString());
    }
}
