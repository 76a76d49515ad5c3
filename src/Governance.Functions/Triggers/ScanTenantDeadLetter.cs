using Azure.Messaging.ServiceBus;
using Governance.Azure.ServiceBus;
using Governance.Core.Scans.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Governance.Functions.Triggers;

/// <summary>Notes at the run that its message could not be handled, and keeps the message for a replay.</summary>
internal sealed partial class ScanTenantDeadLetter(RunQueuedScan scan, ServiceBusScanQueue queue, ILogger<ScanTenantDeadLetter> logger)
{
    [Function(nameof(ScanTenantDeadLetter))]
    public async Task RunAsync(
        [ServiceBusTrigger("%ScanQueue%/$deadletterqueue", Connection = ServiceBusOptions.Section, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        var delivery = CarriedMessage.Delivered(message);
        Parked(logger, delivery.Message.Id, delivery.Attempt);
        await scan.GiveUpAsync(delivery.Message, CarriedMessage.ReasonOf(message), cancellationToken).ConfigureAwait(false);
        await queue.KeepParkedAsync(message, cancellationToken).ConfigureAwait(false);
        await actions.CompleteMessageAsync(message, CancellationToken.None).ConfigureAwait(false);
    }

    [LoggerMessage(701, LogLevel.Error, "Message {MessageId} is parked after attempt {Attempt}; see GET /api/queue and replay it once its cause is gone")]
    private static partial void Parked(ILogger logger, string messageId, int attempt);
}
