using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace Governance.Cli.Serving;

/// <summary>Removes once a day (UTC) what the policy of a tenant's last scan no longer keeps.</summary>
/// <remarks>The day is marked when it is done, with success or not: what fails is said once and tried again the next day.</remarks>
/// <param name="stateOf">What the last scan of a tenant left; null for none.</param>
internal sealed partial class RetentionRounds(
    ITenantSources tenants,
    Func<Guid, CancellationToken, Task<TenantState?>> stateOf,
    Func<TenantState, GovernancePolicy> policyOf,
    NightlyRetention retention,
    SqliteScheduleMarks marks,
    TimeProvider time,
    ILogger<RetentionRounds> logger)
{
    public Task RunAsync(CancellationToken stop) => Rounds.EveryMinuteAsync(RoundAsync, fault => LogRoundFailed(logger, fault), time, stop);

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        var today = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        foreach (var tenant in tenants.Tenants)
        {
            var mark = $"retention/{tenant}";
            if (await marks.LastAsync(mark, cancellationToken).ConfigureAwait(false) >= today)
            {
                continue;
            }

            try
            {
                if (await stateOf(tenant, cancellationToken).ConfigureAwait(false) is not { } state)
                {
                    continue;
                }

                var removed = await retention.RunAsync(tenant, policyOf(state).Retention, cancellationToken).ConfigureAwait(false);
                if (!removed.Nothing)
                {
                    LogRemoved(logger, tenant, removed);
                }
            }
            catch (Exception fault) when (fault is not (OperationCanceledException or StoreUnavailableException))
            {
                // What is damaged of one tenant keeps no other's records; messages of ours hold no tenant text.
                LogTenantFailed(logger, tenant, fault.GetType().Name);
            }

            await marks.MarkAsync(mark, today, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(413, LogLevel.Information, "Retention of tenant {Tenant} removed {Counts}")]
    private static partial void LogRemoved(ILogger logger, Guid tenant, RetentionCounts counts);

    [LoggerMessage(414, LogLevel.Error, "No retention for tenant {Tenant} today: {Fault}")]
    private static partial void LogTenantFailed(ILogger logger, Guid tenant, string fault);

    [LoggerMessage(415, LogLevel.Warning, "Retention waits: the store is {Fault}")]
    private static partial void LogRoundFailed(ILogger logger, StoreFault fault);
}
