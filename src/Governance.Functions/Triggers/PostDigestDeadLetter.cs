using Azure.Messaging.ServiceBus;
using Governance.Azure.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Governance.Functions.Triggers;

/// <summary>Says that a digest could not be posted. The outbox keeps why, and while its period lasts <see cref="DigestSchedule"/> asks for it again.</summary>
internal sealed partial class PostDigestDeadLetter(ILogger<PostDigestDeadLetter> logger)
{
    [Function(nameof(PostDigestDeadLetter))]
    public async Task RunAsync(
        [ServiceBusTrigger("%DigestQueue%/$deadletterqueue", Connection = ServiceBusOptions.Section, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        NotPosted(logger, DigestMessage.Read(message.Body.ToMemory())?.TenantId, message.DeliveryCount);
        await actions.CompleteMessageAsync(message, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(702, LogLevel.Error, "A digest of tenant {TenantId} could not be posted ({Deliveries} deliveries); GET /api/digests says why")]
    private static partial void NotPosted(ILogger logger, Guid? tenantId, int deliveries);
}
