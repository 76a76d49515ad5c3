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
            if (held)
            {
                await RecoverAsync(stop).ConfigureAwait(false);
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

    private async Task RecoverAsync(CancellationToken stop)
    {
        var recovery = await recover.RunAsync(stop).ConfigureAwait(false);
        if (recovery.PutRight > 0)
        {
            Recovered(logger, recovery.PutRight);
        }

        foreach (var failure in recovery.Failures)
        {
            NotRecovered(logger, failure.TenantId, failure.Fault.GetType().Name);
        }
    }

    [LoggerMessage(411, LogLevel.Warning, "Put right {Runs} runs that a crash had left without their messages")]
    private static partial void Recovered(ILogger logger, int runs);

    [LoggerMessage(416, LogLevel.Warning, "The run of tenant {Tenant} could not be put right ({Fault}); it is tried again in a minute")]
    private static partial void NotRecovered(ILogger logger, Guid tenant, string fault);

    [LoggerMessage(412, LogLevel.Warning, "Housekeeping failed ({Fault}); it is tried again in a minute")]
    private static partial void Failed(ILogger logger, StoreFault fault);
}
