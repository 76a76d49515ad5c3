using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;

namespace Governance.Functions.Tests.Host;

/// <summary>The Service Bus side of the host: receives for the functions, and settles what they ask to have settled.</summary>
/// <param name="queues">Names of queues by the settings that triggers name.</param>
internal sealed class QueueDeliveries(ServiceBusClient client, IReadOnlyDictionary<string, string> queues) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ServiceBusReceiver> _receivers = new();
    private readonly ConcurrentDictionary<string, (ServiceBusReceiver Receiver, ServiceBusReceivedMessage Message)> _held = new();

    /// <summary>Ends of messages in their order: <c>Complete</c>, <c>Abandon</c>, <c>Deadletter</c>, <c>RenewMessageLock</c>.</summary>
    public ConcurrentQueue<string> Settlements { get; } = new();

    /// <param name="queue">As a trigger names it, such as <c>%ScanQueue%/$deadletterqueue</c>.</param>
    public async Task<ServiceBusReceivedMessage?> ReceiveAsync(string queue)
    {
        var name = queues.Aggregate(queue, (text, setting) => text.Replace($"%{setting.Key}%", setting.Value, StringComparison.Ordinal));
        var receiver = _receivers.GetOrAdd(name, client.CreateReceiver);
        var message = await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(1));
        if (message is not null)
        {
            _held[message.LockToken] = (receiver, message);
        }

        return message;
    }

    /// <summary>A message as it travels to a worker: its lock token and its bytes.</summary>
    public static ModelBindingData Data(ServiceBusReceivedMessage message) => new()
    {
        Version = "1.0",
        Source = "AzureServiceBusReceivedMessage",
        ContentType = "application/octet-stream",
        Content = ByteString.CopyFrom([.. Guid.Parse(message.LockToken).ToByteArray(), .. message.GetRawAmqpMessage().ToBytes().ToArray()]),
    };

    public async Task AbandonAsync(ServiceBusReceivedMessage message)
    {
        if (_held.TryRemove(message.LockToken, out var held))
        {
            await held.Receiver.AbandonMessageAsync(message);
        }
    }

    public async Task SettleAsync(HttpContext context)
    {
        var request = (await GrpcFrames.ReadAsync(context.Request, SettlementRequest.Parser, context.RequestAborted))!;
        var act = context.Request.Path.Value!.Split('/')[^1];
        Exception? fault = null;
        try
        {
            var (receiver, message) = _held[request.Locktoken];
            await SettleAsync(act, receiver, message, request);
            Settlements.Enqueue(act);
            if (act != "RenewMessageLock")
            {
                _held.TryRemove(request.Locktoken, out _);
            }
        }
        catch (Exception problem) when (problem is ServiceBusException or KeyNotFoundException)
        {
            fault = problem;
        }

        await GrpcFrames.AnswerAsync(context, fault);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _receivers.Values)
        {
            await receiver.DisposeAsync();
        }

        await client.DisposeAsync();
    }

    private static Task SettleAsync(string act, ServiceBusReceiver receiver, ServiceBusReceivedMessage message, SettlementRequest request)
    {
        var changes = Changes(request.PropertiesToModify);
        return act switch
        {
            "Complete" => receiver.CompleteMessageAsync(message),
            "Abandon" => receiver.AbandonMessageAsync(message, changes),
            "Deadletter" => receiver.DeadLetterMessageAsync(message, changes, request.DeadLetterReason, request.DeadLetterErrorDescription),
            "RenewMessageLock" => receiver.RenewMessageLockAsync(message),
            _ => throw new NotSupportedException(act),
        };
    }

    private static Dictionary<string, object> Changes(ByteString properties)
    {
        if (properties.IsEmpty)
        {
            return [];
        }

        var bytes = properties.ToByteArray();
        return AmqpCodec.DecodeMap(new ByteBuffer(bytes, 0, bytes.Length)).ToDictionary(pair => pair.Key.ToString()!, pair => pair.Value);
    }
}
