using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Queue;

namespace Governance.Core.Scans.Runs;

/// <summary>Carries out the scan that a message asks for, whatever the number of deliveries: one run leaves one scan.</summary>
/// <param name="tail">Gives a fresh random tail for a scan id: letters and digits.</param>
/// <param name="ledger">Where decisions are recorded; null when none can be.</param>
public sealed class RunQueuedScan(IScanRuns runs, IScanStore store, ITenantSources tenants, TimeProvider time, Func<string> tail, IDecisionLedger? ledger = null)
{
    /// <summary>How often progress is stored, and looked whether the run was cancelled or taken over.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Waits before the second, third and further attempts.</summary>
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    /// <param name="stop">The host stops or the lease is lost: the attempt ends without any effect.</param>
    /// <exception cref="OperationCanceledException">Stopped; the message has to be delivered again.</exception>
    public async Task<Handled> HandleAsync(Delivery delivery, CancellationToken stop)
    {
        if (ScanMessage.Read(delivery.Message) is not Parsed<ScanMessage>.Good { Value: var message })
        {
            return new Handled.Never(Refusal(delivery.Message));
        }

        try
        {
            var run = await runs.ChangeAsync(message.TenantId, message.RunId, known => known.TakenUp(delivery.Number, time.GetUtcNow()), stop).ConfigureAwait(false);
            return run switch
            {
                null => new Handled.Never("the run it names is not known"),
                { State: ScanRunState.Running } when run.Fence == delivery.Number => await AttemptAsync(run, delivery, stop).ConfigureAwait(false),
                _ => new Handled.Done(run.ScanId),
            };
        }
        catch (AnotherRunLiveException)
        {
            return new Handled.Never("another scan of the tenant is queued or running; replay it afterwards");
        }
    }

    /// <summary>Notes at the run that its message was parked.</summary>
    public async Task GiveUpAsync(QueueMessage parked, string reason, CancellationToken cancellationToken)
    {
        if (ScanMessage.Read(parked) is Parsed<ScanMessage>.Good { Value: var message })
        {
            await runs.ChangeAsync(message.TenantId, message.RunId, run => run.GivenUp(reason, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Handled> AttemptAsync(ScanRun run, Delivery delivery, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var progress = new RunProgress();
        var beating = BeatAsync(run, progress, ending);
        try
        {
            using var tenant = await tenants.OpenAsync(run.TenantId, run.Mode, ending.Token).ConfigureAwait(false);
            var request = tenant.Request with { TenantId = run.TenantId, Fence = new ScanFence(run.Id, run.Fence) };
            var report = await new ScanTenant(tenant.Source, store, time, tail, ledger).RunAsync(request, progress, ending.Token).ConfigureAwait(false);
            await EndBeatAsync(beating, ending).ConfigureAwait(false);
            await runs.ChangeAsync(
                run.TenantId, run.Id, now => now.Progressed(run.Fence, progress.Parts).Ended(run.Fence, ScanRunState.Completed, null, time.GetUtcNow()), CancellationToken.None).ConfigureAwait(false);
            return new Handled.Done(report.Scan.Id);
        }
        catch (FencedOffException)
        {
            return new Handled.Done();
        }
        catch (Exception fault) when (fault is RunCancelledException || (fault is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return await EndAsync(run, ScanRunState.Cancelled, null).ConfigureAwait(false);
        }
        catch (ReadingSuspendedException pause)
        {
            var now = await WaitAsync(run, OneLine(pause)).ConfigureAwait(false);
            return now is not { Live: true } ? new Handled.Done()
                : pause.Progressed ? new Handled.GoesOn(pause.Wait)
                : new Handled.Later(OneLine(pause), Longer(pause.Wait, WaitAfter(delivery)));
        }
        catch (Exception fault) when (Lasting(fault))
        {
            await EndAsync(run, ScanRunState.Failed, OneLine(fault)).ConfigureAwait(false);
            return new Handled.Never(OneLine(fault));
        }
        catch (Exception fault) when (Passing(fault))
        {
            var now = await WaitAsync(run, OneLine(fault)).ConfigureAwait(false);
            return now is { Live: true } ? new Handled.Later(OneLine(fault), WaitAfter(delivery)) : new Handled.Done();
        }
        finally
        {
            await EndBeatAsync(beating, ending).ConfigureAwait(false);
        }
    }

    /// <summary>Stores how far the reading is; ends the attempt when the run was cancelled or is another worker's.</summary>
    private async Task BeatAsync(ScanRun run, RunProgress progress, CancellationTokenSource ending)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Beat, time, ending.Token).ConfigureAwait(false);
                try
                {
                    var now = await runs.ChangeAsync(run.TenantId, run.Id, known => known.Progressed(run.Fence, progress.Parts), ending.Token).ConfigureAwait(false);
                    if (now is not { State: ScanRunState.Running, CancelRequested: false } || now.Fence != run.Fence)
                    {
                        await ending.CancelAsync().ConfigureAwait(false);
                    }
                }
                catch (StoreUnavailableException)
                {
                    // Progress is a courtesy: the next beat tells it. What the scan itself cannot store it reports.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The attempt is over.
        }
    }

    private static async Task EndBeatAsync(Task beating, CancellationTokenSource ending)
    {
        await ending.CancelAsync().ConfigureAwait(false);
        await beating.ConfigureAwait(false);
    }

    private Task<ScanRun?> WaitAsync(ScanRun run, string problem) =>
        runs.ChangeAsync(run.TenantId, run.Id, known => known.Waiting(run.Fence, problem, time.GetUtcNow()), CancellationToken.None);

    private static TimeSpan WaitAfter(Delivery delivery) => Waits[Math.Min(delivery.Attempt, Waits.Length) - 1];

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>An attempt that was overtaken ends nothing: the run is as its new worker has it.</summary>
    private async Task<Handled> EndAsync(ScanRun run, ScanRunState state, string? problem)
    {
        await runs.ChangeAsync(run.TenantId, run.Id, known => known.Ended(run.Fence, state, problem, time.GetUtcNow()), CancellationToken.None).ConfigureAwait(false);
        return new Handled.Done();
    }

    /// <summary>Nothing will change until somebody puts something right.</summary>
    private static bool Lasting(Exception fault) =>
        fault is TenantAccessDeniedException or TenantMismatchException or SettingsException or SourceFormatException or KeyNotFoundException;

    private static bool Passing(Exception fault) =>
        fault is SourceUnreachableException or StoreUnavailableException or StaleScanException;

    private static string OneLine(Exception fault) => fault.Message.ReplaceLineEndings(" ");

    private static string Refusal(QueueMessage message) =>
        ScanMessage.Read(message) is Parsed<ScanMessage>.Bad bad ? bad.Problems[0].Message : string.Empty;
}
