using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>A message as the host sends it: its lock token, 16 bytes, and then the bytes of AMQP.</summary>
[SupportsDeferredBinding]
[SupportedTargetType(typeof(ServiceBusReceivedMessage))]
internal sealed class ReceivedMessageConverter : IInputConverter
{
    private const int LockToken = 16;

    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(
        context.Source is ModelBindingData { Source: "AzureServiceBusReceivedMessage", ContentType: "application/octet-stream" } data
            ? ConversionResult.Success(Message(data.Content.ToMemory()))
            : ConversionResult.Unhandled());

    private static ServiceBusReceivedMessage Message(ReadOnlyMemory<byte> sent) => ServiceBusReceivedMessage.FromAmqpMessage(
        AmqpAnnotatedMessage.FromBytes(BinaryData.FromBytes(sent[LockToken..])), BinaryData.FromBytes(sent[..LockToken]));
}
