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
        var cleanRequests = simulator.Requests.Requests;
        var random = new Random(2026);
        var (killed, resumed) = (0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            var data = folder[$"data-{kill}"];
            simulator.Requests.Clear();
            var code = await RunAsync(simulator, data, whole * (0.05 + (0.95 * random.NextDouble())));
            killed += code == 0 ? 0 : 1;
            var before = simulator.Requests.Requests;
            Assert.True(code == 0 || !File.Exists(Path.Combine(data, "governance.db")) || await ScansAsync(tenant.TenantId, data) <= 1);

            Assert.Equal(0, await RunAsync(simulator, data, null));

            resumed += before > 0 && simulator.Requests.Requests - before < cleanRequests ? 1 : 0;
            Assert.Equal(clean, await StoredAsync(tenant.TenantId, data));
        }

        Assert.NotEqual(0, killed);
        Assert.True(resumed <= killed + 1);
    }

    /// <param name="killAfter">Null to let it run to its end.</param>
    /// <returns>The exit code.</returns>
    private static async Task<int> RunAsync(GraphSimulator simulator, string data, TimeSpan? killAfter)
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
        if (killAfter is { } after)
        {
            using var time = new CancellationTokenSource(after);
            try
            {
                await process.WaitForExitAsync(time.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        await output;
        var said = await notes;
        Assert.True(killAfter is not null || process.ExitCode == 0, said);
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
