using System.Globalization;
using Azure.Messaging.ServiceBus;
using Governance.Core.Scans.Queue;

namespace Governance.Azure.ServiceBus;

/// <summary>How a message of the product travels on Service Bus.</summary>
/// <remarks>
/// Duplicate detection looks at <c>MessageId</c> alone and drops repeats silently, so a later attempt and a replay get an id of their
/// own; the product's id travels beside it.
/// </remarks>
public static class CarriedMessage
{
    private const string Id = "message";
    private const string Tenant = "tenant";
    private const string Attempts = "attempts";
    private const string LastAttempt = "last-attempt";
    private const string Released = "released";
    private const string Reason = "reason";
    private const string SentAt = "sent-at";

    /// <summary>Longest reason carried, in characters.</summary>
    private const int LongestReason = 500;

    public static ServiceBusMessage New(QueueMessage message, DateTimeOffset now)
    {
        var carried = Body(message);
        carried.MessageId = message.Id;
        carried.ApplicationProperties[SentAt] = now;
        return carried;
    }

    /// <summary>The next attempt of a message, to be delivered after <paramref name="due"/>. The same delivery always gives the same message.</summary>
    public static ServiceBusMessage NextAttempt(ServiceBusReceivedMessage received, string reason, DateTimeOffset due)
    {
        var delivery = Delivered(received);
        var carried = Body(delivery.Message);
        carried.MessageId = NextId(received, "a");
        carried.ScheduledEnqueueTime = due;
        carried.ApplicationProperties[Attempts] = delivery.Attempt;
        carried.ApplicationProperties[Reason] = OneLine(reason);
        carried.ApplicationProperties[SentAt] = Sent(received);
        return carried;
    }

    /// <summary>A delivered message once more for the rest of its work, due after <paramref name="due"/>; the delivery was no attempt. The same delivery always gives the same message.</summary>
    public static ServiceBusMessage Postponed(ServiceBusReceivedMessage received, DateTimeOffset due)
    {
        var delivery = Delivered(received);
        var carried = Body(delivery.Message);
        carried.MessageId = NextId(received, "g");
        carried.ScheduledEnqueueTime = due;
        carried.ApplicationProperties[Attempts] = delivery.Attempt - 1;
        carried.ApplicationProperties[SentAt] = Sent(received);
        return carried;
    }

    /// <summary>A dead letter as it is kept for a replay.</summary>
    public static ServiceBusMessage Parked(ServiceBusReceivedMessage received)
    {
        var delivery = Delivered(received);
        var carried = Body(delivery.Message);
        carried.MessageId = NextId(received, "p");
        carried.ApplicationProperties[LastAttempt] = Number(received, LastAttempt) is > 0 and var last ? last : delivery.Attempt;
        carried.ApplicationProperties[Reason] = ReasonOf(received);
        carried.ApplicationProperties[SentAt] = Sent(received);
        return carried;
    }

    /// <summary>A parked message as if it had just been sent, all its attempts before it.</summary>
    public static ServiceBusMessage Replayed(ServiceBusReceivedMessage received)
    {
        var carried = Body(Delivered(received).Message);
        carried.MessageId = NextId(received, "r");
        carried.ApplicationProperties[SentAt] = Sent(received);
        return carried;
    }

    /// <summary>What was delivered. Numbers grow over repeats, later attempts and replays, because sequence numbers of a queue do.</summary>
    public static Delivery Delivered(ServiceBusReceivedMessage received)
    {
        var tenant = received.ApplicationProperties.GetValueOrDefault(Tenant) as string;
        var message = new QueueMessage(
            received.ApplicationProperties.GetValueOrDefault(Id) as string ?? received.MessageId, Guid.TryParse(tenant, out var id) ? id : null, received.Body.ToMemory());
        var attempt = Math.Max(1, Number(received, Attempts) + received.DeliveryCount - Number(received, Released));
        return new Delivery(message, (received.SequenceNumber << 12) + Math.Min(received.DeliveryCount, 4_095), attempt, received.LockedUntil);
    }

    /// <summary>Properties of a message that is made a dead letter after so many attempts: the delivery count of one does not tell them.</summary>
    public static Dictionary<string, object> GivenUp(int attempts) => new() { [LastAttempt] = attempts };

    /// <returns>The attempt after which a parked message was given up.</returns>
    public static int AttemptsOf(ServiceBusReceivedMessage parked) => Math.Max(1, Number(parked, LastAttempt));

    /// <summary>Properties that make an abandoned delivery not count as an attempt.</summary>
    public static IDictionary<string, object> NotCounted(ServiceBusReceivedMessage received) =>
        new Dictionary<string, object> { [Released] = Number(received, Released) + 1 };

    public static string ReasonOf(ServiceBusReceivedMessage received) => OneLine(
        received.DeadLetterErrorDescription ?? received.ApplicationProperties.GetValueOrDefault(Reason) as string ?? received.DeadLetterReason ?? "no reason was given");

    /// <summary>When the message was sent first.</summary>
    public static DateTimeOffset Sent(ServiceBusReceivedMessage received) => received.ApplicationProperties.GetValueOrDefault(SentAt) switch
    {
        DateTimeOffset at => at,
        DateTime at => new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)),
        _ => received.EnqueuedTime,
    };

    /// <summary>Why a message is parked whose receivers ended every time without a word.</summary>
    public static string UsedUp(int attempts) => string.Create(CultureInfo.InvariantCulture, $"{attempts} attempts ended without a word: the program stopped each time, or took longer than its lock");

    public static string OneLine(string reason)
    {
        var line = reason.ReplaceLineEndings(" ");
        return line.Length <= LongestReason ? line : line[..LongestReason];
    }

    private static ServiceBusMessage Body(QueueMessage message)
    {
        var carried = new ServiceBusMessage(message.Body) { ContentType = "application/json" };
        carried.ApplicationProperties[Id] = message.Id;
        if (message.TenantId is { } tenant)
        {
            carried.ApplicationProperties[Tenant] = tenant.ToString("D");
        }

        return carried;
    }

    /// <summary>At most 128 characters.</summary>
    private static string NextId(ServiceBusReceivedMessage received, string kind)
    {
        var tail = string.Create(CultureInfo.InvariantCulture, $"~{kind}{received.SequenceNumber}");
        var id = Delivered(received).Message.Id;
        return id[..Math.Min(id.Length, 128 - tail.Length)] + tail;
    }

    private static int Number(ServiceBusReceivedMessage received, string name) => received.ApplicationProperties.GetValueOrDefault(name) is int number ? number : 0;
}
