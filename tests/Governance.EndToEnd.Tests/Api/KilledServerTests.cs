using System.Net;
using System.Text.Json;
using Governance.Core.Findings;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Governance.EndToEnd.Tests.Cli;
using Governance.Embedded.Sqlite;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server killed at any moment loses nothing that it accepted and repeats nothing that it did.</summary>
public sealed class KilledServerTests
{
    /// <summary>Rounds; <c>GOVERNANCE_KILLS</c> asks for more.</summary>
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("GOVERNANCE_KILLS"), out var kills) ? kills : 4;

    [Fact]
    public async Task Whatever_the_moment_the_invariants_hold_after_a_restart()
    {
        await using var tenant = await ScannableTenant.StartAsync();
        using var folder = new TemporaryFolder();
        var random = new Random(Environment.GetEnvironmentVariable("GOVERNANCE_SEED") is { } seed ? int.Parse(seed) : 7);
        var accepted = new HashSet<string>();
        string? token = null;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ServeProcess.StartAsync(folder, tenant);
            token ??= server.Token;
            using var client = server.Client(token!);
            if (await TryAskAsync(client) is { } id)
            {
                accepted.Add(id);
            }

            await Task.Delay(random.Next(0, 1500));
            await server.KillAsync();
            await InvariantsAsync(folder, tenant.Id, accepted);
        }

        // Left alone, the next server brings everything to its end.
        await using (var last = await ServeProcess.StartAsync(folder, tenant))
        {
            using var client = last.Client(token!);
            foreach (var id in accepted)
            {
                Assert.NotEqual(JsonValueKind.Null, (await RunningServer.EndOf(client, $"/api/scans/{id}")).GetProperty("completedAt").ValueKind);
            }

            await RunningServer.Until(async () =>
            {
                var queue = await client.GetJson("/api/queue");
                return queue.GetProperty("pending").GetInt32() == 0 && queue.GetProperty("leased").GetInt32() == 0;
            });
            Assert.Equal(0, await last.TerminateAsync());
        }

        await InvariantsAsync(folder, tenant.Id, accepted);
        await SameAsWithoutKillsAsync(folder, tenant);
    }

    private static async Task<string?> TryAskAsync(HttpClient client)
    {
        using var asked = await client.PostAsync("/api/scans", null);
        return asked.StatusCode == HttpStatusCode.Accepted ? asked.Headers.Location!.ToString().Split('/')[^1] : null;
    }

    /// <summary>What must hold of the files as the dead server left them.</summary>
    private static async Task InvariantsAsync(TemporaryFolder folder, Guid tenant, HashSet<string> accepted)
    {
        var options = new SqliteOptions { Folder = folder["data"] };
        await using var database = new SqliteDatabase(options);
        var (store, runs, queue) = (new SqliteScanStore(database, options), new SqliteScanRuns(database), new SqliteScanQueue(database, TimeProvider.System));
        Assert.Empty(await database.CheckAsync(default));

        // Scans: generations without gaps, and each belongs to one run.
        var scans = await store.ScansAsync(tenant, 1000, default);
        Assert.Equal(Enumerable.Range(1, scans.Length).Reverse(), scans.Select(scan => scan.Generation));
        var known = await runs.RecentAsync(tenant, 1000, default);
        var left = known.Select(run => run.ScanId).OfType<string>().ToArray();
        Assert.Equal(left.Length, left.Distinct().Count());
        Assert.Equal(scans.Select(scan => scan.Id).Order(), left.Order());
        Assert.All(known.Where(run => run.State == ScanRunState.Completed), run => Assert.NotNull(run.ScanId));

        // Messages: every accepted run is known; nothing accepted has gone.
        Assert.Empty(accepted.Except(known.Select(run => run.Id)));
        Assert.True(known.Count(run => run.Live) <= 1);
        var counts = await queue.CountAsync(default);
        Assert.InRange(counts.Pending + counts.Leased + counts.Parked + counts.Done, known.Count(run => !run.Live), known.Length);
        if (scans.IsEmpty)
        {
            return;
        }

        // Findings: sequences without gaps and the last event tells the state; no complete scan resolved one for lack of data.
        var state = (await store.StateAsync(tenant, default))!;
        foreach (var finding in state.Findings)
        {
            var history = await store.HistoryAsync(tenant, finding.Id, default);
            Assert.Equal(Enumerable.Range(1, history.Length), history.Select(change => change.Sequence));
            Assert.Equal(finding.Events, history.Length);
            Assert.Equal(finding.State == FindingState.Resolved, history[^1].Change == "resolved");
        }

        // Each consent that policy does not approve is covered, and the inventory behind the figures is whole.
        var covered = state.Findings.Where(finding => finding.Live && finding.Rule == "unapproved-ai-tool").Select(finding => finding.Subject).ToHashSet();
        Assert.All(state.Apps.Where(app => app.Unapproved && app.AiInUse && app.App.HoldsConsent), app => Assert.Contains(app.Id.ToString(), covered));
        Assert.NotNull(await store.InventoryAsync(tenant, state.LastScan.Id, default));
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
