using Azure.Messaging.ServiceBus;
using Governance.Azure.ServiceBus;
using Governance.Azure.Tests.Tables;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Runs;
using Governance.State.Contract;

namespace Governance.Azure.Tests.ServiceBus;

/// <summary>Queued scans under every fault of delivery (QD-1 to QD-8), with the real client library and state in tables: one run leaves one scan.</summary>
[Collection(ServiceBusPeer.Collection)]
public sealed class DeliveryFaultTests(ServiceBusPeer peer, Azurite azurite) : IAsyncLifetime
{
    private static readonly TimeSpan PastTheLock = TimeSpan.FromSeconds(61);
    private readonly QueuedScanBench _scans = new(peer, azurite);

    private ServiceBusBench Bus => _scans.Bus;

    public Task InitializeAsync() => Bus.MakeAsync();

    public Task DisposeAsync() => _scans.CloseAsync();

    [Fact]
    public async Task Qd1_A_message_delivered_twice_in_a_row_leaves_one_scan()
    {
        var queue = Bus.Open();
        var run = await _scans.AskAsync(queue);
        var first = (await queue.ReceiveAsync(PastTheLock, default))!;
        Assert.IsType<Handled.Done>(await _scans.Handler.HandleAsync(first, default));
        await Bus.PassAsync(PastTheLock);

        var again = await _scans.WorkAsync(queue);

        Assert.Equal(Settlement.Settled, again);
        Assert.Equal(1, await _scans.ScansKeptAsync());
        Assert.Equal(ScanRunState.Completed, (await _scans.Runs.FindAsync(run.TenantId, run.Id, default))!.State);
    }

    [Fact]
    public async Task Qd1_Qd6_A_message_delivered_twice_at_once_leaves_one_scan_and_the_stale_holder_keeps_nothing()
    {
        var (slow, quick) = (Bus.Open(), Bus.Open());
        var overtaken = new TaskCompletionSource();
        _scans.Reading = (number, _) => number == 1 ? overtaken.Task : Task.CompletedTask;
        var run = await _scans.AskAsync(slow);
        var held = (await slow.ReceiveAsync(PastTheLock, default))!;
        var late = _scans.HandleAsync(slow, held);
        await Bus.PassAsync(PastTheLock);

        var taken = await _scans.WorkAsync(quick);
        var kept = Assert.Single(await _scans.Store.ScansAsync(run.TenantId, 10, default));
        overtaken.SetResult();

        Assert.Equal(Settlement.Settled, taken);
        Assert.Equal(Settlement.Lost, await late);
        Assert.Equal(kept.Id, Assert.Single(await _scans.Store.ScansAsync(run.TenantId, 10, default)).Id);
        Assert.Equal(kept.Id, (await _scans.Runs.FindAsync(run.TenantId, run.Id, default))!.ScanId);
        Assert.Empty((await peer.StateAsync(Bus.Options.ScanQueue)).GetProperty("messages").EnumerateArray());
    }

    [Theory]
    [InlineData("settle", 1)]
    [InlineData("settled", 0)]
    public async Task Qd2_A_settlement_that_is_lost_brings_the_message_again_or_not_and_leaves_one_scan(string at, int left)
    {
        var queue = Bus.Open();
        await _scans.AskAsync(queue);
        await peer.DropAtAsync(at, Bus.Options.ScanQueue);

        Assert.Equal(Settlement.Lost, await _scans.WorkAsync(queue));
        Assert.Equal(left, (await peer.StateAsync(Bus.Options.ScanQueue)).GetProperty("messages").GetArrayLength());
        await Bus.PassAsync(PastTheLock);
        Assert.Equal(left == 1 ? Settlement.Settled : null, await _scans.WorkAsync(queue));

        Assert.Equal(1, await _scans.ScansKeptAsync());
        Assert.Empty((await peer.StateAsync(Bus.Options.ScanQueue)).GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Qd3_A_scan_that_always_fails_is_parked_with_its_reason_after_the_last_attempt_and_others_go_on()
    {
        var queue = Bus.Open();
        _scans.Reading = (_, _) => throw new SourceUnreachableException("Graph answers 503");
        var run = await _scans.AskAsync(queue);
        await queue.SendAsync(new QueueMessage("other", null, "{}"u8.ToArray()), default);
        var settlements = new List<Settlement?>();
        for (var n = 0; n < 4; n++)
        {
            settlements.Add(await _scans.WorkAsync(queue));
            await Bus.PassAsync(TimeSpan.FromMinutes(11));
        }

        await Bus.ParkDeadLettersAsync();
        var parked = (await queue.ParkedAsync(10, default)).ToDictionary(message => message.Id);

        Assert.Equal([Settlement.Settled, Settlement.Settled, Settlement.Settled, Settlement.Parked], settlements);
        Assert.Equal(("Graph answers 503", 3), (parked[ScanMessage.IdOf(run)].Reason, parked[ScanMessage.IdOf(run)].Attempts));
        Assert.Equal(1, parked["other"].Attempts);
        Assert.Equal(0, await _scans.ScansKeptAsync());
    }

    [Fact]
    public async Task Qd3_A_handler_that_throws_under_the_clients_own_processor_ends_among_the_dead_letters()
    {
        var queue = Bus.Open();
        await queue.SendAsync(new QueueMessage("poison", SampleScans.Tenant, "{}"u8.ToArray()), default);
        await using var processor = Bus.Client().CreateProcessor(Bus.Options.ScanQueue, new ServiceBusProcessorOptions { AutoCompleteMessages = false, MaxConcurrentCalls = 1 });
        processor.ProcessMessageAsync += _ => throw new InvalidOperationException("secret in a message of an exception");
        processor.ProcessErrorAsync += _ => Task.CompletedTask;
        await processor.StartProcessingAsync();
        await WaitAsync(async () => (await peer.StateAsync(Bus.DeadLetters)).GetProperty("messages").GetArrayLength() == 1);
        await processor.StopProcessingAsync();

        await Bus.ParkDeadLettersAsync();

        var parked = Assert.Single(await queue.ParkedAsync(10, default));
        Assert.Equal("Message could not be consumed after 10 delivery attempts.", parked.Reason);
        Assert.True(await queue.ReplayAsync("poison", default));
        Assert.Equal(1, (await queue.ReceiveAsync(PastTheLock, default))!.Attempt);
    }

    [Theory]
    [InlineData("<html>token=secret</html>")]
    [InlineData("""{"schema":7,"tenantId":"0a0a0a0a-1111-4222-8333-444444444444","runId":"secret"}""")]
    [InlineData("""{"schema":1,"runId":"secret"}""")]
    [InlineData("""{"schema":1,"tenantId":"0a0a0a0a-1111-4222-8333-444444444444","runId":"secret"}""")]
    public async Task Qd4_A_message_that_can_never_be_handled_is_parked_at_once_and_its_reason_repeats_nothing_of_it(string body)
    {
        var queue = Bus.Open();
        await queue.SendAsync(new QueueMessage("bad", SampleScans.Tenant, System.Text.Encoding.UTF8.GetBytes(body)), default);

        Assert.Equal(Settlement.Settled, await _scans.WorkAsync(queue));

        await using var letters = Bus.Client().CreateReceiver(Bus.DeadLetters);
        var letter = await letters.ReceiveMessageAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("parked", letter.DeadLetterReason);
        Assert.NotEmpty(letter.DeadLetterErrorDescription);
        Assert.DoesNotContain("secret", letter.DeadLetterErrorDescription, StringComparison.Ordinal);
        Assert.Null(await queue.ReceiveAsync(PastTheLock, default));
    }

    [Fact]
    public async Task Qd5_Messages_of_one_run_that_come_out_of_order_end_as_in_order()
    {
        var queue = Bus.Open();
        _scans.Reading = (number, _) => number == 1 ? throw new SourceUnreachableException("once") : Task.CompletedTask;
        var run = await _scans.AskAsync(queue);
        var first = (await queue.ReceiveAsync(PastTheLock, default))!;
        await _scans.HandleAsync(queue, first);
        await Bus.PassAsync(TimeSpan.FromMinutes(11));

        Assert.Equal(Settlement.Settled, await _scans.WorkAsync(queue));
        var late = await _scans.Handler.HandleAsync(first, default);

        Assert.IsType<Handled.Done>(late);
        Assert.Equal(1, await _scans.ScansKeptAsync());
        Assert.Equal(ScanRunState.Completed, (await _scans.Runs.FindAsync(run.TenantId, run.Id, default))!.State);
    }

    [Fact]
    public async Task Qd6_A_lock_is_renewed_for_as_long_as_the_work_takes()
    {
        var name = $"long-{Guid.NewGuid():N}";
        await peer.MakeAsync(name, lockSeconds: 3, mostDeliveries: 2);
        await using var client = peer.Client();
        await using var sender = client.CreateSender(name);
        await sender.SendMessageAsync(new ServiceBusMessage("work") { MessageId = "work" });
        var before = await RenewalsAsync();
        var done = new TaskCompletionSource<int>();
        await using var processor = client.CreateProcessor(name, new ServiceBusProcessorOptions { AutoCompleteMessages = false, MaxAutoLockRenewalDuration = TimeSpan.FromMinutes(5) });
        processor.ProcessMessageAsync += async message =>
        {
            await WaitAsync(async () => await RenewalsAsync() >= before + 3);
            await message.CompleteMessageAsync(message.Message);
            done.SetResult(message.Message.DeliveryCount);
        };
        processor.ProcessErrorAsync += error => Task.FromResult(done.TrySetException(error.Exception));
        await processor.StartProcessingAsync();

        Assert.Equal(1, await done.Task);

        await processor.StopProcessingAsync();
        Assert.Empty((await peer.StateAsync(name)).GetProperty("messages").EnumerateArray());
        Assert.Empty((await peer.StateAsync($"{name}/$deadletterqueue")).GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Qd7_A_host_told_to_stop_gives_its_message_back_without_half_an_effect()
    {
        var (stopping, next) = (Bus.Open(), Bus.Open());
        using var stop = new CancellationTokenSource();
        _scans.Reading = (number, cancelled) => number == 1 ? StopAsync(cancelled) : Task.CompletedTask;
        var run = await _scans.AskAsync(stopping);

        Assert.Equal(Settlement.Settled, await _scans.WorkAsync(stopping, stop.Token));
        Assert.Equal(0, await _scans.ScansKeptAsync());
        var delivery = (await next.ReceiveAsync(PastTheLock, default))!;
        Assert.Equal(1, delivery.Attempt);
        Assert.Equal(Settlement.Settled, await _scans.HandleAsync(next, delivery));

        Assert.Equal(1, await _scans.ScansKeptAsync());
        Assert.Equal(ScanRunState.Completed, (await _scans.Runs.FindAsync(run.TenantId, run.Id, default))!.State);

        async Task StopAsync(CancellationToken cancelled)
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancelled);
        }
    }

    [Fact]
    public async Task Qd8_A_send_whose_acknowledgement_is_lost_is_repeated_and_has_one_effect()
    {
        var queue = Bus.Open();
        var dropped = (await peer.StateAsync()).GetProperty("dropped").GetInt32();
        await peer.DropAtAsync("transfer", Bus.Options.ScanQueue);

        var run = await _scans.AskAsync(queue);
        await Bus.Open().SendAsync(ScanMessage.Of(run), default);

        Assert.Equal(dropped + 1, (await peer.StateAsync()).GetProperty("dropped").GetInt32());
        Assert.Equal(1, (await peer.StateAsync(Bus.Options.ScanQueue)).GetProperty("accepted").GetInt32());
        Assert.Equal(Settlement.Settled, await _scans.WorkAsync(queue));
        Assert.Null(await _scans.WorkAsync(queue));
        Assert.Equal(1, await _scans.ScansKeptAsync());
    }

    [Fact]
    public async Task Qd8_A_next_attempt_whose_acknowledgement_is_lost_is_one_attempt()
    {
        var queue = Bus.Open();
        _scans.Reading = (number, _) => number == 1 ? throw new SourceUnreachableException("once") : Task.CompletedTask;
        await _scans.AskAsync(queue);
        await peer.DropAtAsync("transfer", Bus.Options.ScanQueue);

        // The lock is on a connection that is gone, so the delivered message comes again beside its next attempt.
        await _scans.WorkAsync(queue);
        await Bus.PassAsync(TimeSpan.FromMinutes(11));
        var worked = 0;
        while (await _scans.WorkAsync(queue) is not null)
        {
            worked++;
        }

        Assert.InRange(worked, 1, 2);
        Assert.Equal(2, (await peer.StateAsync(Bus.Options.ScanQueue)).GetProperty("accepted").GetInt32());
        Assert.Equal(1, await _scans.ScansKeptAsync());
    }

    [Fact]
    public async Task Sc3_A_scan_that_goes_on_over_many_deliveries_uses_up_no_attempt_and_one_without_progress_does()
    {
        var queue = Bus.Open();
        _scans.Reading = (number, _) => number switch
        {
            <= 7 => throw new ReadingSuspendedException(TimeSpan.FromMinutes(5), progressed: true),
            8 => throw new ReadingSuspendedException(TimeSpan.FromHours(1), progressed: false),
            _ => Task.CompletedTask,
        };
        var run = await _scans.AskAsync(queue);
        var attempts = new List<int>();
        for (var n = 1; n <= 9; n++)
        {
            var delivery = (await queue.ReceiveAsync(PastTheLock, default))!;
            attempts.Add(delivery.Attempt);
            Assert.Equal(Settlement.Settled, await _scans.HandleAsync(queue, delivery));
            Assert.Null(await queue.ReceiveAsync(PastTheLock, default));
            await Bus.PassAsync(n == 8 ? TimeSpan.FromMinutes(61) : TimeSpan.FromMinutes(6));
        }

        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 2], attempts);
        Assert.Equal(1, await _scans.ScansKeptAsync());
        Assert.Equal(ScanRunState.Completed, (await _scans.Runs.FindAsync(run.TenantId, run.Id, default))!.State);
    }

    [Fact]
    public async Task A_refused_token_is_said_in_our_words()
    {
        await peer.MakeAsync(Bus.Options.ScanQueue, refused: true);

        var said = await Assert.ThrowsAsync<StoreUnavailableException>(() => Bus.Open().SendAsync(new QueueMessage("a", null, default), default));

        Assert.Equal(StoreFault.NotWritable, said.Fault);
        Assert.Contains("Azure Service Bus Data Sender", said.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_named_by_its_setting()
    {
        await using var client = peer.Client();
        await using var queue = new ServiceBusScanQueue(client, new QueueOptions { ScanQueue = "none", ParkedQueue = "none" }, TimeProvider.System);

        var said = await Assert.ThrowsAsync<StoreUnavailableException>(() => queue.SendAsync(new QueueMessage("a", null, default), default));

        Assert.Contains("ScanQueue", said.Message, StringComparison.Ordinal);
    }

    private async Task<int> RenewalsAsync() => (await peer.StateAsync()).GetProperty("renewals").GetInt32();

    private static async Task WaitAsync(Func<Task<bool>> reached)
    {
        while (!await reached())
        {
            await Task.Delay(100);
        }
    }
}
