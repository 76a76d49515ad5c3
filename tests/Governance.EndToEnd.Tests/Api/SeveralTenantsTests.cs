using System.Net;
using System.Text.Json;
using Governance.Core.Scans;
using Governance.EndToEnd.Tests.Cli;
using Governance.Embedded.Sqlite;
using Governance.Simulator.Brightwave;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>One server for several tenants: each has its own policy, credential and schedule, and trouble in one costs the others nothing.</summary>
public sealed class SeveralTenantsTests : IAsyncLifetime, IDisposable
{
    private static readonly Guid B = Guid.Parse("bbbbbbbb-1111-4222-8333-444444444444");
    private static readonly string[] Never = ["--full-scan", "off", "--nightly-scan", "off", "--listen", "http://127.0.0.1:0"];
    private readonly TemporaryFolder _folder = new();
    private ScannableTenant _a = null!;
    private ScannableTenant _b = null!;

    public async Task InitializeAsync()
    {
        var made = MarketingOrganisation.Create(20260105, 2);
        _a = await ScannableTenant.StartAsync(made);
        _b = await ScannableTenant.StartAsync(made.TwinUnder(B));
        _folder.Write("a.yaml", "version: 1\napproved: []\n");
        _folder.Write("b.yaml", "version: 1\napproved: []\ndormantAfterDays: 45\n");
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task MT_1_and_MT_8_tenants_with_the_same_ids_inside_are_kept_apart()
    {
        await using var server = await StartAsync(Settings(_a.Simulator.Endpoint, _b.Simulator.Endpoint));
        using var client = server.Client(await server.ShownTokenAsync());
        await ScanAsync(client, _a.Id);
        await ScanAsync(client, B);

        using var unclear = await client.GetAsync("/api/apps");
        Assert.Equal("tenant-needed", await unclear.Problem(HttpStatusCode.BadRequest));
        var (inA, inB) = (await client.GetJson($"/api/apps?tenant={_a.Id}&limit=200"), await client.GetJson($"/api/apps?tenant={B}&limit=200"));
        Assert.Equal(inA.GetProperty("total").GetInt32(), inB.GetProperty("total").GetInt32());
        Assert.DoesNotContain(B.ToString(), (await client.GetStringAsync($"/api/export?tenant={_a.Id}&what=all")), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_a.Id.ToString(), (await client.GetStringAsync($"/api/export?tenant={B}&what=all")), StringComparison.OrdinalIgnoreCase);

        // Each was judged by its own policy.
        var policies = await Task.WhenAll(new[] { _a.Id, B }.Select(async tenant => (await StateAsync(tenant))!.PolicyText));
        Assert.Equal([File.ReadAllText(_folder["a.yaml"]), File.ReadAllText(_folder["b.yaml"])], policies);
        Assert.Equal(0, await server.TerminateAsync());
    }

    [Fact]
    public async Task MT_2_a_tenant_that_is_held_up_keeps_no_other_waiting()
    {
        await using var server = await StartAsync(Settings(_a.Simulator.Endpoint, _b.Simulator.Endpoint));
        using var client = server.Client(await server.ShownTokenAsync());
        _a.Simulator.Faults.Add("429=20@servicePrincipals!always");

        var held = await AskAsync(client, _a.Id);
        await RunningServer.Until(async () => (await client.GetJson(held)).GetProperty("status").GetString() == "running");
        var ended = await ScanAsync(client, B);

        Assert.Equal("complete", ended.GetProperty("status").GetString());
        Assert.Equal("running", (await client.GetJson(held)).GetProperty("status").GetString());
        _a.Simulator.Faults.Clear();
    }

    [Fact]
    public async Task MT_3_a_tenant_whose_credential_is_withdrawn_says_so_and_leaves_the_others_alone()
    {
        await using var server = await StartAsync(Settings(_a.Simulator.Endpoint, _b.Simulator.Endpoint));
        using var client = server.Client(await server.ShownTokenAsync());
        _a.Simulator.Faults.Add("401@organization!always");

        var refused = await ScanAsync(client, _a.Id);
        var ended = await ScanAsync(client, B);

        Assert.Equal("failed", refused.GetProperty("status").GetString());
        Assert.Equal("complete", ended.GetProperty("status").GetString());
        Assert.Null(await StateAsync(_a.Id));
        Assert.NotNull(await StateAsync(B));
    }

    [Fact]
    public async Task MT_4_another_tenant_s_data_behind_a_tenant_s_credential_is_not_taken()
    {
        await using var server = await StartAsync(Settings(_b.Simulator.Endpoint, _b.Simulator.Endpoint));
        using var client = server.Client(await server.ShownTokenAsync());

        var refused = await ScanAsync(client, _a.Id);

        Assert.Equal("failed", refused.GetProperty("status").GetString());
        Assert.Null(await StateAsync(_a.Id));
    }

    [Theory]
    [InlineData("""{"tenants":[]}""", "names no tenant")]
    [InlineData("""{"tenants":[{"policy":"a.yaml"}]}""", "'id'")]
    [InlineData("""{"tenants":[{"id":"TENANT"},{"id":"TENANT"}]}""", "twice")]
    [InlineData("""{"tenants":[{"id":"TENANT","polcy":"canary"}]}""", "not understood")]
    [InlineData("""{"tenants":[{"id":"TENANT","policy":"missing.yaml"}]}""", "there is no file")]
    [InlineData("""{"tenants":[{"id":"TENANT","timeZone":"Mars/canary"}]}""", "'timeZone'")]
    [InlineData("""{"tenants":[{"id":"TENANT","fullScan":"0 2 31 2 *"}]}""", "'fullScan'")]
    [InlineData("""{"tenants":[{"id":"TENANT","tokenEnv":"GOVERNANCE_NOT_SET"}]}""", "GOVERNANCE_NOT_SET")]
    [InlineData("canary", "line 1")]
    public async Task CF_1_and_CF_2_a_file_that_cannot_be_meant_stops_the_start(string file, string said)
    {
        _folder.Write("tenants.json", file.Replace("TENANT", B.ToString(), StringComparison.Ordinal));

        var run = await Run.Of(["serve", "--tenants", _folder["tenants.json"], "--token-env", "PATH", "--data", _folder["data"]]);
        var both = await Run.Of(["serve", "--tenant", B.ToString(), "--tenants", _folder["tenants.json"], "--token-env", "PATH", "--data", _folder["data"]]);

        Assert.Equal((2, 2), (run.Code, both.Code));
        Assert.Contains(said, run.Notes, StringComparison.Ordinal);
        Assert.Contains("exclude each other", both.Notes, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Notes, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    private Task<ServeProcess> StartAsync(string settings)
    {
        _folder.Write("tenants.json", settings);
        return ServeProcess.StartAsync(_folder, ["--tenants", _folder["tenants.json"], "--token-env", "GOVERNANCE_SERVE_TEST_TOKEN", .. Never]);
    }

    private string Settings(Uri a, Uri b) => JsonSerializer.Serialize(new
    {
        tenants = new object[]
        {
            new { id = _a.Id, policy = "a.yaml", graphEndpoint = a.ToString(), timeZone = "Europe/Berlin", fullScan = "0 2 * * 0" },
            new { id = B, policy = "b.yaml", graphEndpoint = b.ToString(), tokenEnv = "GOVERNANCE_SERVE_TEST_TOKEN" },
        },
    });

    private static async Task<string> AskAsync(HttpClient client, Guid tenant)
    {
        using var asked = await client.PostAsync($"/api/scans?tenant={tenant}", null);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        return $"{asked.Headers.Location}?tenant={tenant}";
    }

    private static async Task<JsonElement> ScanAsync(HttpClient client, Guid tenant) => await RunningServer.EndOf(client, await AskAsync(client, tenant));

    private async Task<TenantState?> StateAsync(Guid tenant)
    {
        var options = new SqliteOptions { Folder = _folder["data"] };
        await using var database = new SqliteDatabase(options);
        return await new SqliteScanStore(database, options).StateAsync(tenant, default);
    }
}
