using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Governance.Core.Scans.Queue;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Governing;
using Governance.Simulator.Brightwave;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Any interleaving leaves a state that some one-after-another order would leave (CC-1 and CC-3; MT-7).</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task CC_1_scans_of_one_tenant_asked_for_together_are_one_scan()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        using var client = server.Client();

        var places = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var asked = await client.PostAsync("/api/scans", null);
            Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
            return asked.Headers.Location!.ToString();
        }));
        server.Tenant.OpenGate();
        await RunningServer.EndOf(client, places[0]);

        Assert.Single(places.Distinct());
        Assert.Equal(1, server.Tenant.Arrived);
        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
    }

    [Fact]
    public async Task CC_1_two_programs_that_scan_one_tenant_into_one_folder_leave_what_one_after_the_other_would()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var before = (await tenant.StateAsync()).Findings;

        var runs = await Task.WhenAll(tenant.ScanAsync(), tenant.ScanAsync(), tenant.ScanAsync());

        // Each was kept or refused as a whole.
        Assert.All(runs, run => Assert.True(run.Code is 0 or 3 or 5, run.Notes));
        Assert.Equal(1 + runs.Count(run => run.Code is 0 or 3), (await tenant.Kept.Scans.ScansAsync(tenant.Id, 10, default)).Length);
        var after = (await tenant.StateAsync()).Findings;
        Assert.Equal(before.Select(finding => (finding.Id, finding.State, finding.Events)), after.Select(finding => (finding.Id, finding.State, finding.Events)));
        Assert.Empty(await tenant.Kept.Database.CheckAsync(default));
        Assert.Equal(0, (await tenant.ScanAsync()).Code);
    }

    [Fact]
    public async Task CC_3_whoever_reads_while_a_scan_is_kept_sees_the_state_before_or_after_it()
    {
        await using var server = await RunningServer.StartAsync(limits: new Governance.Api.Http.ApiOptions { RequestsPerSecond = 10_000, ChangesPerMinute = 1000 });
        await server.ScanAsync();
        using var client = server.Client();
        var seen = new ConcurrentDictionary<(string Path, string Scan), ConcurrentDictionary<string, bool>>();
        using var stop = new CancellationTokenSource();
        var readers = new[] { "/api/kpis", "/api/export?format=json&what=all" }.SelectMany(path => Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var body = await client.GetJson(path);
                var scan = body.TryGetProperty("scan", out var named) ? named.GetProperty("id").GetString()! : body.GetProperty("scanId").GetString()!;
                seen.GetOrAdd((path, scan), _ => new())[body.GetRawText()] = true;
            }
        }))).ToArray();

        for (var night = 3; night < 9; night++)
        {
            server.Tenant.Simulator.Tenant.MoveTo(MarketingOrganisation.Create(20260105, night));
            await server.ScanAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.True(seen.Keys.Select(key => key.Scan).Distinct().Count() > 1);
        Assert.All(seen, answer => Assert.True(answer.Value.Count == 1, $"{answer.Key}: {answer.Value.Count} different answers"));

        // And each is what was kept for that scan, not a mixture of two.
        var kept = (await server.Scans.KpisAsync(server.Tenant.Id, 20, default)).ToDictionary(kpis => kpis.ScanId);
        Assert.All(seen, answer =>
        {
            using var body = JsonDocument.Parse(answer.Value.Keys.Single());
            Assert.All(body.RootElement.GetProperty("kpis").EnumerateArray(), kpi =>
            {
                var own = kept[answer.Key.Scan].Values.Single(known => known.Id == kpi.GetProperty("id").GetString());
                Assert.Equal(own.Value, kpi.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDecimal() : (decimal?)null);
            });
        });
    }

    [Fact]
    public async Task MT_7_a_message_whose_envelope_names_another_tenant_than_its_body_is_parked_and_touches_neither()
    {
        await using var server = await RunningServer.StartAsync();
        var now = DateTimeOffset.UtcNow;

        // Another worker has the run: one that waits would be sent its own message by the server's housekeeping.
        var run = Core.Scans.Runs.ScanRun.New("run-of-one", server.Tenant.Id, Core.Scans.ScanMode.Full, "local:test", now).TakenUp(1, now);
        await server.Runs.StartOrJoinAsync(run, default);
        var honest = ScanMessage.Of(run);

        await server.Queue.SendAsync(honest with { TenantId = ScannedServer.Foreign, Id = "crossed" }, default);
        await RunningServer.Until(async () => (await server.Queue.CountAsync(default)).Parked == 1);

        var parked = Assert.Single(await server.Queue.ParkedAsync(10, default));
        Assert.Contains("envelope", parked.Reason, StringComparison.Ordinal);
        Assert.Equal(1, parked.Attempts);
        Assert.Equal(0, server.Tenant.Arrived);
        Assert.Empty(await server.Scans.TenantsAsync(default));
        var after = (await server.Runs.FindAsync(server.Tenant.Id, run.Id, default))!;
        Assert.Equal((Core.Scans.Runs.ScanRunState.Running, 1L, null), (after.State, after.Fence, after.ScanId));
    }
}
