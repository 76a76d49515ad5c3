using System.Diagnostics;
using System.Text.Json;
using Governance.Cli;
using Governance.Embedded.Sqlite;
using Governance.EndToEnd.Tests.Cli;
using Governance.Simulator;
using Governance.Simulator.Tenants;
using Governance.State.Contract;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>A scan in a process of its own that is killed with signal 9 and run again (CP-1, CP-2, CP-3).</summary>
/// <remarks>GOVERNANCE_KILLS sets how often; the usual number keeps the suite short.</remarks>
public sealed class KilledScanTests
{
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("GOVERNANCE_KILLS"), out var kills) ? kills : 6;

    [Fact]
    public async Task Killed_at_any_moment_and_run_again_it_stores_what_an_undisturbed_scan_stores()
    {
        var tenant = ScaledTenant.Create(new TenantSize(1_500, 8_000, 1_200, 3_000, 25), seed: 6);
        await using var simulator = await GraphSimulator.StartAsync(tenant, new SimulatorOptions { LatencyPerRequest = TimeSpan.FromMilliseconds(15) });
        using var folder = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, await RunAsync(simulator, folder["clean"], null));
        var whole = watch.Elapsed;
        var clean = await StoredAsync(tenant.TenantId, folder["clean"]);
        var random = new Random(2026);
        var killed = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var data = folder[$"data-{kill}"];
            var code = await RunAsync(simulator, data, KillIn(whole * (0.05 + (0.95 * random.NextDouble()))));
            killed += code == 0 ? 0 : 1;
            Assert.True(code == 0 || !File.Exists(Path.Combine(data, "governance.db")) || await ScansAsync(tenant.TenantId, data) <= 1);

            Assert.Equal(0, await RunAsync(simulator, data, null));

            Assert.Equal(clean, await StoredAsync(tenant.TenantId, data));
        }

        Assert.NotEqual(0, killed);
    }

    [Fact]
    public async Task Killed_late_it_goes_on_with_the_pages_it_has_not_read_and_asks_for_none_again()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant, new SimulatorOptions());
        using var folder = new TemporaryFolder();
        var (clean, asked) = await KilledLateAsync(simulator, folder);
        var first = Asked(simulator);
        simulator.Faults.Clear();
        simulator.Requests.Clear();
        Assert.Equal(0, await RunAsync(simulator, folder["data"], null));

        // Every page that was noted is left out; the last of a part may have been received and not noted.
        var second = Asked(simulator);
        Assert.Contains(second, page => page.Contains("oauth2PermissionGrants", StringComparison.Ordinal));
        Assert.InRange(second.Length, 2, 8);
        Assert.True(first.Length + second.Length >= asked.Length);
        Assert.Equal(clean, await StoredAsync(Tenant.TenantId, folder["data"]));
    }

    [Fact]
    public async Task A_link_that_expired_while_it_was_dead_begins_that_part_again_and_no_other()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant, new SimulatorOptions());
        using var folder = new TemporaryFolder();
        var (clean, asked) = await KilledLateAsync(simulator, folder);
        simulator.Faults.Clear();
        simulator.Faults.Add("expired-token@oauth2PermissionGrants:9");
        simulator.Requests.Clear();

        Assert.Equal(0, await RunAsync(simulator, folder["data"], null));

        var second = Asked(simulator);
        Assert.Equal(1, simulator.Faults.Fired);
        Assert.Equal(asked.Count(IsGrants) + 1, second.Count(IsGrants));
        Assert.InRange(second.Count(page => !IsGrants(page)), 1, 7);
        Assert.Equal(clean, await StoredAsync(Tenant.TenantId, folder["data"]));

        static bool IsGrants(string page) => page.Contains("/oauth2PermissionGrants?", StringComparison.Ordinal);
    }

    /// <summary>Nine pages of grants, four of users, two of service principals and one for each of three resources.</summary>
    private static readonly SimulatedTenant Tenant = ScaledTenant.Create(new TenantSize(1_200, 8_100, 300, 3_100, 3), seed: 8);

    /// <summary>Scans once to the end, and once until it is killed.</summary>
    /// <remarks>It is killed after its last page but one, whatever the machine's speed: from then on the simulator answers nothing any more.</remarks>
    /// <returns>What the clean scan kept and asked for.</returns>
    private static async Task<(string Clean, string[] Asked)> KilledLateAsync(GraphSimulator simulator, TemporaryFolder folder)
    {
        Assert.Equal(0, await RunAsync(simulator, folder["clean"], null));
        var (clean, asked) = (await StoredAsync(Tenant.TenantId, folder["clean"]), Asked(simulator));
        simulator.Requests.Clear();
        simulator.Faults.Add("silence@oauth2PermissionGrants:9!always");
        Assert.NotEqual(0, await RunAsync(simulator, folder["data"], () => AllButAsync(simulator, asked.Length - 1)));
        return (clean, asked);
    }

    private static string[] Asked(GraphSimulator simulator) => [.. simulator.Requests.Entries.Select(entry => entry.PathAndQuery)];

    private static Func<Task> KillIn(TimeSpan time) => () => Task.Delay(time);

    /// <summary>Ends when so many requests were answered, and the one that is met with silence has come as well.</summary>
    private static async Task AllButAsync(GraphSimulator simulator, int answered)
    {
        while (simulator.Requests.Requests < answered + 1 || simulator.Faults.Fired == 0)
        {
            await Task.Delay(10);
        }

        // What was answered is to be noted too; if it is not, it is asked for again, which the test allows for.
        await Task.Delay(300);
    }

    /// <param name="killAt">Ends when it is to be killed; null to let it run to its end.</param>
    /// <returns>The exit code.</returns>
    private static async Task<int> RunAsync(GraphSimulator simulator, string data, Func<Task>? killAt)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "exec", typeof(CommandLine).Assembly.Location, "scan", "--graph-endpoint", simulator.Endpoint.ToString(), "--token-env", "GOVERNANCE_KILL_TOKEN", "--data", data,
            "--format", "json", "--checkpoint-every", "0",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["GOVERNANCE_KILL_TOKEN"] = "opaque";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var notes = process.StandardError.ReadToEndAsync();
        if (killAt is not null && await Task.WhenAny(killAt(), process.WaitForExitAsync()) is not null && !process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        await output;
        var said = await notes;
        Assert.True(killAt is not null || process.ExitCode == 0, said);
        return process.ExitCode;
    }

    private static async Task<int> ScansAsync(Guid tenant, string data)
    {
        var options = new SqliteOptions { Folder = data };
        await using var database = new SqliteDatabase(options);
        return (await new SqliteScanStore(database, options).ScansAsync(tenant, 10, default)).Length;
    }

    /// <summary>All that is stored but times, ids of scans and counts of requests.</summary>
    private static async Task<string> StoredAsync(Guid tenant, string data)
    {
        var options = new SqliteOptions { Folder = data };
        await using var database = new SqliteDatabase(options);
        var store = new SqliteScanStore(database, options);
        var state = (await store.StateAsync(tenant, default))!;
        var inventory = (await store.InventoryAsync(tenant, state.LastScan.Id, default))!;
        Assert.Empty(await database.CheckAsync(default));
        var facts = Plain.Of(inventory with { ReadAt = default, Parts = [.. inventory.Parts.Select(part => part with { Requests = 0, LastLink = null })] });
        var findings = JsonSerializer.Serialize(state.Findings.Select(finding => new { finding.Id, finding.Rule, finding.State, finding.Severity, finding.Evidence }));
        var apps = JsonSerializer.Serialize(state.Apps.Select(app => new { app.Id, app.Classification.Ai, app.Risk.Score, app.App.Reach.Users, app.App.Grants }));
        return facts + findings + apps;
    }
}
