using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Governance.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace Governance.Cli.Serving;

/// <summary>What a server sees to every minute: work that a crash left behind, messages to forget, and that the folder is still its own.</summary>
internal sealed partial class Housekeeping(ServerFolder folder, SqliteScanQueue queue, RecoverRuns recover, TimeProvider time, ILogger<Housekeeping> logger)
{
    private static readonly TimeSpan DoneIsKept = TimeSpan.FromDays(7);

    /// <exception cref="StoreUnavailableException">A later server has taken the folder.</exception>
    public Task RunAsync(CancellationToken stop) => Rounds.EveryMinuteAsync(RoundAsync, unavailable: null, time, stop);

    private async Task RoundAsync(CancellationToken stop)
    {
        bool held;
        try
        {
            held = await folder.StillHeldAsync(stop).ConfigureAwait(false);
            if (held && await recover.RunAsync(stop).ConfigureAwait(false) is > 0 and var runs)
            {
                Recovered(logger, runs);
            }

            await queue.ForgetDoneAsync(DoneIsKept, stop).ConfigureAwait(false);
        }
        catch (StoreUnavailableException fault)
        {
            Failed(logger, fault.Fault);
            return;
        }

        if (!held)
        {
            throw new StoreUnavailableException(StoreFault.Locked, "another server has taken the data folder; this one stops");
        }
    }

    [LoggerMessage(411, LogLevel.Warning, "Put right {Runs} runs that a crash had left without their messages")]
    private static partial void Recovered(ILogger logger, int runs);

    [LoggerMessage(412, LogLevel.Warning, "Housekeeping failed ({Fault}); it is tried again in a minute")]
    private static partial void Failed(ILogger logger, StoreFault fault);
}
