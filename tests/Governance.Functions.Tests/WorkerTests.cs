using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Governance.Azure.ServiceBus;
using Governance.Azure.Tests.ServiceBus;
using Governance.Azure.Tests.Tables;
using Governance.Core.Consents;
using Governance.Core.Risk;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Runs;
using Governance.EndToEnd.Tests.Api;
using Governance.Functions.Tests.Host;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;

namespace Governance.Functions.Tests;

/// <summary>The built worker under a host that stands in for the real one: every function is loaded and invoked.</summary>
[Collection(ServiceBusPeer.Collection)]
public sealed class WorkerTests(ServiceBusPeer peer, Azurite azurite)
{
    private static readonly StatusResult.Types.Status Success = StatusResult.Types.Status.Success;

    [Fact]
    public async Task The_worker_tells_its_host_of_the_functions_that_reflection_finds_and_loads_each()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();

        Assert.Equal(TriggerTests.Names, worker.Functions.Select(function => function.Name).Order(StringComparer.Ordinal));
        Assert.Equal(TriggerTests.Names, worker.Loaded.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_function_is_invoked_and_ends_well()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();
        foreach (var timer in new[] { "NightlyAudit", "IncrementalScan", "RecoverStalled" })
        {
            await SucceedsAsync(worker, worker.FireAsync(timer));
        }

        await SucceedsAsync(worker, worker.DeliverAsync("ScanTenant"));
        await SucceedsAsync(worker, worker.DeliverAsync("ComputeKpis"));
        await SucceedsAsync(worker, worker.FireAsync("DigestSchedule"));
        await SucceedsAsync(worker, worker.DeliverAsync("PostDigest"));
        foreach (var (queue, function) in new[] { ("ScanQueue", "ScanTenant"), ("KpiQueue", "ComputeKpis"), ("DigestQueue", "PostDigest") })
        {
            await bench.SendAsync(queue, new QueueMessage("bad", bench.Tenant, "?"u8.ToArray()));
            await SucceedsAsync(worker, worker.DeliverAsync(function));
            await SucceedsAsync(worker, worker.DeliverAsync($"{function}DeadLetter"));
        }

        Assert.Equal(HttpStatusCode.OK, (await worker.SendAsync(HttpMethod.Get, "/api/health")).StatusCode);
        Assert.Equal(TriggerTests.Names, worker.Succeeded.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_night_leads_from_a_timer_to_a_scan_its_figures_a_digest_and_answers_of_the_api()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();

        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));
        Assert.Equal(1, await bench.WaitingAsync("ScanQueue"));
        await SucceedsAsync(worker, worker.DeliverAsync("ScanTenant"));

        var state = await bench.Store.StateAsync(bench.Tenant, default);
        Assert.Equal(ScanStatus.Complete, state!.LastScan.Status);
        Assert.NotEmpty(state.Kpis);
        Assert.Contains(state.Kpis, kpi => kpi.Id == "ai-tools-in-use" && kpi.Value is not null);
        Assert.Equal(0, await bench.WaitingAsync("ScanQueue"));
        Assert.NotEmpty(bench.Cloud.TokensFor);
        await SucceedsAsync(worker, worker.DeliverAsync("ComputeKpis"));
        Assert.Contains($"Every figure of scan {state.LastScan.Id}", worker.Log, StringComparison.Ordinal);

        await SucceedsAsync(worker, worker.FireAsync("DigestSchedule"));
        await SucceedsAsync(worker, worker.DeliverAsync("PostDigest"));
        var card = JsonDocument.Parse(Assert.Single(bench.Cloud.Posted)).RootElement;
        Assert.Equal("application/vnd.microsoft.card.adaptive", card.GetProperty("attachments")[0].GetProperty("contentType").GetString());
        await SucceedsAsync(worker, worker.FireAsync("DigestSchedule"));
        Assert.Equal(0, await bench.WaitingAsync("DigestQueue"));

        var apps = await worker.SendAsync(HttpMethod.Get, "/api/apps", bench.Cloud.Token(bench.Tenant, "Governance.Read"));
        Assert.Equal(HttpStatusCode.OK, apps.StatusCode);
        var listed = JsonDocument.Parse(await apps.Content.ReadAsStringAsync()).RootElement;
        Assert.NotEmpty(listed.GetProperty("apps").EnumerateArray());
    }

    [Fact]
    public async Task AP_6_the_nightly_timer_removes_once_a_day_what_the_policy_no_longer_keeps()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        await File.AppendAllTextAsync(bench.Settings["Audit__PolicyFile"], "\nretention: {decisionTextDays: 60}\n");
        var worker = await bench.WorkerAsync();
        await SucceedsAsync(worker, worker.FireAsync("IncrementalScan"));
        await SucceedsAsync(worker, worker.DeliverAsync("ScanTenant"));
        await AddAsync("first");

        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));
        await AddAsync("second");
        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));

        var kept = await bench.Ledger.ReadAsync(bench.Tenant, default);
        Assert.Equal([null, null, "second"], kept.Entries.Select(entry => entry.Part?.Text).ToList());
        Assert.Equal(LedgerKinds.Retained, GovernanceRecord.Of(kept).Entries[1].Entry.Kind);
        Assert.Contains($"Retention of tenant {bench.Tenant} removed", worker.Log, StringComparison.Ordinal);

        async Task AddAsync(string text) => await bench.Ledger.AppendAsync(
            bench.Tenant,
            await bench.Ledger.HeadAsync(bench.Tenant, default),
            [new LedgerDraft(DateTimeOffset.UtcNow.AddDays(-100), "p-1", LedgerKinds.Reidentified, "p-2", ImmutableSortedDictionary<string, string>.Empty, text)],
            default);
    }

    [Fact]
    public async Task A_collector_gets_log_lines_traces_and_request_times_and_no_secret()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        (bench.Settings[WorkerTelemetry.EndpointSetting], bench.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"]) = (collector.Address, "http/protobuf");
        var worker = await bench.WorkerAsync();
        var token = bench.Cloud.Token(bench.Tenant, "Governance.Read");

        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));
        await SucceedsAsync(worker, worker.DeliverAsync("ScanTenant"));
        Assert.Equal(HttpStatusCode.OK, (await worker.SendAsync(HttpMethod.Get, "/api/apps", token)).StatusCode);
        await worker.TerminateAsync();

        Assert.Contains("{Operation} answered {Status} in {Milliseconds} ms ({CorrelationId})", collector.LogLines);
        Assert.Superset(new HashSet<string> { "function NightlyAudit", "function ScanTenant", "function Api", "api" }, collector.SpanNames);
        Assert.Contains("governance.api.request.duration", collector.MetricNames);
        Assert.All(new[] { token, LocalCloud.IdentityHeader, "sig=made-up" }, secret => Assert.DoesNotContain(secret, collector.Everything, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_api_is_shut_to_strangers_and_open_for_its_health_and_a_scan_asked_for_over_it_is_carried_out()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await worker.SendAsync(HttpMethod.Get, "/api/apps")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.SendAsync(HttpMethod.Post, "/api/scans", bench.Cloud.Token(bench.Tenant, "Governance.Read"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await worker.SendAsync(HttpMethod.Get, "/api/health")).StatusCode);
        var asked = await worker.SendAsync(HttpMethod.Post, "/api/scans", bench.Cloud.Token(bench.Tenant, "Governance.Scan"));
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        await SucceedsAsync(worker, worker.DeliverAsync("ScanTenant"));

        var run = await worker.SendAsync(HttpMethod.Get, asked.Headers.Location!.OriginalString, bench.Cloud.Token(bench.Tenant, "Governance.Read"));
        Assert.Equal("complete", JsonDocument.Parse(await run.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Tc2_A_timer_that_fires_twice_or_past_due_asks_for_one_scan()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();

        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));
        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit", pastDue: true));
        await SucceedsAsync(worker, worker.FireAsync("IncrementalScan"));
        await SucceedsAsync(worker, worker.FireAsync("RecoverStalled"));

        Assert.Equal(1, await bench.WaitingAsync("ScanQueue"));
        Assert.Single((await bench.Runs.LiveAsync(default)).Runs);
    }

    [Fact]
    public async Task Tc2_A_night_is_named_by_its_schedule_whether_its_timer_fires_early_or_late()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);

        // Early when the worker starts quickly, late when it does not: the night is the same.
        var night = DateTimeOffset.UtcNow.AddSeconds(8);
        bench.Settings["NightlyAuditSchedule"] = $"{night.Second} {night.Minute} {night.Hour} * * *";
        var worker = await bench.WorkerAsync();

        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));
        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit", pastDue: true));

        Assert.Equal($"run-{night:yyyyMMdd'T'HHmmss}000Z-nightly", Assert.Single((await bench.Runs.LiveAsync(default)).Runs).Id);
    }

    [Fact]
    public async Task An_alert_follows_the_scan_that_found_something_critical_without_any_timer_and_is_not_repeated()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite, new TenantSize(200, 2_000, 300, 200, 10));
        await File.WriteAllTextAsync(bench.Settings["Audit__PolicyFile"], """
            version: 1
            approved: []
            digests:
              - {name: soc, audience: security, urlEnv: WORKFLOW_URL, period: quarter, at: "00:00", alerts: true}
              - {name: leads, urlEnv: WORKFLOW_URL, period: day, at: "00:00"}
            """);
        var worker = await bench.WorkerAsync();

        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));
        await SucceedsAsync(worker, worker.DeliverAsync("ScanTenant"));
        Assert.Contains((await bench.Store.StateAsync(bench.Tenant, default))!.Findings, finding => finding is { Severity: Severity.Critical, Unconfirmed: false });
        Assert.Equal(1, await bench.WaitingAsync("DigestQueue"));
        await SucceedsAsync(worker, worker.DeliverAsync("PostDigest"));
        Assert.Equal(1, bench.Cloud.Posted.Count(IsAlert));

        await SucceedsAsync(worker, worker.FireAsync("IncrementalScan"));
        await SucceedsAsync(worker, worker.DeliverAsync("ScanTenant"));
        await SucceedsAsync(worker, worker.DeliverAsync("PostDigest"));
        Assert.Equal(1, bench.Cloud.Posted.Count(IsAlert));

        static bool IsAlert(string card) => card.Contains("Critical AI finding", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mt3_A_tenant_whose_records_are_broken_costs_no_other_its_scan_or_its_digest_and_is_named_by_the_failure()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var (before, broken) = (Guid.Parse("00000000-0000-4000-8000-000000000001"), Guid.Parse("00000000-0000-4000-8000-000000000002"));
        bench.Settings["Audit__Tenants"] = $"{before},{broken},{bench.Tenant}";
        await bench.BreakAsync(broken);
        var worker = await bench.WorkerAsync();

        await FailsForAsync(broken, worker, worker.FireAsync("NightlyAudit"));
        Assert.Equal(new[] { before, bench.Tenant }.Order(), (await bench.Runs.LiveAsync(default)).Runs.Select(run => run.TenantId).Order());
        await FailsForAsync(broken, worker, worker.FireAsync("RecoverStalled"));
        await FailsForAsync(broken, worker, worker.FireAsync("IncrementalScan"));
        Assert.Equal(2, await bench.WaitingAsync("ScanQueue"));

        // The first message's tenant is none that Graph answers for.
        await worker.DeliverAsync("ScanTenant");
        await worker.DeliverAsync("ScanTenant");
        Assert.NotNull(await bench.Store.StateAsync(bench.Tenant, default));
        await FailsForAsync(broken, worker, worker.FireAsync("DigestSchedule"));
        Assert.Equal(1, await bench.WaitingAsync("DigestQueue"));
        await SucceedsAsync(worker, worker.DeliverAsync("PostDigest"));
        Assert.Single(bench.Cloud.Posted);
    }

    [Fact]
    public async Task Qd4_A_message_that_can_never_be_handled_is_parked_seen_over_the_api_and_replayed()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();
        await bench.SendAsync("ScanQueue", new QueueMessage("bad", bench.Tenant, "<secret/>"u8.ToArray()));

        await SucceedsAsync(worker, worker.DeliverAsync("ScanTenant"));
        Assert.Equal("Deadletter", Assert.Single(worker.Queues!.Settlements));
        await SucceedsAsync(worker, worker.DeliverAsync("ScanTenantDeadLetter"));
        Assert.Equal(0, await bench.WaitingAsync("ScanQueue", deadLetters: true));

        var token = bench.Cloud.Token(bench.Tenant, "Governance.Read", "Governance.Scan", "Governance.Admin");
        var listed = await (await worker.SendAsync(HttpMethod.Get, "/api/queue", token)).Content.ReadAsStringAsync();
        Assert.Contains("the body is not JSON", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", listed, StringComparison.Ordinal);
        Assert.True((await worker.SendAsync(HttpMethod.Post, "/api/queue/bad/replay", token)).IsSuccessStatusCode);
        Assert.Equal(1, await bench.WaitingAsync("ScanQueue"));
    }

    [Fact]
    public async Task A_digest_that_nobody_can_have_is_a_dead_letter_that_is_told_and_gone()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();
        await bench.SendAsync("DigestQueue", new QueueMessage("bad", bench.Tenant, "{}"u8.ToArray()));
        var stranger = new DigestMessage(Guid.NewGuid(), "leads");
        await bench.SendAsync("DigestQueue", new QueueMessage("stranger", null, stranger.ToBody().ToMemory()));

        await SucceedsAsync(worker, worker.DeliverAsync("PostDigest"));
        await SucceedsAsync(worker, worker.DeliverAsync("PostDigest"));
        Assert.Equal(2, await bench.WaitingAsync("DigestQueue", deadLetters: true));
        await SucceedsAsync(worker, worker.DeliverAsync("PostDigestDeadLetter"));
        await SucceedsAsync(worker, worker.DeliverAsync("PostDigestDeadLetter"));

        Assert.Equal(0, await bench.WaitingAsync("DigestQueue", deadLetters: true));
        Assert.Contains("could not be posted", worker.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_that_were_changed_in_the_store_do_not_follow_from_its_facts_and_that_is_told_each_time()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();
        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));
        await SucceedsAsync(worker, worker.DeliverAsync("ScanTenant"));
        var scan = (await bench.Store.StateAsync(bench.Tenant, default))!.LastScan.Id;
        await bench.TamperAsync("ai-tools-in-use");

        await SucceedsAsync(worker, worker.DeliverAsync("ComputeKpis"));
        await bench.SendAsync("KpiQueue", new QueueMessage("again", bench.Tenant, new KpiMessage(bench.Tenant, scan).ToBody().ToMemory()));
        await bench.SendAsync("KpiQueue", new QueueMessage("old", bench.Tenant, new KpiMessage(bench.Tenant, "20260101T000000000Zaaaaaa").ToBody().ToMemory()));
        await SucceedsAsync(worker, worker.DeliverAsync("ComputeKpis"));
        await SucceedsAsync(worker, worker.DeliverAsync("ComputeKpis"));

        Assert.Equal(2, Regex.Count(worker.Log, $"1 figures of scan {scan} of tenant {bench.Tenant} do not follow from what was stored: ai-tools-in-use"));
        Assert.Contains("another scan has been kept since", worker.Log, StringComparison.Ordinal);
        Assert.Equal(0, await bench.WaitingAsync("KpiQueue"));
    }

    [Fact]
    public async Task A_request_for_figures_that_names_nobody_is_a_dead_letter_that_is_told_and_gone()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();
        await bench.SendAsync("KpiQueue", new QueueMessage("bad", null, "[]"u8.ToArray()));
        await bench.SendAsync("KpiQueue", new QueueMessage("stranger", null, new KpiMessage(Guid.NewGuid(), "x").ToBody().ToMemory()));

        await SucceedsAsync(worker, worker.DeliverAsync("ComputeKpis"));
        await SucceedsAsync(worker, worker.DeliverAsync("ComputeKpis"));
        await SucceedsAsync(worker, worker.DeliverAsync("ComputeKpisDeadLetter"));
        await SucceedsAsync(worker, worker.DeliverAsync("ComputeKpisDeadLetter"));

        Assert.Equal(0, await bench.WaitingAsync("KpiQueue", deadLetters: true));
        Assert.Equal(2, Regex.Count(worker.Log, "could not be computed anew"));
    }

    [Fact]
    public async Task Qd1_Qd7_A_scan_that_its_host_stops_in_the_middle_leaves_nothing_and_goes_on_elsewhere()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();

        // Behind the items of the first batch, which cannot fall silent one by one.
        bench.Graph.Faults.Add(Fault.Parse("silence@#7"));
        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));
        using var stop = new CancellationTokenSource();
        var scanning = worker.DeliverAsync("ScanTenant", stop.Token);
        await WaitAsync(() => bench.Graph.Faults.Fired > 0);
        await stop.CancelAsync();

        var stopped = await scanning;
        Assert.NotEqual(Success, stopped!.Result.Status);
        Assert.Equal("Abandon", Assert.Single(worker.Queues!.Settlements));
        Assert.Null(await bench.Store.StateAsync(bench.Tenant, default));
        await worker.TerminateAsync();

        var next = await bench.WorkerAsync();
        await SucceedsAsync(next, next.DeliverAsync("ScanTenant"));
        Assert.Single(await bench.Store.ScansAsync(bench.Tenant, 10, default));
        Assert.Equal(ScanRunState.Completed, Assert.Single(await bench.Runs.RecentAsync(bench.Tenant, 10, default)).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Qd2_A_worker_that_is_ended_by_its_host_or_by_a_signal_in_the_middle_of_a_scan_loses_nothing(bool signal)
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();
        bench.Graph.Faults.Add(Fault.Parse("silence@#7"));
        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));
        var scanning = worker.DeliverAsync("ScanTenant");
        await WaitAsync(() => bench.Graph.Faults.Fired > 0);

        await (signal ? worker.SignalAsync() : worker.TerminateAsync());
        await Assert.ThrowsAsync<WorkerEndedException>(() => scanning);
        Assert.Null(await bench.Store.StateAsync(bench.Tenant, default));
        await bench.PassAsync("ScanQueue", TimeSpan.FromMinutes(6));

        var next = await bench.WorkerAsync();
        await SucceedsAsync(next, next.DeliverAsync("ScanTenant"));
        Assert.Single(await bench.Store.ScansAsync(bench.Tenant, 10, default));
        Assert.Equal(0, await bench.WaitingAsync("ScanQueue"));
    }

    [Fact]
    public async Task Gt5_Sc3_A_scan_that_Graph_asks_to_wait_ten_times_longer_than_an_invocation_lasts_ends_complete_in_eleven()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite, new TenantSize(500, 11_500, 300, 1_000, 10));
        foreach (var page in Enumerable.Range(2, 10))
        {
            bench.Graph.Faults.Add(Fault.Parse($"503=3600@oauth2PermissionGrants:{page}"));
        }

        var worker = await bench.WorkerAsync();
        await SucceedsAsync(worker, worker.FireAsync("NightlyAudit"));
        for (var invocation = 1; invocation <= 10; invocation++)
        {
            await SucceedsAsync(worker, worker.DeliverAsync("ScanTenant"));
            Assert.Null(await bench.Store.StateAsync(bench.Tenant, default));
            var waiting = Assert.Single((await bench.Runs.LiveAsync(default)).Runs);
            Assert.Equal(ScanRunState.Queued, waiting.State);
            Assert.Contains("asked to wait", waiting.Problem, StringComparison.Ordinal);
            Assert.Equal(1, await bench.WaitingAsync("ScanQueue"));
            await bench.PassAsync("ScanQueue", TimeSpan.FromMinutes(61));
        }

        // Another instance ends it.
        var other = await bench.WorkerAsync();
        await SucceedsAsync(other, other.DeliverAsync("ScanTenant"));

        var scan = Assert.Single(await bench.Store.ScansAsync(bench.Tenant, 10, default));
        Assert.Equal(ScanStatus.Complete, scan.Status);
        Assert.Equal(11_500, scan.Parts.Single(part => part.Part == InventoryPart.Oauth2PermissionGrants).Items);
        Assert.Equal(ScanRunState.Completed, Assert.Single(await bench.Runs.RecentAsync(bench.Tenant, 10, default)).State);
        Assert.Equal(0, await bench.WaitingAsync("ScanQueue") + await bench.WaitingAsync("ScanQueue", deadLetters: true));
        Assert.Equal(["RenewMessageLock", "Complete"], worker.Queues!.Settlements.Take(2));
    }

    private static async Task SucceedsAsync(StandInHost worker, Task<InvocationResponse?> invocation)
    {
        var answer = await invocation;
        Assert.True(answer?.Result.Status == Success, $"{(answer is null ? "no message was due" : answer.Result.Exception?.Message)}\n{worker.Log}");
    }

    private static async Task FailsForAsync(Guid tenant, StandInHost worker, Task<InvocationResponse?> invocation)
    {
        var answer = (await invocation)!;
        Assert.True(answer.Result.Status != Success, worker.Log);
        Assert.Contains($"it failed for 1 tenants: {tenant}", answer.Result.Exception.Message, StringComparison.Ordinal);
    }

    private static async Task WaitAsync(Func<bool> reached)
    {
        var patience = Stopwatch.StartNew();
        while (!reached())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(5), "it never came to that");
            await Task.Delay(50);
        }
    }
}
