using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace Governance.Cli.Serving;

/// <summary>Removes once a day (UTC) what the policy of a tenant's last scan no longer keeps.</summary>
/// <remarks>The day is marked when it is done, with success or not: what fails is said once and tried again the next day, or the next minute where a store cannot be used.</remarks>
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
        foreach (var failure in await EachTenant.TryAsync(tenants.Tenants, (tenant, stop) => TenantAsync(tenant, today, stop), cancellationToken).ConfigureAwait(false))
        {
            LogTenantFailed(logger, failure.TenantId, failure.Fault.GetType().Name);
            if (failure.Fault is StoreUnavailableException)
            {
                continue;
            }

            await marks.MarkAsync(MarkOf(failure.TenantId), today, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TenantAsync(Guid tenant, DateTimeOffset today, CancellationToken cancellationToken)
    {
        if (await marks.LastAsync(MarkOf(tenant), cancellationToken).ConfigureAwait(false) >= today
            || await stateOf(tenant, cancellationToken).ConfigureAwait(false) is not { } state)
        {
            return;
        }

        var removed = await retention.RunAsync(tenant, policyOf(state).Retention, cancellationToken).ConfigureAwait(false);
        if (!removed.Nothing)
        {
            LogRemoved(logger, tenant, removed);
        }

        await marks.MarkAsync(MarkOf(tenant), today, cancellationToken).ConfigureAwait(false);
    }

    private static string MarkOf(Guid tenant) => $"retention/{tenant}";

    [LoggerMessage(413, LogLevel.Information, "Retention of tenant {Tenant} removed {Counts}")]
    private static partial void LogRemoved(ILogger logger, Guid tenant, RetentionCounts counts);

    [LoggerMessage(414, LogLevel.Error, "No retention for tenant {Tenant} today: {Fault}")]
    private static partial void LogTenantFailed(ILogger logger, Guid tenant, string fault);

    [LoggerMessage(415, LogLevel.Warning, "Retention waits: the store is {Fault}")]
    private static partial void LogRoundFailed(ILogger logger, StoreFault fault);
}
