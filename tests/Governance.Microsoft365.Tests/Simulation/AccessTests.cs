using System.Text.Json;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Simulation;

public sealed class AccessTests
{
    private static readonly SimulatedTenant Tenant = MarketingOrganisation.Create(1, 11);

    [Fact]
    public async Task Nothing_is_answered_without_a_token_and_tokens_run_out()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant, new SimulatorOptions { RequestsPerToken = 2 });
        using var graph = new SimulatedGraph(simulator);

        Assert.Equal((401, "InvalidAuthenticationToken"), await graph.FailAsync("users", token: null));
        await graph.GetAsync("users");
        await graph.GetAsync("users");
        Assert.Equal((401, "InvalidAuthenticationToken"), await graph.FailAsync("users"));
        using var renewed = await graph.SendAsync("users", token: "another");
        Assert.True(renewed.IsSuccessStatusCode);
        Assert.Equal([false, true, true, true, true], simulator.Requests.Entries.Select(entry => entry.Authorized));
    }

    [Fact]
    public async Task A_missing_right_closes_one_endpoint_and_leaves_the_others()
    {
        await using var simulator = await GraphSimulator.StartAsync(
            Tenant, new SimulatorOptions { Rights = new HashSet<string> { "Application.Read.All", "User.Read.All" }, PremiumLicence = false });
        using var graph = new SimulatedGraph(simulator);

        Assert.Equal((403, "Authorization_RequestDenied"), await graph.FailAsync("oauth2PermissionGrants"));
        Assert.Equal((403, "Authorization_RequestDenied"), await graph.FailAsync("auditLogs/directoryAudits"));
        Assert.Equal((403, "Authorization_RequestDenied"), await graph.FailAsync("oauth2PermissionGrants/" + Tenant.Grants.First().Id, HttpMethod.Delete));
        await graph.GetAsync("servicePrincipals");
        await graph.GetAsync("users");
    }

    [Fact]
    public async Task Sign_in_activity_needs_beta_and_a_licence()
    {
        await using var licensed = await GraphSimulator.StartAsync(Tenant);
        await using var free = await GraphSimulator.StartAsync(Tenant, new SimulatorOptions { PremiumLicence = false });
        using var first = new SimulatedGraph(licensed);
        using var second = new SimulatedGraph(free);
        static string Path(GraphSimulator simulator) => simulator.Endpoint.ToString().Replace("/v1.0", "/beta") + "/reports/servicePrincipalSignInActivities";

        Assert.NotEmpty(await first.WalkAsync(Path(licensed)));
        Assert.Equal((403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"), await second.FailAsync(Path(free)));
    }

    [Fact]
    public async Task The_quota_refuses_with_a_wait_and_refills()
    {
        var clock = new HandSetClock();
        await using var simulator = await GraphSimulator.StartAsync(Tenant, new SimulatorOptions { ResourceUnitsPerTenSeconds = 4, TimeProvider = clock });
        using var graph = new SimulatedGraph(simulator);

        await graph.GetAsync("users");
        await graph.GetAsync("users");
        using var refused = await graph.SendAsync("users");
        clock.Advance(refused.Headers.RetryAfter!.Delta!.Value);
        using var answered = await graph.SendAsync("users");

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.True(answered.IsSuccessStatusCode);
        Assert.Equal(6, simulator.Requests.ResourceUnits);
        Assert.Equal(1, simulator.Requests.Throttled);
    }

    [Theory]
    [InlineData("users", "2")]
    [InlineData("users?$select=id", "1")]
    [InlineData("oauth2PermissionGrants?$top=999", "2")]
    [InlineData("oauth2PermissionGrants?$top=5&$select=id", "1")]
    [InlineData("users/delta?$deltatoken=latest", "1")]
    [InlineData("servicePrincipals", "1")]
    public async Task Answers_say_what_they_cost(string path, string units)
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant);
        using var graph = new SimulatedGraph(simulator);

        using var response = await graph.SendAsync(path);

        Assert.Equal(units, response.Headers.GetValues("x-ms-resource-unit").Single());
        Assert.True(Guid.TryParse(response.Headers.GetValues("request-id").Single(), out _));
    }

    [Fact]
    public async Task A_batch_answers_each_item_by_itself_and_in_no_order()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant, new SimulatorOptions { Rights = new HashSet<string> { "Application.Read.All" } });
        using var graph = new SimulatedGraph(simulator);
        simulator.Faults.Add("429=9@servicePrincipals/*/appRoleAssignedTo");
        var app = Tenant.ServicePrincipals.First();
        var requests = Enumerable.Range(0, 16).Select(index => (object)new { id = "i" + index, method = "GET", url = "/servicePrincipals?$top=1" })
            .Append(new { id = "denied", method = "GET", url = "/users" })
            .Append(new { id = "throttled", method = "GET", url = $"/servicePrincipals/{app.Id}/appRoleAssignedTo" })
            .Append(new { id = "missing", method = "GET", url = "/servicePrincipals/00000000-0000-0000-0000-000000000009" })
            .Append(new { id = "dependent", method = "GET", url = "/organization", dependsOn = new[] { "missing" } })
            .ToArray();

        using var response = await graph.SendAsync("$batch", HttpMethod.Post, new { requests });
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var answers = document.RootElement.GetProperty("responses").EnumerateArray().ToList();

        Assert.Equal(20, answers.Count);
        Assert.NotEqual(Enumerable.Range(0, 16).Select(index => "i" + index), answers.Select(answer => answer.GetProperty("id").GetString()).Where(id => id![0] == 'i'));
        int Status(string id) => answers.Single(answer => answer.GetProperty("id").GetString() == id).GetProperty("status").GetInt32();
        Assert.Equal([200, 403, 429, 404, 424], [Status("i3"), Status("denied"), Status("throttled"), Status("missing"), Status("dependent")]);
        Assert.Equal("9", answers.Single(answer => answer.GetProperty("status").GetInt32() == 429).GetProperty("headers").GetProperty("Retry-After").GetString());
        Assert.Equal(1, simulator.Requests.HttpCalls);
        Assert.Equal(19, simulator.Requests.Requests);
    }

    [Fact]
    public async Task A_batch_of_twenty_one_is_refused()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant);
        using var graph = new SimulatedGraph(simulator);
        var requests = Enumerable.Range(0, 21).Select(index => new { id = "i" + index, method = "GET", url = "/users" }).ToArray();

        Assert.Equal((400, "BadRequest"), await graph.FailAsync("$batch", HttpMethod.Post, new { requests }));
    }
}
