using System.Text;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Runs;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Messages may come twice, late, out of order or half way: the effect happens once, and what cannot be handled is parked with its reason.</summary>
public sealed class QueueDeliveryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task QD_1_and_QD_2_a_message_delivered_again_after_it_was_handled_has_no_second_effect()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        await Settled(server);

        for (var n = 0; n < 3; n++)
        {
            // As if the settling had been lost each time.
            await Sql(server, "UPDATE queue_messages SET state = 'pending', attempts = 0, settled_at = NULL");
            await Settled(server);
        }

        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
        Assert.DoesNotContain(server.Log.Lines, line => line.StartsWith("302 ", StringComparison.Ordinal) || line.StartsWith("303 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task QD_1_and_CC_4_a_message_delivered_twice_at_once_leaves_one_scan()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        server.Tenant.GateAfterReading = true;
        var run = await AskAsync(server);
        await RunningServer.Until(() => Task.FromResult(server.Tenant.Arrived == 1));

        // The lease is lost while the first holder has everything read: a second one takes the run over.
        await Sql(server, "UPDATE queue_messages SET leased_until = 0");
        var second = (await server.Queue.ReceiveAsync(Minute, default))!;
        var taken = await server.Runs.ChangeAsync(server.Tenant.Id, run, known => known.TakenUp(second.Number, known.RequestedAt), default);
        Assert.Equal(second.Number, taken!.Fence);
        server.Tenant.OpenGate();

        // The first holder finds itself fenced off and ends; it must not have kept anything.
        await RunningServer.Until(() => Task.FromResult(server.Log.Lines.Any(line => line.StartsWith("304 ", StringComparison.Ordinal))));
        Assert.Empty(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));

        await server.Queue.ReleaseAsync(second, default);
        await Settled(server);
        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
        Assert.Equal(ScanRunState.Completed, (await server.Runs.FindAsync(server.Tenant.Id, run, default))!.State);
        Assert.DoesNotContain(server.Log.Lines, line => line.StartsWith("302 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task QD_3_a_handler_that_always_fails_is_parked_after_its_attempts_and_others_go_on()
    {
        await using var server = await RunningServer.StartAsync(time: new QuickClock(200));
        server.Tenant.Fault = new InvalidOperationException("canary-internal-detail");

        var run = await AskAsync(server);
        await RunningServer.Until(async () => (await server.Queue.CountAsync(default)).Parked == 1);

        var parked = Assert.Single(await server.Queue.ParkedAsync(10, default));
        Assert.Equal(5, parked.Attempts);
        Assert.Equal(5, server.Tenant.Arrived);
        Assert.DoesNotContain("canary", parked.Reason, StringComparison.Ordinal);
        await RunningServer.Until(async () => (await server.Runs.FindAsync(server.Tenant.Id, run, default))!.State == ScanRunState.Failed);
        Assert.Contains(server.Log.Lines, line => line.StartsWith("303 ", StringComparison.Ordinal));
        server.Tenant.Fault = null;
        Assert.Equal("complete", (await server.ScanAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_asked_again_later()
    {
        await using var server = await RunningServer.StartAsync(time: new QuickClock(100));
        (server.Tenant.Fault, server.Tenant.FaultUntil) = (new SourceUnreachableException("graph does not answer"), 2);

        var run = await AskAsync(server);
        await Settled(server);

        Assert.Equal(3, server.Tenant.Arrived);
        Assert.Equal(ScanRunState.Completed, (await server.Runs.FindAsync(server.Tenant.Id, run, default))!.State);
        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
    }

    [Theory]
    [InlineData("not JSON at all canary-secret", "not JSON")]
    [InlineData("[1,2]", "not a JSON object")]
    [InlineData("""{"tenantId":"TENANT","runId":"x"}""", "no schema version")]
    [InlineData("""{"schema":99,"tenantId":"TENANT","runId":"x","secret":"canary-secret"}""", "schema version 99")]
    [InlineData("""{"schema":1,"runId":"x"}""", "no tenant")]
    [InlineData("""{"schema":1,"tenantId":"00000000-0000-0000-0000-000000000000","runId":"x"}""", "no tenant")]
    [InlineData("""{"schema":1,"tenantId":"f0f0f0f0-1111-4222-8333-444444444444","runId":"x"}""", "envelope")]
    [InlineData("""{"schema":1,"tenantId":"TENANT"}""", "no run")]
    [InlineData("""{"schema":1,"tenantId":"TENANT","runId":"run-never-asked-for"}""", "not known")]
    public async Task QD_4_and_MT_7_a_message_that_cannot_be_handled_is_parked_at_once(string body, string reason)
    {
        await using var server = await RunningServer.StartAsync();
        var text = body.Replace("TENANT", server.Tenant.Id.ToString(), StringComparison.Ordinal);

        await server.Queue.SendAsync(new QueueMessage("odd", server.Tenant.Id, Encoding.UTF8.GetBytes(text)), default);
        await RunningServer.Until(async () => (await server.Queue.CountAsync(default)).Parked == 1);

        var parked = Assert.Single(await server.Queue.ParkedAsync(10, default));
        Assert.Equal(1, parked.Attempts);
        Assert.Contains(reason, parked.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", parked.Reason + string.Join('\n', server.Log.Lines), StringComparison.Ordinal);
        Assert.Equal(0, server.Tenant.Arrived);
    }

    [Fact]
    public async Task QD_1_one_message_handled_twice_at_the_same_moment_leaves_one_scan()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        server.Tenant.GateAfterReading = true;
        var run = await AskAsync(server);
        await RunningServer.Until(() => Task.FromResult(server.Tenant.Arrived == 1));
        var handler = server.Services.GetRequiredService<RunQueuedScan>();
        var message = ScanMessage.Of((await server.Runs.FindAsync(server.Tenant.Id, run, default))!);

        // The same delivery once more, and then a later one, while those before have everything read.
        var same = handler.HandleAsync(new Delivery(message, 1, 1, DateTimeOffset.MaxValue), default);
        await RunningServer.Until(() => Task.FromResult(server.Tenant.Arrived == 2));
        var later = handler.HandleAsync(new Delivery(message, 2, 2, DateTimeOffset.MaxValue), default);
        await RunningServer.Until(() => Task.FromResult(server.Tenant.Arrived == 3));
        server.Tenant.OpenGate();

        Assert.IsType<Handled.Done>(await same);
        Assert.IsType<Handled.Done>(await later);
        await Settled(server);
        Assert.Equal(1, Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default)).Generation);
        Assert.DoesNotContain(server.Log.Lines, line => line.StartsWith("302 ", StringComparison.Ordinal) || line.StartsWith("303 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task QD_6_and_CC_4_who_works_longer_than_the_lease_and_wakes_after_another_has_finished_writes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        (server.Tenant.GateAfterReading, server.Tenant.GateOnlyFirst) = (true, true);
        var run = await AskAsync(server);
        await RunningServer.Until(() => Task.FromResult(server.Tenant.Arrived == 1));

        // The lease ran out and was not renewed, as with a frozen process; another worker has the message from the first delivery to its end.
        await Sql(server, "UPDATE queue_messages SET leased_until = 0");
        var second = (await server.Queue.ReceiveAsync(Minute, default))!;
        Assert.IsType<Handled.Done>(await server.Services.GetRequiredService<RunQueuedScan>().HandleAsync(second, default));
        Assert.Equal(Settlement.Settled, await server.Queue.CompleteAsync(second, default));
        var kept = Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));

        server.Tenant.OpenGate();
        await RunningServer.Until(() => Task.FromResult(server.Log.Lines.Any(line => line.StartsWith("304 ", StringComparison.Ordinal))));
        Assert.Equal(kept.Id, Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default)).Id);
        Assert.Equal((ScanRunState.Completed, kept.Id), ((await server.Runs.FindAsync(server.Tenant.Id, run, default)) is { } ended ? (ended.State, ended.ScanId) : default));
        Assert.Equal(1, (await server.Queue.CountAsync(default)).Done);
    }

    [Fact]
    public async Task QD_5_a_message_that_comes_before_the_run_it_names_ends_as_if_it_had_come_in_order()
    {
        await using var server = await RunningServer.StartAsync();
        var run = ScanRun.New("run-early", server.Tenant.Id, ScanMode.Full, "local:test", DateTimeOffset.UnixEpoch);

        await server.Queue.SendAsync(ScanMessage.Of(run), default);
        await RunningServer.Until(async () => (await server.Queue.CountAsync(default)).Parked == 1);
        await server.Runs.StartOrJoinAsync(run, default);
        using var client = server.Client();
        using var replayed = await client.PostAsync($"/api/queue/{(await server.Queue.ParkedAsync(1, default))[0].Id}/replay", null);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, replayed.StatusCode);
        await Settled(server);

        Assert.Equal(ScanRunState.Completed, (await server.Runs.FindAsync(run.TenantId, run.Id, default))!.State);
        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
    }

    [Fact]
    public async Task QD_5_a_message_that_comes_after_its_run_has_ended_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var run = ScanRun.New("run-late", server.Tenant.Id, ScanMode.Full, "local:test", DateTimeOffset.UnixEpoch);
        await server.Runs.StartOrJoinAsync(run, default);
        await server.Runs.ChangeAsync(run.TenantId, run.Id, known => known.Cancelling(known.RequestedAt), default);

        await server.Queue.SendAsync(ScanMessage.Of(run), default);
        await Settled(server);

        Assert.Equal(0, server.Tenant.Arrived);
        Assert.Equal(ScanRunState.Cancelled, (await server.Runs.FindAsync(run.TenantId, run.Id, default))!.State);
    }

    [Fact]
    public async Task QD_8_a_run_whose_message_was_never_sent_is_carried_out_after_a_restart()
    {
        await using var server = await RunningServer.StartAsync();
        var run = ScanRun.New("run-lost", server.Tenant.Id, ScanMode.Full, "local:test", DateTimeOffset.UnixEpoch);
        await server.Runs.StartOrJoinAsync(run, default);

        await server.RestartAsync();
        await RunningServer.Until(async () => (await server.Runs.FindAsync(run.TenantId, run.Id, default))!.State == ScanRunState.Completed);

        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
    }

    [Fact]
    public async Task QD_7_a_server_told_to_stop_in_mid_message_gives_it_back_and_the_next_one_finishes()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        var run = await AskAsync(server);
        await RunningServer.Until(() => Task.FromResult(server.Tenant.Arrived == 1));

        await server.RestartAsync(server.Tenant.OpenGate);
        await Settled(server);

        var ended = (await server.Runs.FindAsync(server.Tenant.Id, run, default))!;
        Assert.Equal((ScanRunState.Completed, 2L), (ended.State, ended.Fence));
        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
        Assert.Equal(1L, await Sql(server, "SELECT attempts FROM queue_messages"));
    }

    [Fact]
    public async Task QD_8_a_sender_that_repeats_has_one_effect()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        var run = await AskAsync(server);
        var stored = (await server.Runs.FindAsync(server.Tenant.Id, run, default))!;

        Assert.False(await server.Queue.SendAsync(ScanMessage.Of(stored), default));
        Assert.Equal(run, await AskAsync(server));
        server.Tenant.OpenGate();
        await Settled(server);
        Assert.False(await server.Queue.SendAsync(ScanMessage.Of(stored), default));

        var counts = await server.Queue.CountAsync(default);
        Assert.Equal((0, 0, 0, 1), (counts.Pending, counts.Leased, counts.Parked, counts.Done));
        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
    }

    private static async Task<string> AskAsync(RunningServer server)
    {
        using var client = server.Client();
        using var asked = await client.PostAsync("/api/scans", null);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, asked.StatusCode);
        return asked.Headers.Location!.ToString().Split('/')[^1];
    }

    private static Task Settled(RunningServer server) =>
        RunningServer.Until(async () => await server.Queue.CountAsync(default) is { Pending: 0, Leased: 0, Done: > 0 });

    private static async Task<object?> Sql(RunningServer server, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={server.Database};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}

/// <summary>A clock on which time runs a number of times faster, so that minutes of waiting take a moment.</summary>
internal sealed class QuickClock(int times) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _began = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _start + System.GetElapsedTime(_began) * times;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

    private TimeSpan Shorter(TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Max(1, time.TotalMilliseconds / times));
}
