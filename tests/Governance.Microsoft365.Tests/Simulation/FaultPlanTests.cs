using System.Text.Json;
using Governance.Simulator;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Simulation;

public sealed class FaultPlanTests
{
    private static readonly SimulatedTenant Tenant = ScaledTenant.Create(TenantSize.ForGrants(400), 2);

    [Theory]
    [InlineData("429@servicePrincipals:2")]
    [InlineData("429=2.128@oauth2PermissionGrants")]
    [InlineData("503=date5@#7")]
    [InlineData("403@reports/*!always")]
    [InlineData("cut-length@users:1!3")]
    [InlineData("loop@users:2!always")]
    [InlineData("foreign-link=http://127.0.0.1:9@users")]
    public void The_text_form_reads_back_as_itself(string text) => Assert.Equal(text, Fault.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("429")]
    [InlineData("200@users")]
    [InlineData("nonsense@users")]
    [InlineData("status@users")]
    [InlineData("429=soon@users")]
    [InlineData("huge=0@users")]
    [InlineData("429@users:0")]
    [InlineData("429@users!0")]
    [InlineData("429@#99999999999")]
    public void A_text_that_means_nothing_is_refused_with_itself_quoted(string text)
    {
        var error = Assert.Throws<FormatException>(() => Fault.Parse(text));

        Assert.Contains($"'{text}'", error.Message);
    }

    [Theory]
    [InlineData("429@users:2", "1")]
    [InlineData("429=7@users:2", "7")]
    [InlineData("429=2.128@users:2", "2.128")]
    [InlineData("429=date30@users:2", "Sun, 01 Mar 2026 12:00:30 GMT")]
    [InlineData("429=none@users:2", null)]
    [InlineData("503@users:2", null)]
    public async Task A_status_comes_once_on_its_page_with_the_wait_asked_for(string fault, string? wait)
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant, new SimulatorOptions { TimeProvider = new HandSetClock() });
        using var graph = new SimulatedGraph(simulator);
        simulator.Faults.Add(fault);

        var first = await graph.GetAsync("users?$top=100");
        var link = first.GetProperty("@odata.nextLink").GetString()!;
        using var refused = await graph.SendAsync(link);
        using var answered = await graph.SendAsync(link);

        Assert.Equal(int.Parse(fault[..3]), (int)refused.StatusCode);
        Assert.Equal(wait, refused.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.ToString() : null);
        Assert.True(answered.IsSuccessStatusCode);
        Assert.Equal(1, simulator.Faults.Fired);
    }

    [Theory]
    [InlineData("reset@users")]
    [InlineData("cut@users")]
    [InlineData("cut-length@users")]
    public async Task A_broken_connection_breaks_the_client_once(string fault)
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant);
        using var graph = new SimulatedGraph(simulator);
        simulator.Faults.Add(fault);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => graph.SendAsync("users"));
        using var again = await graph.SendAsync("users");

        Assert.True(again.IsSuccessStatusCode);
        Assert.Equal(1, simulator.Faults.Fired);
    }

    [Theory]
    [InlineData("cut-clean@users")]
    [InlineData("malformed@users")]
    public async Task A_body_can_be_no_json_under_a_good_status(string fault)
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant);
        using var graph = new SimulatedGraph(simulator);
        simulator.Faults.Add(fault);

        using var response = await graph.SendAsync("users");
        var text = await response.Content.ReadAsStringAsync();

        Assert.True(response.IsSuccessStatusCode);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
    }

    [Fact]
    public async Task Silence_lasts_until_the_client_gives_up()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant);
        simulator.Faults.Add("silence@users");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", "x");
        using var response = await http.GetAsync(simulator.Endpoint + "/users", HttpCompletionOption.ResponseHeadersRead);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Assert.True(response.IsSuccessStatusCode);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response.Content.ReadAsStringAsync(patience.Token));
    }

    [Fact]
    public async Task A_drip_and_a_huge_page_are_whole_in_the_end()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant);
        using var graph = new SimulatedGraph(simulator);
        simulator.Faults.Add("drip=1@users");
        simulator.Faults.Add("huge=2@servicePrincipals");

        var users = await graph.GetAsync("users");
        var huge = await graph.GetAsync("servicePrincipals");

        Assert.Equal(100, users.GetProperty("value").GetArrayLength());
        Assert.Equal(2 << 20, huge.GetProperty("value")[0].GetProperty("id").GetString()!.Length);
        Assert.Equal(2, simulator.Faults.Fired);
    }

    [Fact]
    public async Task An_empty_page_hides_nothing_and_a_duplicate_adds_one_row()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant);
        using var graph = new SimulatedGraph(simulator);
        simulator.Faults.Add("empty@users:2");
        simulator.Faults.Add("duplicate@users:4");

        var ids = (await graph.WalkAsync("users?$top=50")).Select(row => row.GetProperty("id").GetGuid()).ToList();

        Assert.Equal(Tenant.UserCount + 1, ids.Count);
        Assert.Equal(Tenant.Users.Select(user => user.Id), ids.Distinct());
        Assert.Equal(2, simulator.Faults.Fired);
    }

    [Fact]
    public async Task Links_can_lead_in_circles_or_away()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant);
        using var graph = new SimulatedGraph(simulator);
        async Task<string> LinkAsync(string url) => (await graph.GetAsync(url)).GetProperty("@odata.nextLink").GetString()!;
        var first = simulator.Endpoint + "/users?$top=50";
        var second = await LinkAsync(first);

        simulator.Faults.Add("self-link@users:1");
        Assert.Equal(first, await LinkAsync(first));
        simulator.Faults.Clear();
        simulator.Faults.Add("loop@users:2");
        Assert.Equal(first, await LinkAsync(second));
        simulator.Faults.Clear();
        simulator.Faults.Add("foreign-link@users");
        Assert.StartsWith("https://graph.attacker.example/v1.0/users?", await LinkAsync(first));
        simulator.Faults.Add("http-link@users");
        Assert.StartsWith("http://graph.microsoft.com/v1.0/users?", await LinkAsync(first));
        simulator.Faults.Add("endless@users:2");
        var links = new HashSet<string>();
        for (var link = second; links.Count < 20; link = await LinkAsync(link))
        {
            Assert.True(links.Add(link), "an endless walk never repeats a link");
        }
    }

    [Fact]
    public async Task Missing_rows_show_against_the_count_and_a_page_may_lack_its_value()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant);
        using var graph = new SimulatedGraph(simulator);
        simulator.Faults.Add("missing=3@users:1");
        simulator.Faults.Add("no-value@servicePrincipals");

        var page = await graph.GetAsync("users?$top=999&$count=true");
        var apps = await graph.GetAsync("servicePrincipals");

        Assert.Equal(page.GetProperty("@odata.count").GetInt32() - 3, page.GetProperty("value").GetArrayLength());
        Assert.False(apps.TryGetProperty("value", out _));
    }

    [Fact]
    public async Task Delta_can_be_reset_expired_and_replayed()
    {
        var tenant = ScaledTenant.Create(TenantSize.ForGrants(400), 2);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);
        async Task<JsonElement> LatestAsync() => await graph.GetAsync("users/delta?$deltatoken=latest");
        tenant.Change(change => change.RemoveUser(tenant.Users.First().Id));
        var link = (await LatestAsync()).GetProperty("@odata.deltaLink").GetString()!;

        simulator.Faults.Add("replay@users/delta");
        var replayed = await graph.GetAsync(link);
        simulator.Faults.Add("delta-expired@users/delta");
        var expired = await graph.FailAsync(link);
        simulator.Faults.Add("delta-reset@users/delta");
        using var reset = await graph.SendAsync(link);
        var anew = await graph.WalkAsync(reset.Headers.Location!.ToString());

        Assert.Equal(1, replayed.GetProperty("value").GetArrayLength());
        Assert.Equal((400, "syncStateNotFound"), expired);
        Assert.Equal(410, (int)reset.StatusCode);
        Assert.Equal(tenant.UserCount, anew.Count);
        Assert.Equal(3, simulator.Faults.Fired);
    }

    [Fact]
    public async Task A_fault_by_number_hits_that_request_alone()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant);
        using var graph = new SimulatedGraph(simulator);
        simulator.Faults.Add("500@#3");

        var statuses = new List<int>();
        for (var index = 0; index < 4; index++)
        {
            using var response = await graph.SendAsync("organization");
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 200, 500, 200], statuses);
    }
}
