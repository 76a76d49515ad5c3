using Governance.Core.Scans.Queue;
using Xunit;

namespace Governance.State.Contract;

/// <summary>What every queue must do with messages: at least once, one holder at a time, nothing lost, nothing for ever.</summary>
public abstract class ScanQueueContract
{
    /// <summary>Deliveries after which a message that is given back is parked.</summary>
    protected const int Attempts = 3;

    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly Guid Tenant = SampleScans.Tenant;

    /// <summary>A receiver or sender of the queue; each call gives another one of the same queue.</summary>
    protected abstract IScanQueue Open();

    /// <summary>Lets time pass for all of them.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    [Fact]
    public async Task A_message_arrives_as_it_was_sent()
    {
        var queue = Open();

        Assert.True(await queue.SendAsync(Message("a"), default));
        var delivery = await queue.ReceiveAsync(Lease, default);

        Assert.Equal(("a", (Guid?)Tenant, 1), (delivery!.Message.Id, delivery.Message.TenantId, delivery.Attempt));
        Assert.Equal("body of a"u8.ToArray(), delivery.Message.Body.ToArray());
        Assert.Equal(Settlement.Settled, await queue.CompleteAsync(delivery, default));
        Assert.Null(await queue.ReceiveAsync(Lease, default));
    }

    [Fact]
    public async Task A_message_without_a_tenant_is_carried_too()
    {
        var queue = Open();
        await queue.SendAsync(new QueueMessage("odd", null, new byte[] { 0xFF, 0, 1 }), default);

        var delivery = await queue.ReceiveAsync(Lease, default);

        Assert.Null(delivery!.Message.TenantId);
        Assert.Equal([0xFF, 0, 1], delivery.Message.Body.ToArray());
    }

    [Fact]
    public async Task Sending_the_same_id_again_is_sending_once_even_after_it_was_handled()
    {
        var queue = Open();

        await queue.SendAsync(Message("a"), default);
        await Open().SendAsync(Message("a"), default);
        await queue.CompleteAsync((await queue.ReceiveAsync(Lease, default))!, default);
        await queue.SendAsync(Message("a"), default);

        Assert.Null(await queue.ReceiveAsync(Lease, default));
        Assert.Equal(0, (await queue.CountAsync(default)).Pending);
    }

    [Fact]
    public async Task A_leased_message_is_nobody_elses()
    {
        await Open().SendAsync(Message("a"), default);

        Assert.NotNull(await Open().ReceiveAsync(Lease, default));
        await PassAsync(Lease / 2);

        Assert.Null(await Open().ReceiveAsync(Lease, default));
    }

    [Fact]
    public async Task Many_receivers_at_once_get_each_message_once()
    {
        var queue = Open();
        foreach (var n in Enumerable.Range(0, 12))
        {
            await queue.SendAsync(Message($"m{n}"), default);
        }

        var got = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Open().ReceiveAsync(Lease, default))));

        Assert.Equal(12, got.OfType<Delivery>().Select(delivery => delivery.Message.Id).Distinct().Count());
        Assert.Equal(12, got.Count(delivery => delivery is not null));
    }

    [Fact]
    public async Task A_lease_that_ran_out_fences_its_holder_off()
    {
        await Open().SendAsync(Message("a"), default);
        var (slow, quick) = (Open(), Open());
        var lost = (await slow.ReceiveAsync(Lease, default))!;
        await PassAsync(Lease + TimeSpan.FromSeconds(1));

        var taken = (await quick.ReceiveAsync(Lease, default))!;

        Assert.True(taken.Number > lost.Number);
        Assert.Equal(2, taken.Attempt);
        Assert.Null(await slow.RenewAsync(lost, Lease, default));
        Assert.Equal(Settlement.Lost, await slow.CompleteAsync(lost, default));
        Assert.Equal(Settlement.Lost, await slow.ReturnAsync(lost, "late", TimeSpan.Zero, default));
        Assert.Equal(Settlement.Lost, await slow.ReleaseAsync(lost, default));
        Assert.Equal(Settlement.Lost, await slow.ParkAsync(lost, "late", default));
        Assert.Equal(Settlement.Settled, await quick.CompleteAsync(taken, default));
    }

    [Fact]
    public async Task A_renewed_lease_holds_on()
    {
        var queue = Open();
        await queue.SendAsync(Message("a"), default);
        var delivery = (await queue.ReceiveAsync(Lease, default))!;
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await PassAsync(Lease * 0.8);
            delivery = await queue.RenewAsync(delivery, Lease, default);
            Assert.NotNull(delivery);
        }

        Assert.Null(await Open().ReceiveAsync(Lease, default));
        Assert.Equal(Settlement.Settled, await queue.CompleteAsync(delivery!, default));
    }

    [Fact]
    public async Task A_returned_message_waits_and_comes_again_until_its_attempts_are_used_up()
    {
        var queue = Open();
        await queue.SendAsync(Message("a"), default);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var delivery = await queue.ReceiveAsync(Lease, default);
            Assert.Equal(attempt, delivery!.Attempt);
            var settled = await queue.ReturnAsync(delivery, $"try {attempt}\nfailed", TimeSpan.FromSeconds(30), default);
            Assert.Equal(attempt == Attempts ? Settlement.Parked : Settlement.Settled, settled);
            Assert.Null(await queue.ReceiveAsync(Lease, default));
            await PassAsync(TimeSpan.FromSeconds(31));
        }

        var parked = Assert.Single(await queue.ParkedAsync(10, default));
        Assert.Equal(("a", (Guid?)Tenant, "try 3 failed", Attempts), (parked.Id, parked.TenantId, parked.Reason, parked.Attempts));
        Assert.Null(await queue.ReceiveAsync(Lease, default));
    }

    [Fact]
    public async Task A_receiver_that_dies_every_time_does_not_get_the_message_for_ever()
    {
        var queue = Open();
        await queue.SendAsync(Message("poison"), default);
        await queue.SendAsync(Message("well"), default);
        var got = new List<string>();
        for (var n = 0; n < 2 * Attempts + 2; n++)
        {
            var receiver = Open();
            if (await receiver.ReceiveAsync(Lease, default) is { } delivery)
            {
                got.Add(delivery.Message.Id);
                if (delivery.Message.Id == "well")
                {
                    await receiver.CompleteAsync(delivery, default);
                }
            }

            await PassAsync(Lease + TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Attempts, got.Count(id => id == "poison"));
        var parked = Assert.Single(await queue.ParkedAsync(10, default));
        Assert.Equal(("poison", Attempts), (parked.Id, parked.Attempts));
        Assert.Single(got, "well");
    }

    [Fact]
    public async Task A_stopping_receiver_gives_back_without_using_up_an_attempt()
    {
        var queue = Open();
        await queue.SendAsync(Message("a"), default);
        long number = 0;
        for (var n = 0; n < Attempts + 2; n++)
        {
            var delivery = await queue.ReceiveAsync(Lease, default);
            Assert.Equal(1, delivery!.Attempt);
            Assert.True(delivery.Number > number);
            number = delivery.Number;
            Assert.Equal(Settlement.Settled, await queue.ReleaseAsync(delivery, default));
        }

        Assert.Empty(await queue.ParkedAsync(10, default));
    }

    [Fact]
    public async Task A_message_whose_work_goes_on_later_waits_and_uses_up_no_attempt()
    {
        var queue = Open();
        await queue.SendAsync(Message("a"), default);
        long number = 0;
        for (var n = 0; n < Attempts + 2; n++)
        {
            var delivery = await queue.ReceiveAsync(Lease, default);
            Assert.Equal(("a", 1), (delivery!.Message.Id, delivery.Attempt));
            Assert.True(delivery.Number > number);
            number = delivery.Number;
            Assert.Equal(Settlement.Settled, await queue.PostponeAsync(delivery, TimeSpan.FromSeconds(30), default));
            Assert.Null(await queue.ReceiveAsync(Lease, default));
            await PassAsync(TimeSpan.FromSeconds(31));
        }

        var held = (await queue.ReceiveAsync(Lease, default))!;
        await PassAsync(Lease + TimeSpan.FromSeconds(1));
        Assert.NotNull(await Open().ReceiveAsync(Lease, default));
        Assert.Equal(Settlement.Lost, await queue.PostponeAsync(held, TimeSpan.Zero, default));
        Assert.Empty(await queue.ParkedAsync(10, default));
    }

    [Fact]
    public async Task A_parked_message_stays_until_it_is_replayed_with_all_attempts_and_a_higher_number()
    {
        var queue = Open();
        await queue.SendAsync(Message("a"), default);
        var first = (await queue.ReceiveAsync(Lease, default))!;

        Assert.Equal(Settlement.Settled, await queue.ParkAsync(first, "cannot be read", default));
        Assert.Equal("cannot be read", Assert.Single(await queue.ParkedAsync(10, default)).Reason);
        await queue.SendAsync(Message("a"), default);
        Assert.False(await queue.ReplayAsync("b", default));
        Assert.True(await queue.ReplayAsync("a", default));
        Assert.False(await queue.ReplayAsync("a", default));

        var again = (await queue.ReceiveAsync(Lease, default))!;
        Assert.Equal(1, again.Attempt);
        Assert.True(again.Number > first.Number);
        Assert.Equal(Settlement.Lost, await queue.CompleteAsync(first, default));
        Assert.Empty(await queue.ParkedAsync(10, default));
    }

    [Fact]
    public async Task Everything_accepted_is_somewhere()
    {
        var queue = Open();
        foreach (var id in new[] { "done", "parked", "leased", "pending", "later" })
        {
            await queue.SendAsync(Message(id), default);
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        await queue.CompleteAsync((await queue.ReceiveAsync(Lease, default))!, default);
        await queue.ParkAsync((await queue.ReceiveAsync(Lease, default))!, "why", default);
        Assert.NotNull(await queue.ReceiveAsync(Lease, default));

        var counts = await queue.CountAsync(default);
        Assert.Equal((3, 1), (counts.Pending + counts.Leased, counts.Parked));
        Assert.NotNull(counts.OldestPending);
    }

    [Fact]
    public async Task The_longest_due_comes_first()
    {
        var queue = Open();
        foreach (var id in new[] { "z", "m", "a" })
        {
            await queue.SendAsync(Message(id), default);
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        var order = new List<string>();
        while (await queue.ReceiveAsync(Lease, default) is { } delivery)
        {
            order.Add(delivery.Message.Id);
        }

        Assert.Equal(["z", "m", "a"], order);
    }

    protected static QueueMessage Message(string id) => new(id, Tenant, System.Text.Encoding.UTF8.GetBytes($"body of {id}"));
}
