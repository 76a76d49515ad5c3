using Azure.Messaging.ServiceBus;
using Governance.Azure.ServiceBus;

namespace Governance.Azure.Tests.ServiceBus;

/// <summary>Two queues of a test's own at the peer, and everything opened on them.</summary>
internal sealed class ServiceBusBench(ServiceBusPeer peer, int attempts, int lockSeconds = 60, int mostDeliveries = 10)
{
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly List<IAsyncDisposable> _open = [];
    private readonly ShiftedClock _clock = new();

    public QueueOptions Options => new() { ScanQueue = $"scan-{_name}", ParkedQueue = $"parked-{_name}", DigestQueue = $"digest-{_name}", MostAttempts = attempts };

    public string DeadLetters => $"{Options.ScanQueue}/$deadletterqueue";

    public async Task MakeAsync()
    {
        await peer.MakeAsync(Options.ScanQueue, lockSeconds, mostDeliveries);
        await peer.MakeAsync(Options.ParkedQueue, 60, 2_000);
    }

    /// <summary>Goes as that of the queues does.</summary>
    public TimeProvider Clock => _clock;

    public async Task PassAsync(TimeSpan time)
    {
        _clock.Shift += time;
        await peer.PassAsync(Options.ScanQueue, time);
        await peer.PassAsync(Options.ParkedQueue, time);
    }

    public ServiceBusClient Client()
    {
        var client = peer.Client();
        _open.Add(client);
        return client;
    }

    /// <summary>A queue on a connection of its own, as another instance would have.</summary>
    public ServiceBusScanQueue Open()
    {
        var queue = new ServiceBusScanQueue(Client(), Options, Clock);
        _open.Add(queue);
        return queue;
    }

    /// <summary>What the function of the dead-letter queue does with whatever lies there.</summary>
    public async Task ParkDeadLettersAsync()
    {
        var queue = Open();
        await using var letters = Client().CreateReceiver(DeadLetters);
        while ((await peer.StateAsync(DeadLetters)).GetProperty("messages").GetArrayLength() > 0)
        {
            var letter = await letters.ReceiveMessageAsync(TimeSpan.FromSeconds(20));
            await queue.KeepParkedAsync(letter, default);
            await letters.CompleteMessageAsync(letter);
        }
    }

    public async Task CloseAsync()
    {
        foreach (var open in Enumerable.Reverse(_open))
        {
            await open.DisposeAsync();
        }
    }

    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}
