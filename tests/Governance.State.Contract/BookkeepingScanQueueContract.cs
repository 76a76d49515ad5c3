using Xunit;

namespace Governance.State.Contract;

/// <summary>What a queue tells besides, if it keeps books of its own. Service Bus does not: it drops a repeat in silence and forgets what was handled.</summary>
public abstract class BookkeepingScanQueueContract : ScanQueueContract
{
    [Fact]
    public async Task Sending_says_whether_the_id_was_known()
    {
        var queue = Open();

        Assert.True(await queue.SendAsync(Message("a"), default));
        Assert.False(await queue.SendAsync(Message("a"), default));
        await queue.CompleteAsync((await queue.ReceiveAsync(Lease, default))!, default);
        Assert.False(await queue.SendAsync(Message("a"), default));

        await queue.SendAsync(Message("b"), default);
        await queue.ParkAsync((await queue.ReceiveAsync(Lease, default))!, "why", default);
        Assert.False(await queue.SendAsync(Message("b"), default));
    }

    [Fact]
    public async Task Leased_and_handled_messages_are_counted_apart()
    {
        var queue = Open();
        foreach (var id in new[] { "done", "leased", "pending" })
        {
            await queue.SendAsync(Message(id), default);
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        await queue.CompleteAsync((await queue.ReceiveAsync(Lease, default))!, default);
        Assert.NotNull(await queue.ReceiveAsync(Lease, default));

        var counts = await queue.CountAsync(default);
        Assert.Equal((1, 1, 0, 1), (counts.Pending, counts.Leased, counts.Parked, counts.Done));
    }
}
