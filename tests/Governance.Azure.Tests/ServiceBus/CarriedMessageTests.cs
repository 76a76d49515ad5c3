using Azure.Messaging.ServiceBus;
using Governance.Azure.ServiceBus;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Moq;

namespace Governance.Azure.Tests.ServiceBus;

public sealed class CarriedMessageTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);
    private static readonly QueueMessage Message = new("scan-1", Guid.Parse("0a0a0a0a-1111-4222-8333-444444444444"), "{}"u8.ToArray());

    [Fact]
    public void The_same_message_sent_twice_has_one_id()
    {
        Assert.Equal("scan-1", CarriedMessage.New(Message, Now).MessageId);
        Assert.Equal(CarriedMessage.New(Message, Now).MessageId, CarriedMessage.New(Message, Now.AddDays(1)).MessageId);
    }

    [Fact]
    public void A_later_attempt_and_a_replay_have_ids_that_duplicate_detection_does_not_know_and_are_the_same_message()
    {
        var first = Received(CarriedMessage.New(Message, Now), sequence: 5, deliveries: 1);
        var second = CarriedMessage.NextAttempt(first, "throttled", Now.AddSeconds(10));
        var replay = CarriedMessage.Replayed(first);

        Assert.Equal(3, new HashSet<string> { first.MessageId, second.MessageId, replay.MessageId }.Count);
        Assert.Equal(second.MessageId, CarriedMessage.NextAttempt(first, "throttled", Now.AddSeconds(99)).MessageId);
        Assert.Equal("scan-1", CarriedMessage.Delivered(Received(second, 6, 1)).Message.Id);
        Assert.Equal(Now, CarriedMessage.Sent(Received(second, 6, 1)));
        Assert.Equal(Now.AddSeconds(10), second.ScheduledEnqueueTime);
    }

    [Fact]
    public void Attempts_count_over_repeats_and_start_again_with_a_replay()
    {
        var first = Received(CarriedMessage.New(Message, Now), sequence: 5, deliveries: 2);
        var second = Received(CarriedMessage.NextAttempt(first, "x", Now), sequence: 6, deliveries: 1);
        var replayed = Received(CarriedMessage.Replayed(second), sequence: 7, deliveries: 1);

        Assert.Equal([2, 3, 1], new[] { first, second, replayed }.Select(message => CarriedMessage.Delivered(message).Attempt));
    }

    [Fact]
    public void A_delivery_that_a_stopping_host_gave_back_is_no_attempt()
    {
        var carried = CarriedMessage.New(Message, Now);
        foreach (var (name, value) in CarriedMessage.NotCounted(Received(carried, 5, 1)))
        {
            carried.ApplicationProperties[name] = value;
        }

        Assert.Equal(1, CarriedMessage.Delivered(Received(carried, 5, 2)).Attempt);
    }

    [Fact]
    public void Numbers_grow_with_every_delivery_attempt_and_replay()
    {
        var carried = CarriedMessage.New(Message, Now);

        long[] numbers = [.. new[] { (5L, 1), (5L, 2), (6L, 1), (7L, 1) }.Select(at => CarriedMessage.Delivered(Received(carried, at.Item1, at.Item2)).Number)];

        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(4, numbers.Distinct().Count());
    }

    [Fact]
    public void A_message_of_a_stranger_is_read_as_one_without_tenant()
    {
        var stranger = ServiceBusModelFactory.ServiceBusReceivedMessage(body: BinaryData.FromString("<x/>"), messageId: "what", deliveryCount: 1, sequenceNumber: 3);

        var delivery = CarriedMessage.Delivered(stranger);

        Assert.Equal(("what", (Guid?)null, 1), (delivery.Message.Id, delivery.Message.TenantId, delivery.Attempt));
        Assert.Equal("no reason was given", CarriedMessage.ReasonOf(stranger));
    }

    [Fact]
    public void A_long_id_stays_within_what_the_service_takes()
    {
        var received = Received(CarriedMessage.New(Message with { Id = new string('x', 128) }, Now), long.MaxValue >> 12, 1);

        Assert.InRange(CarriedMessage.NextAttempt(received, new string('r', 5_000) + "\n", Now).MessageId.Length, 1, 128);
    }

    [Theory]
    [InlineData(ServiceBusFailureReason.MessagingEntityNotFound, StoreFault.Failing, "ScanQueue")]
    [InlineData(ServiceBusFailureReason.QuotaExceeded, StoreFault.Full, "room")]
    [InlineData(ServiceBusFailureReason.ServiceTimeout, StoreFault.Failing, "does not answer")]
    public async Task A_fault_of_the_service_is_said_in_our_words(ServiceBusFailureReason reason, StoreFault fault, string word)
    {
        await using var queue = Queue(sender => sender.Setup(s => s.SendMessageAsync(It.IsAny<ServiceBusMessage>(), default)).ThrowsAsync(new ServiceBusException("Endpoint=sb://secret", reason)));

        var said = await Assert.ThrowsAsync<StoreUnavailableException>(() => queue.SendAsync(Message, default));

        Assert.Equal(fault, said.Fault);
        Assert.Contains(word, said.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_returned_message_is_sent_again_before_it_is_completed_and_a_lost_lock_sends_nothing()
    {
        var calls = new List<string>();
        var received = Received(CarriedMessage.New(Message, Now), 5, 1);
        var locked = true;
        await using var queue = Queue(
            sender => sender.Setup(s => s.SendMessageAsync(It.IsAny<ServiceBusMessage>(), default)).Callback(() => calls.Add("send")).Returns(Task.CompletedTask),
            receiver =>
            {
                receiver.Setup(r => r.ReceiveMessageAsync(It.IsAny<TimeSpan?>(), default)).ReturnsAsync(received);
                receiver.Setup(r => r.RenewMessageLockAsync(received, default))
                    .Returns(() => locked ? Task.CompletedTask : Task.FromException(new ServiceBusException("lost", ServiceBusFailureReason.MessageLockLost)));
                receiver.Setup(r => r.CompleteMessageAsync(received, default)).Callback(() => calls.Add("complete")).Returns(Task.CompletedTask);
                receiver.Setup(r => r.DeadLetterMessageAsync(received, It.IsAny<Dictionary<string, object>>(), "parked", "the last", default)).Callback(() => calls.Add("park")).Returns(Task.CompletedTask);
            });

        var returned = await queue.ReturnAsync((await queue.ReceiveAsync(TimeSpan.Zero, default))!, "later", TimeSpan.FromSeconds(10), default);
        locked = false;
        var lost = await queue.ReturnAsync((await queue.ReceiveAsync(TimeSpan.Zero, default))!, "later", TimeSpan.Zero, default);
        var last = await queue.ReturnAsync((await queue.ReceiveAsync(TimeSpan.Zero, default))! with { Attempt = 5 }, "the last", TimeSpan.Zero, default);

        Assert.Equal((Settlement.Settled, Settlement.Lost, Settlement.Parked), (returned, lost, last));
        Assert.Equal(["send", "complete", "park"], calls);
    }

    private static ServiceBusScanQueue Queue(Action<Mock<ServiceBusSender>> sending, Action<Mock<ServiceBusReceiver>>? receiving = null)
    {
        var sender = new Mock<ServiceBusSender>();
        var receiver = new Mock<ServiceBusReceiver>();
        sending(sender);
        receiving?.Invoke(receiver);
        var client = new Mock<ServiceBusClient>();
        client.Setup(c => c.CreateSender(It.IsAny<string>())).Returns(sender.Object);
        client.Setup(c => c.CreateReceiver(It.IsAny<string>())).Returns(receiver.Object);
        return new ServiceBusScanQueue(client.Object, new QueueOptions { ScanQueue = "scan-tenant", ParkedQueue = "parked" }, TimeProvider.System);
    }

    private static ServiceBusReceivedMessage Received(ServiceBusMessage sent, long sequence, int deliveries) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: sent.Body, messageId: sent.MessageId, deliveryCount: deliveries, sequenceNumber: sequence, enqueuedTime: Now,
        properties: sent.ApplicationProperties.ToDictionary(property => property.Key, property => property.Value));
}
