using System.Collections.Concurrent;
using System.Collections.Immutable;
using Azure.Messaging.ServiceBus;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;

namespace Governance.Azure.ServiceBus;

/// <summary>Carries messages on a queue of Service Bus; what cannot be handled is kept on another.</summary>
/// <remarks>
/// The queue must detect duplicates. The lock of a message is as long as the queue says; <see cref="RenewAsync"/> renews it by as
/// much. Service Bus does not say whether an id was known, so <see cref="SendAsync"/> always says it was not.
/// </remarks>
public sealed class ServiceBusScanQueue(ServiceBusClient client, QueueOptions options, TimeProvider time) : IScanQueue, IAsyncDisposable
{
    /// <summary>Messages looked at one after another when parked ones are listed, counted or replayed.</summary>
    private const int MostLookedAt = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ServiceBusSender _scans = client.CreateSender(options.ScanQueue);
    private readonly ServiceBusSender _parked = client.CreateSender(options.ParkedQueue);
    private readonly ServiceBusReceiver _receiver = client.CreateReceiver(options.ScanQueue);
    private readonly ServiceBusReceiver _parkedReceiver = client.CreateReceiver(options.ParkedQueue);
    private readonly ConcurrentDictionary<long, ServiceBusReceivedMessage> _held = new();

    public async Task<bool> SendAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Id.Length, 128);
        await SaidAsync(() => _scans.SendMessageAsync(CarriedMessage.New(message, time.GetUtcNow()), cancellationToken)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Sends the next attempt of a delivered message, before the delivered one is completed.</summary>
    public Task SendNextAttemptAsync(ServiceBusReceivedMessage received, string reason, TimeSpan delay, CancellationToken cancellationToken) =>
        SaidAsync(() => _scans.SendMessageAsync(CarriedMessage.NextAttempt(received, reason, time.GetUtcNow() + delay), cancellationToken));

    /// <summary>Sends a delivered message once more for the rest of its work, before the delivered one is completed.</summary>
    public Task SendOnAsync(ServiceBusReceivedMessage received, TimeSpan delay, CancellationToken cancellationToken) =>
        SaidAsync(() => _scans.SendMessageAsync(CarriedMessage.Postponed(received, time.GetUtcNow() + delay), cancellationToken));

    /// <summary>Keeps a dead letter for a replay, before it is completed.</summary>
    public Task KeepParkedAsync(ServiceBusReceivedMessage deadLetter, CancellationToken cancellationToken) =>
        SaidAsync(() => _parked.SendMessageAsync(CarriedMessage.Parked(deadLetter), cancellationToken));

    /// <inheritdoc/>
    /// <param name="lease">Not asked for: the queue's lock duration holds.</param>
    public async Task<Delivery?> ReceiveAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            ServiceBusReceivedMessage? received = null;
            await SaidAsync(async () => received = await _receiver.ReceiveMessageAsync(Patience, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            if (received is null)
            {
                return null;
            }

            var delivery = CarriedMessage.Delivered(received);
            _held[delivery.Number] = received;
            if (delivery.Attempt <= options.MostAttempts)
            {
                return delivery;
            }

            await ParkAsync(delivery, CarriedMessage.UsedUp(options.MostAttempts), cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<Delivery?> RenewAsync(Delivery delivery, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (!_held.TryGetValue(delivery.Number, out var received))
        {
            return null;
        }

        var settled = await HeldAsync(() => _receiver.RenewMessageLockAsync(received, cancellationToken)).ConfigureAwait(false);
        return settled == Settlement.Settled ? delivery with { LeasedUntil = received.LockedUntil } : null;
    }

    public Task<Settlement> CompleteAsync(Delivery delivery, CancellationToken cancellationToken) =>
        SettleAsync(delivery, received => _receiver.CompleteMessageAsync(received, cancellationToken));

    public async Task<Settlement> ReturnAsync(Delivery delivery, string reason, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delivery.Attempt >= options.MostAttempts)
        {
            var parked = await ParkAsync(delivery, reason, cancellationToken).ConfigureAwait(false);
            return parked == Settlement.Settled ? Settlement.Parked : parked;
        }

        return await ReplaceAsync(delivery, received => SendNextAttemptAsync(received, reason, delay, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public Task<Settlement> PostponeAsync(Delivery delivery, TimeSpan delay, CancellationToken cancellationToken) =>
        ReplaceAsync(delivery, received => SendOnAsync(received, delay, cancellationToken), cancellationToken);

    public Task<Settlement> ReleaseAsync(Delivery delivery, CancellationToken cancellationToken) =>
        SettleAsync(delivery, received => _receiver.AbandonMessageAsync(received, CarriedMessage.NotCounted(received), cancellationToken));

    public Task<Settlement> ParkAsync(Delivery delivery, string reason, CancellationToken cancellationToken) => SettleAsync(
        delivery,
        received => _receiver.DeadLetterMessageAsync(
            received, CarriedMessage.GivenUp(Math.Min(delivery.Attempt, options.MostAttempts)), "parked", CarriedMessage.OneLine(reason), cancellationToken));

    public async Task<ImmutableArray<ParkedMessage>> ParkedAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var messages = await PeekAsync(_parkedReceiver, limit, cancellationToken).ConfigureAwait(false);
        return
        [
            .. messages.Select(received => (received, CarriedMessage.Delivered(received).Message)).Select(parked => new ParkedMessage(
                parked.Message.Id, parked.Message.TenantId, CarriedMessage.ReasonOf(parked.received),
                CarriedMessage.AttemptsOf(parked.received), CarriedMessage.Sent(parked.received), parked.received.EnqueuedTime)),
        ];
    }

    public async Task<bool> ReplayAsync(string messageId, CancellationToken cancellationToken)
    {
        var others = new List<ServiceBusReceivedMessage>();
        var found = false;
        try
        {
            while (!found && others.Count < MostLookedAt)
            {
                IReadOnlyList<ServiceBusReceivedMessage> batch = [];
                await SaidAsync(async () => batch = await _parkedReceiver.ReceiveMessagesAsync(50, Patience, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                if (batch.Count == 0)
                {
                    break;
                }

                foreach (var received in batch)
                {
                    if (found || CarriedMessage.Delivered(received).Message.Id != messageId)
                    {
                        others.Add(received);
                        continue;
                    }

                    found = true;
                    await SaidAsync(() => _scans.SendMessageAsync(CarriedMessage.Replayed(received), cancellationToken)).ConfigureAwait(false);
                    await SaidAsync(() => _parkedReceiver.CompleteMessageAsync(received, cancellationToken)).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            foreach (var other in others)
            {
                await HeldAsync(() => _parkedReceiver.AbandonMessageAsync(other, CarriedMessage.NotCounted(other), CancellationToken.None)).ConfigureAwait(false);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    /// <remarks>Counted by looking, up to 1,000 of each: runtime figures would need a right to manage the namespace. Leased ones are among the pending.</remarks>
    public async Task<QueueCounts> CountAsync(CancellationToken cancellationToken)
    {
        var pending = await PeekAsync(_receiver, MostLookedAt, cancellationToken).ConfigureAwait(false);
        var parked = await PeekAsync(_parkedReceiver, MostLookedAt, cancellationToken).ConfigureAwait(false);
        return new QueueCounts(pending.Count, 0, parked.Count, 0, pending.Count == 0 ? null : pending.Min(CarriedMessage.Sent));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in new[] { _receiver, _parkedReceiver })
        {
            await receiver.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var sender in new[] { _scans, _parked })
        {
            await sender.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<List<ServiceBusReceivedMessage>> PeekAsync(ServiceBusReceiver receiver, int limit, CancellationToken cancellationToken)
    {
        var seen = new List<ServiceBusReceivedMessage>();
        long next = 0;
        while (seen.Count < limit)
        {
            IReadOnlyList<ServiceBusReceivedMessage> batch = [];
            await SaidAsync(async () => batch = await receiver.PeekMessagesAsync(Math.Min(250, limit - seen.Count), next, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            if (batch.Count == 0)
            {
                break;
            }

            seen.AddRange(batch);
            next = batch[^1].SequenceNumber + 1;
        }

        return seen;
    }

    private Task<Settlement> ReplaceAsync(Delivery delivery, Func<ServiceBusReceivedMessage, Task> send, CancellationToken cancellationToken) => SettleAsync(
        delivery,
        async received =>
        {
            // The lock is proven first: a receiver that lost the message must not send another one.
            await _receiver.RenewMessageLockAsync(received, cancellationToken).ConfigureAwait(false);
            await send(received).ConfigureAwait(false);
            await _receiver.CompleteMessageAsync(received, cancellationToken).ConfigureAwait(false);
        });

    private async Task<Settlement> SettleAsync(Delivery delivery, Func<ServiceBusReceivedMessage, Task> settle)
    {
        if (!_held.TryGetValue(delivery.Number, out var received))
        {
            return Settlement.Lost;
        }

        var settled = await HeldAsync(() => settle(received)).ConfigureAwait(false);
        _held.TryRemove(delivery.Number, out _);
        return settled;
    }

    private static async Task<Settlement> HeldAsync(Func<Task> act)
    {
        try
        {
            await SaidAsync(act).ConfigureAwait(false);
            return Settlement.Settled;
        }
        catch (ServiceBusException fault) when (fault.Reason is ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound)
        {
            return Settlement.Lost;
        }
    }

    private static async Task SaidAsync(Func<Task> act)
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new StoreUnavailableException(
                StoreFault.NotWritable, "Service Bus refused the identity; it needs the roles Azure Service Bus Data Sender and Data Receiver on the namespace", fault);
        }
        catch (ServiceBusException fault) when (fault.Reason is not (ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound))
        {
            var what = fault.Reason switch
            {
                ServiceBusFailureReason.MessagingEntityNotFound => "has no such queue; deploy again, or check the settings ScanQueue and ParkedQueue",
                ServiceBusFailureReason.QuotaExceeded => "has no room left in the queue",
                ServiceBusFailureReason.ServiceCommunicationProblem or ServiceBusFailureReason.ServiceTimeout => "does not answer; check ServiceBus__fullyQualifiedNamespace and the network",
                _ => $"failed ({fault.Reason})",
            };
            throw new StoreUnavailableException(fault.Reason == ServiceBusFailureReason.QuotaExceeded ? StoreFault.Full : StoreFault.Failing, $"Service Bus {what}", fault);
        }
    }
}
