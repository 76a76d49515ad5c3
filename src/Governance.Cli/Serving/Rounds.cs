using Governance.Core.Scans;

namespace Governance.Cli.Serving;

/// <summary>Does a piece of a server's work again and again until the server stops.</summary>
internal static class Rounds
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>A round, a minute's pause, and the next one. Ends without a fault when the server stops.</summary>
    /// <param name="unavailable">Is told that the store could not be used, and the next round tries again; null where that ends the work.</param>
    /// <exception cref="StoreUnavailableException">The store could not be used, and nobody is to be told.</exception>
    public static async Task EveryMinuteAsync(Func<CancellationToken, Task> round, Action<StoreFault>? unavailable, TimeProvider time, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await round(stop).ConfigureAwait(false);
                await Task.Delay(Pause, time, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException fault) when (unavailable is not null)
            {
                unavailable(fault.Fault);
                await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
