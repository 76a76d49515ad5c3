using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;

namespace Governance.Azure.ServiceBus;

/// <summary>Carries requests to post what a channel is owed: its digest, or alerts.</summary>
public sealed class ServiceBusDigestQueue(ServiceBusClient client, QueueOptions options) : IAsyncDisposable
{
    private readonly ServiceBusSender _sender = client.CreateSender(options.DigestQueue);

    /// <summary>Asks for a message; within an hour asking again is asking once. That it is posted once is for the outbox to see to.</summary>
    /// <param name="occasion">Why: the same for as long as it is the same message.</param>
    public Task SendAsync(DigestMessage message, string occasion, DateTimeOffset now, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(new ServiceBusMessage(message.ToBody()) { MessageId = IdOf(message, occasion, now), ContentType = "application/json" }, cancellationToken);

    /// <summary>At most 128 characters, whatever a channel is called.</summary>
    internal static string IdOf(DigestMessage message, string occasion, DateTimeOffset now)
    {
        var channel = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{message.Channel}\n{occasion}")).AsSpan(0, 16));
        return string.Create(CultureInfo.InvariantCulture, $"digest-{message.TenantId:N}-{channel}-{now.UtcDateTime:yyyyMMddHH}");
    }

    public ValueTask DisposeAsync() => _sender.DisposeAsync();
}
