using System.Net;
using System.Text.Json;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Faults;
using Governance.Embedded.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server killed at any moment loses nothing that it accepted and repeats nothing that it did.</summary>
/// <remarks>Now and then Graph tells it to wait, and now and then it notes after every page how far it has come.</remarks>
public sealed class KilledServerTests(ITestOutputHelper output)
{
    private static readonly string[] Throttled = ["429=0.4@organization", "429=0.6@users", "503=0.5@servicePrincipals", "429=0.7@oauth2PermissionGrants"];

    [Fact]
    public async Task CP_1_to_CP_3_whatever_the_moment_of_a_scan_the_invariants_hold_after_a_restart()
    {
        await using var tenant = await ScannableTenant.StartAsync();
        using var folder = new TemporaryFolder();
        var random = Kills.Chance();
        var accepted = new HashSet<string>();
        var token = string.Empty;
        var (told, checkpointed) = (0, 0);
        for (var kill = 0; kill < Kills.Count; kill++)
        {
            tenant.Simulator.Faults.Clear();
            var lives = kill % 8 == 1;
            if (lives || random.Next(2) == 0)
            {
                tenant.Simulator.Faults.Add(lives ? "429=1@organization" : Throttled[random.Next(Throttled.Length)]);
            }

            var asked = tenant.Simulator.Requests.Entries.Count;
            await using var server = await ServeProcess.StartAsync(folder, tenant, more: ["--checkpoint-every", random.Next(2) == 0 ? "0" : "20"]);
            token = kill == 0 ? await server.ShownTokenAsync() : token;
            using var client = server.Client(token);
            if (await TryAskAsync(client) is { } id)
            {
                accepted.Add(id);
                if (lives)
                {
                    // A slow machine would else be killed before its first commit, again and again.
                    await RunningServer.EndOf(client, $"/api/scans/{id}");
                }
            }

            await Task.Delay(random.Next(0, 1500));
            await server.KillAsync();
            Waits.Hold(tenant.Simulator.Requests.Entries.Skip(asked).ToArray());
            told += tenant.Simulator.Faults.Fired;
            checkpointed += await CheckpointsAsync(folder) > 0 ? 1 : 0;
            await Invariants.HoldAsync(Dead());
        }

        tenant.Simulator.Faults.Clear();
        output.WriteLine($"{Kills.Count} kills, {accepted.Count} scans accepted, {told} times told to wait, {checkpointed} times killed with pages noted");
        Assert.True(Kills.Count < Kills.Many || (told > 0 && checkpointed > 0), "the kills never hit what they are for");

        // Left alone, the next server brings everything to its end.
        await using (var last = await ServeProcess.StartAsync(folder, tenant))
        {
            using var client = last.Client(token);
            foreach (var id in accepted)
            {
                Assert.NotEqual(JsonValueKind.Null, (await RunningServer.EndOf(client, $"/api/scans/{id}")).GetProperty("completedAt").ValueKind);
            }

            await RunningServer.Until(async () =>
            {
                var queue = await client.GetJson("/api/queue");
                return queue.GetProperty("pending").GetInt32() == 0 && queue.GetProperty("leased").GetInt32() == 0;
            });
            // 15, 21, 22: another scan changes nothing; a complete scan is healthy, unless a message that died five times with its server is parked.
            using var again = await client.PostAsync("/api/scans", null);
            var repeated = await RunningServer.EndOf(client, again.Headers.Location!.ToString());
            Assert.Equal("complete", repeated.GetProperty("status").GetString());
            var parked = (await client.GetJson("/api/queue")).GetProperty("parked").GetArrayLength();
            Assert.Equal(parked == 0 ? "healthy" : "degraded", (await client.GetJson("/api/health")).GetProperty("status").GetString());
            Assert.Equal(0, await last.TerminateAsync());
        }

        await Invariants.HoldAsync(Dead());
        await SameAsWithoutKillsAsync(folder, tenant);

        KilledServer Dead() => new(folder, tenant) { Accepted = accepted, Secrets = [ServeProcess.GraphToken, token] };
    }

    /// <summary>Notes of unfinished readings that a killed server left.</summary>
    private static async Task<long> CheckpointsAsync(TemporaryFolder folder)
    {
        using var left = folder.Copy();
        await using var connection = new SqliteConnection($"Data Source={left["data/governance.db"]};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM checkpoints";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string?> TryAskAsync(HttpClient client)
    {
        using var asked = await client.PostAsync("/api/scans", null);
        return asked.StatusCode == HttpStatusCode.Accepted ? asked.Headers.Location!.ToString().Split('/')[^1] : null;
    }

    /// <summary>The state after all kills is the one that a single undisturbed scan gives, identities of scans and times aside.</summary>
    private static async Task SameAsWithoutKillsAsync(TemporaryFolder folder, ScannableTenant tenant)
    {
        await using var clean = await RunningServer.StartAsync(tenant);
        await clean.ScanAsync();
        var expected = (await clean.Scans.StateAsync(tenant.Id, default))!;
        var options = new SqliteOptions { Folder = folder["data"] };
        await using var database = new SqliteDatabase(options);
        var actual = (await new SqliteScanStore(database, options).StateAsync(tenant.Id, default))!;

        Assert.Equal(expected.Apps.Select(app => $"{app.Id} {app.Risk.Score} {app.Standing.State} {app.App.Reach.Users} {app.App.Grants}"), actual.Apps.Select(app => $"{app.Id} {app.Risk.Score} {app.Standing.State} {app.App.Reach.Users} {app.App.Grants}"));
        Assert.Equal(expected.Findings.Select(finding => $"{finding.Id} {finding.State} {finding.Severity}"), actual.Findings.Select(finding => $"{finding.Id} {finding.State} {finding.Severity}"));
    }
}
