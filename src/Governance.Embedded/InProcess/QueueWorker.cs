using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Runs;
using Microsoft.Extensions.Logging;

namespace Governance.Embedded.InProcess;

/// <summary>Takes messages one after another, keeps their lease while they are handled, and settles them.</summary>
public sealed class QueueWorker(IScanQueue queue, RunQueuedScan scan, TimeProvider time, ILogger<QueueWorker> logger)
{
    /// <summary>After this time without a sign of life another worker gets the message.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    /// <summary>Works until it is stopped; what it has in hand then is given back.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!await WorkOnceAsync(stop).ConfigureAwait(false))
                {
                    await Task.Delay(Look, time, stop).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException fault)
            {
                logger.QueueUnavailable(fault.Fault);
                await Task.Delay(AfterFault, time, CancellationToken.None).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>False when no message was due.</returns>
    public async Task<bool> WorkOnceAsync(CancellationToken stop)
    {
        if (await queue.ReceiveAsync(Lease, stop).ConfigureAwait(false) is not { } delivery)
        {
            return false;
        }

        using var activity = WorkTelemetry.Activities.StartActivity("message");
        activity?.SetTag("messaging.message.id", delivery.Message.Id).SetTag("attempt", delivery.Attempt);
        var started = time.GetTimestamp();
        var outcome = "stopped";
        using var holding = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewing = RenewAsync(delivery, holding);
        try
        {
            var handled = await scan.HandleAsync(delivery, holding.Token).ConfigureAwait(false);
            outcome = handled.GetType().Name.ToLowerInvariant();
            await SettleAsync(delivery, handled).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (holding.IsCancellationRequested)
        {
            await queue.ReleaseAsync(delivery, CancellationToken.None).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
        }
        catch (Exception fault) when (fault is not StoreUnavailableException)
        {
            // Whatever a handler did not foresee must neither stop the worker nor lose the message.
            outcome = "failed";
            logger.HandlerFailed(fault, delivery.Message.Id, delivery.Attempt);
            await SettleAsync(delivery, new Handled.Later($"the handler failed ({fault.GetType().Name})", TimeSpan.FromSeconds(30))).ConfigureAwait(false);
        }
        finally
        {
            await holding.CancelAsync().ConfigureAwait(false);
            await renewing.ConfigureAwait(false);
            WorkTelemetry.Messages.Record(time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        }

        return true;
    }

    /// <summary>Settling is not cancelled: a stop must not turn work that is done into work that is done twice.</summary>
    private async Task SettleAsync(Delivery delivery, Handled handled)
    {
        var settled = handled switch
        {
            Handled.Later later => await queue.ReturnAsync(delivery, later.Reason, later.Delay, CancellationToken.None).ConfigureAwait(false),
            Handled.GoesOn on => await queue.PostponeAsync(delivery, on.Delay, CancellationToken.None).ConfigureAwait(false),
            Handled.Never never => await queue.ParkAsync(delivery, never.Reason, CancellationToken.None).ConfigureAwait(false),
            _ => await queue.CompleteAsync(delivery, CancellationToken.None).ConfigureAwait(false),
        };
        var reason = (handled as Handled.Later)?.Reason ?? (handled as Handled.Never)?.Reason;
        if (settled == Settlement.Parked || (handled is Handled.Never && settled == Settlement.Settled))
        {
            logger.Parked(delivery.Message.Id, delivery.Attempt);
            await scan.GiveUpAsync(delivery.Message, reason!, CancellationToken.None).ConfigureAwait(false);
        }
        else if (settled == Settlement.Lost)
        {
            logger.LeaseLost(delivery.Message.Id, delivery.Number);
        }
        else if (reason is not null)
        {
            logger.Returned(delivery.Message.Id, delivery.Attempt);
        }
    }

    private async Task RenewAsync(Delivery delivery, CancellationTokenSource holding)
    {
        try
        {
            while (true)
            {
                await Task.Delay(RenewEvery, time, holding.Token).ConfigureAwait(false);
                try
                {
                    if (await queue.RenewAsync(delivery, Lease, holding.Token).ConfigureAwait(false) is null)
                    {
                        await holding.CancelAsync().ConfigureAwait(false);
                    }
                }
                catch (StoreUnavailableException)
                {
                    // The lease still runs; the next beat tries again.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The message was handled, or is another worker's.
        }
    }
}
