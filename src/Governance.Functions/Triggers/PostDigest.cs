using Azure.Messaging.ServiceBus;
using Governance.Azure.ServiceBus;
using Governance.Core.Scans;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Triggers;

/// <summary>Posts what a channel is owed: alerts, and its digest once that is due. What fails is delivered again, and the outbox sees to it that nothing is posted twice.</summary>
internal sealed class PostDigest(ITenantSources tenants, IScanStore store, SendDigest send)
{
    [Function(nameof(PostDigest))]
    public async Task RunAsync(
        [ServiceBusTrigger("%DigestQueue%", Connection = ServiceBusOptions.Section, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        if (DigestMessage.Read(message.Body.ToMemory()) is not { } asked || !tenants.Tenants.Contains(asked.TenantId))
        {
            await actions.DeadLetterMessageAsync(message, null, "parked", "it names no tenant that is set up, or is no such message", CancellationToken.None).ConfigureAwait(false);
            return;
        }

        using var opened = await tenants.OpenAsync(asked.TenantId, ScanMode.Incremental, cancellationToken).ConfigureAwait(false);
        var policy = opened.Request.Policy;
        if (policy.Digests.FirstOrDefault(setting => setting.Name == asked.Channel) is { } channel
            && await store.StateAsync(asked.TenantId, cancellationToken).ConfigureAwait(false) is { } state)
        {
            if ((await send.RunDueAsync(state, policy, channel, cancellationToken).ConfigureAwait(false)).Failed)
            {
                await actions.AbandonMessageAsync(message, null, CancellationToken.None).ConfigureAwait(false);
                return;
            }
        }

        // Settling is not cancelled: what was posted is not to be looked at again.
        await actions.CompleteMessageAsync(message, CancellationToken.None).ConfigureAwait(false);
    }
}
