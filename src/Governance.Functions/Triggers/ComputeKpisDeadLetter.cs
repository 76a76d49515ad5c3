using Azure.Messaging.ServiceBus;
using Governance.Azure.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Governance.Functions.Triggers;

/// <summary>Says that the figures of a scan could not be proven. The next scan asks again for its own, so nothing is kept.</summary>
internal sealed partial class ComputeKpisDeadLetter(ILogger<ComputeKpisDeadLetter> logger)
{
    [Function(nameof(ComputeKpisDeadLetter))]
    public async Task RunAsync(
        [ServiceBusTrigger("%KpiQueue%/$deadletterqueue", Connection = ServiceBusOptions.Section, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        var asked = KpiMessage.Read(message.Body.ToMemory());
        NotProven(logger, asked?.ScanId, asked?.TenantId, message.DeliveryCount);
        await actions.CompleteMessageAsync(message, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(708, LogLevel.Error, "The figures of scan {ScanId} of tenant {TenantId} could not be computed anew ({Deliveries} deliveries)")]
    private static partial void NotProven(ILogger logger, string? scanId, Guid? tenantId, int deliveries);
}
