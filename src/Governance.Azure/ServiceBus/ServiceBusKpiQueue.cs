using Azure.Messaging.ServiceBus;

namespace Governance.Azure.ServiceBus;

/// <summary>Carries requests for the figures of a scan to be proven.</summary>
public sealed class ServiceBusKpiQueue(ServiceBusClient client, QueueOptions options) : IAsyncDisposable
{
    private readonly ServiceBusSender _sender = client.CreateSender(options.KpiQueue);

    /// <summary>Asks once for a scan, however often it is called.</summary>
    public Task SendAsync(KpiMessage message, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(new ServiceBusMessage(message.ToBody()) { MessageId = $"kpis-{message.TenantId:N}-{message.ScanId}", ContentType = "application/json" }, cancellationToken);

    public ValueTask DisposeAsync() => _sender.DisposeAsync();
}
