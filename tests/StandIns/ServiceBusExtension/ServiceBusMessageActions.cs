using Azure.Messaging.ServiceBus;
using Google.Protobuf;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Functions.Worker.Converters;
using StandIn.ServiceBusExtension;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Asks the host over gRPC to settle a message that it delivered.</summary>
[InputConverter(typeof(MessageActionsConverter))]
public class ServiceBusMessageActions
{
    private readonly Settlement.SettlementClient _host;

    internal ServiceBusMessageActions(Settlement.SettlementClient host) => _host = host;

    /// <summary>For mocks, which override every method.</summary>
    protected ServiceBusMessageActions() => _host = null!;

    public virtual async Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        await _host.CompleteAsync(Request(message), cancellationToken: cancellationToken);

    public virtual async Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        await _host.AbandonAsync(Request(message, propertiesToModify), cancellationToken: cancellationToken);

    public virtual async Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = null,
        string? deadLetterReason = null,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default)
    {
        var request = Request(message, propertiesToModify);
        (request.DeadLetterReason, request.DeadLetterErrorDescription) = (deadLetterReason, deadLetterErrorDescription);
        await _host.DeadletterAsync(request, cancellationToken: cancellationToken);
    }

    public virtual async Task DeferMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        await _host.DeferAsync(Request(message, propertiesToModify), cancellationToken: cancellationToken);

    public virtual async Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        await _host.RenewMessageLockAsync(Request(message), cancellationToken: cancellationToken);

    private static SettlementRequest Request(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        var request = new SettlementRequest { LockToken = message.LockToken };
        if (propertiesToModify is not null)
        {
            request.PropertiesToModify = Encoded(propertiesToModify);
        }

        return request;
    }

    /// <summary>An AMQP map of text and numbers; the real extension also takes dates, spans of time, addresses and streams.</summary>
    private static ByteString Encoded(IDictionary<string, object> properties)
    {
        var map = new AmqpMap();
        foreach (var (name, value) in properties)
        {
            map[new MapKey(name)] = value is string or bool or int or long or double or Guid ? value : throw new NotSupportedException(name);
        }

        using var buffer = new ByteBuffer(256, autoGrow: true);
        AmqpCodec.EncodeMap(map, buffer);
        return ByteString.CopyFrom(buffer.Buffer, 0, buffer.Length);
    }
}
