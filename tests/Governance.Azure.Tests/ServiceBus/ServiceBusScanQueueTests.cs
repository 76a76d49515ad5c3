using System.Collections.Immutable;
using Governance.Core.Scans.Queue;
using Governance.State.Contract;

namespace Governance.Azure.Tests.ServiceBus;

/// <summary>The contract of a queue, with the real client library.</summary>
[Collection(ServiceBusPeer.Collection)]
public sealed class ServiceBusScanQueueTests(ServiceBusPeer peer) : ScanQueueContract, IAsyncLifetime
{
    private readonly ServiceBusBench _bench = new(peer, Attempts);

    public Task InitializeAsync() => _bench.MakeAsync();

    public Task DisposeAsync() => _bench.CloseAsync();

    protected override IScanQueue Open() => new WithDeadLetterFunction(_bench.Open(), _bench);

    protected override Task PassAsync(TimeSpan time) => _bench.PassAsync(time);

    /// <summary>A queue whose dead letters are parked before anybody looks at what is parked.</summary>
    private sealed class WithDeadLetterFunction(IScanQueue queue, ServiceBusBench bench) : IScanQueue
    {
        public Task<bool> SendAsync(QueueMessage message, CancellationToken cancellationToken) => queue.SendAsync(message, cancellationToken);

        public Task<Delivery?> ReceiveAsync(TimeSpan lease, CancellationToken cancellationToken) => queue.ReceiveAsync(lease, cancellationToken);

        public Task<Delivery?> RenewAsync(Delivery delivery, TimeSpan lease, CancellationToken cancellationToken) => queue.RenewAsync(delivery, lease, cancellationToken);

        public Task<Settlement> CompleteAsync(Delivery delivery, CancellationToken cancellationToken) => queue.CompleteAsync(delivery, cancellationToken);

        public Task<Settlement> ReturnAsync(Delivery delivery, string reason, TimeSpan delay, CancellationToken cancellationToken) =>
            queue.ReturnAsync(delivery, reason, delay, cancellationToken);

        public Task<Settlement> PostponeAsync(Delivery delivery, TimeSpan delay, CancellationToken cancellationToken) => queue.PostponeAsync(delivery, delay, cancellationToken);

        public Task<Settlement> ReleaseAsync(Delivery delivery, CancellationToken cancellationToken) => queue.ReleaseAsync(delivery, cancellationToken);

        public Task<Settlement> ParkAsync(Delivery delivery, string reason, CancellationToken cancellationToken) => queue.ParkAsync(delivery, reason, cancellationToken);

        public async Task<ImmutableArray<ParkedMessage>> ParkedAsync(int limit, CancellationToken cancellationToken)
        {
            await bench.ParkDeadLettersAsync();
            return await queue.ParkedAsync(limit, cancellationToken);
        }

        public async Task<bool> ReplayAsync(string messageId, CancellationToken cancellationToken)
        {
            await bench.ParkDeadLettersAsync();
            return await queue.ReplayAsync(messageId, cancellationToken);
        }

        public async Task<QueueCounts> CountAsync(CancellationToken cancellationToken)
        {
            await bench.ParkDeadLettersAsync();
            return await queue.CountAsync(cancellationToken);
        }
    }
}
