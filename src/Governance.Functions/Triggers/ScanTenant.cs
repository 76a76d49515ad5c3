using Azure.Messaging.ServiceBus;
using Governance.Azure.ServiceBus;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Triggers;

/// <summary>Carries out the scan that a message asks for, asks for alerts and for its figures to be proven, and settles the message once.</summary>
internal sealed class ScanTenant(
    RunQueuedScan scan, ITenantSources tenants, DueMessages due, ServiceBusScanQueue queue, ServiceBusKpiQueue figures, ServiceBusDigestQueue digests, QueueOptions options, TimeProvider time)
{
    [Function(nameof(ScanTenant))]
    public async Task RunAsync(
        [ServiceBusTrigger("%ScanQueue%", Connection = ServiceBusOptions.Section, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        var delivery = CarriedMessage.Delivered(message);
        if (delivery.Attempt > options.MostAttempts)
        {
            await ParkAsync(message, actions, options.MostAttempts, CarriedMessage.UsedUp(options.MostAttempts)).ConfigureAwait(false);
            return;
        }

        Handled handled;
        try
        {
            handled = await scan.HandleAsync(delivery, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops: the message is due again at once, and this was no attempt.
            await actions.AbandonMessageAsync(message, CarriedMessage.NotCounted(message), CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        // Settling is not cancelled: a stop must not turn work that is done into work that is done twice.
        switch (handled)
        {
            case Handled.GoesOn on:
                await actions.RenewMessageLockAsync(message, CancellationToken.None).ConfigureAwait(false);
                await queue.SendOnAsync(message, on.Delay, CancellationToken.None).ConfigureAwait(false);
                await actions.CompleteMessageAsync(message, CancellationToken.None).ConfigureAwait(false);
                break;
            case Handled.Later later when delivery.Attempt < options.MostAttempts:
                await actions.RenewMessageLockAsync(message, CancellationToken.None).ConfigureAwait(false);
                await queue.SendNextAttemptAsync(message, later.Reason, later.Delay, CancellationToken.None).ConfigureAwait(false);
                await actions.CompleteMessageAsync(message, CancellationToken.None).ConfigureAwait(false);
                break;
            case Handled.Later later:
                await ParkAsync(message, actions, delivery.Attempt, later.Reason).ConfigureAwait(false);
                break;
            case Handled.Never never:
                await ParkAsync(message, actions, delivery.Attempt, never.Reason).ConfigureAwait(false);
                break;
            default:
                if (handled is Handled.Done { ScanId: { } scanId } && delivery.Message.TenantId is { } tenant)
                {
                    await figures.SendAsync(new KpiMessage(tenant, scanId), CancellationToken.None).ConfigureAwait(false);
                    await AlertAsync(tenant, scanId).ConfigureAwait(false);
                }

                await actions.CompleteMessageAsync(message, CancellationToken.None).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Before the scan's message is settled, so that a crash between the two asks again; the outbox repeats no alert.</summary>
    private async Task AlertAsync(Guid tenant, string scanId)
    {
        if (!tenants.Tenants.Contains(tenant))
        {
            return;
        }

        foreach (var message in await due.AfterScanAsync(tenant, scanId, CancellationToken.None).ConfigureAwait(false))
        {
            await digests.SendAsync(new DigestMessage(tenant, message.Channel), message.Occasion, time.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static Task ParkAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, int attempts, string reason) =>
        actions.DeadLetterMessageAsync(message, CarriedMessage.GivenUp(attempts), "parked", CarriedMessage.OneLine(reason), CancellationToken.None);
}
