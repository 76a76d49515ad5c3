using Governance.EndToEnd.Tests.Cli;
using Governance.Embedded.Sqlite;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>The policy of a server: a broken one stops the start, a broken edit leaves the last good one in force, a scan keeps the one it began with.</summary>
public sealed class ServeSettingsTests
{
    private const string Tenant = "0a0a0a0a-1111-4222-8333-444444444444";
    private const string Good = "version: 1\napproved: []\n";
    private const string Better = "version: 1\napproved: []\ndormantAfterDays: 45\n";

    [Theory]
    [InlineData("http://prod-07.westeurope.logic.azure.com/workflows/x?sig=canary", "https")]
    [InlineData("https://10.0.0.7/workflows/x?sig=canary", "IP address")]
    [InlineData("https://evil.example/workflows/x?sig=canary", "allowed hosts")]
    [InlineData("https://contoso.webhook.office.com/webhookb2/canary", "retired")]
    [InlineData(null, "is not set")]
    public async Task CF_3_a_channel_whose_address_cannot_be_used_stops_the_start(string? address, string said)
    {
        using var folder = new TemporaryFolder();
        var variable = $"GOVERNANCE_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, address);
        folder.Write("governance.yaml", $"{Good}digests:\n  - {{name: leads, urlEnv: {variable}}}\n");

        var run = await Run.Of("serve", "--tenant", Tenant, "--token-env", "PATH", "--data", folder["data"], "--policy", folder["governance.yaml"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("leads", run.Notes, StringComparison.Ordinal);
        Assert.Contains(said, run.Notes, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Notes, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Theory]
    [InlineData("version: 1\napproved: [\n", "governance.yaml")]
    [InlineData("version: 1\napproved: []\napprovd: []\n", "line 3")]
    [InlineData("version: 1\napproved: []\napproved: []\n", "line 3")]
    public async Task CF_4_and_CF_5_a_broken_policy_stops_the_start_with_its_line(string policy, string said)
    {
        using var folder = new TemporaryFolder();
        folder.Write("governance.yaml", policy);

        var run = await Run.Of("serve", "--tenant", Tenant, "--token-env", "PATH", "--data", folder["data"], "--policy", folder["governance.yaml"]);

        Assert.Equal(2, run.Code);
        Assert.Contains(said, run.Notes, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public async Task CF_4_and_CF_7_a_broken_edit_leaves_the_last_good_policy_and_a_scan_keeps_the_one_it_began_with()
    {
        await using var tenant = await ScannableTenant.StartAsync();
        using var folder = new TemporaryFolder();
        folder.Write("governance.yaml", Good);
        await using var server = await ServeProcess.StartAsync(folder, tenant, more: ["--policy", folder["governance.yaml"], "--full-scan", "off", "--nightly-scan", "off"]);
        using var client = server.Client(await server.ShownTokenAsync());

        // The policy changes while the scan is held up at Graph.
        tenant.Simulator.Faults.Add("429=2@servicePrincipals!1");
        using var first = await client.PostAsync("/api/scans", null);
        await RunningServer.Until(() => Task.FromResult(tenant.Simulator.Requests.Throttled > 0));
        folder.Write("governance.yaml", Better);
        await RunningServer.EndOf(client, first.Headers.Location!.ToString());
        Assert.Equal(Good, await PolicyAsync(folder, tenant.Id));

        using var second = await client.PostAsync("/api/scans", null);
        await RunningServer.EndOf(client, second.Headers.Location!.ToString());
        Assert.Equal(Better, await PolicyAsync(folder, tenant.Id));

        folder.Write("governance.yaml", "approve: everything\n");
        using var third = await client.PostAsync("/api/scans", null);
        var ended = await RunningServer.EndOf(client, third.Headers.Location!.ToString());
        Assert.Equal("complete", ended.GetProperty("status").GetString());
        Assert.Equal(Better, await PolicyAsync(folder, tenant.Id));
        Assert.Equal(0, await server.TerminateAsync());
        Assert.Contains("the last good ones stay in force", server.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> PolicyAsync(TemporaryFolder folder, Guid tenant)
    {
        var options = new SqliteOptions { Folder = folder["data"] };
        await using var database = new SqliteDatabase(options);
        return (await new SqliteScanStore(database, options).StateAsync(tenant, default))!.PolicyText;
    }
}
