using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Governance.Functions.Triggers;

/// <summary>Asks for a full scan of every tenant and removes what its policy no longer keeps, once a day however often the timer fires.</summary>
internal sealed partial class NightlyAudit(
    ITenantSources tenants,
    RequestScan requests,
    IScanStore store,
    Func<TenantState, GovernancePolicy> policyOf,
    NightlyRetention retention,
    TimeProvider time,
    ILogger<NightlyAudit> logger)
{
    private const string Schedule = "nightly";

    [Function(nameof(NightlyAudit))]
    public async Task RunAsync([TimerTrigger("%NightlyAuditSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var today = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var first = new List<Guid>();
        foreach (var tenant in tenants.Tenants)
        {
            var (run, started) = await requests.AskAsync(Schedule, today, tenant, ScanMode.Full, cancellationToken).ConfigureAwait(false);

            // A run that someone else asked for and that is live says nothing about this night.
            if (started || run.RequestedBy != $"schedule:{Schedule}")
            {
                first.Add(tenant);
            }
        }

        foreach (var tenant in first)
        {
            await RetainAsync(tenant, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>By the policy of the last scan; after the scans were asked for, and whatever is wrong with one tenant, the others have theirs.</summary>
    private async Task RetainAsync(Guid tenant, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.StateAsync(tenant, cancellationToken).ConfigureAwait(false) is { } state
                && await retention.RunAsync(tenant, policyOf(state).Retention, cancellationToken).ConfigureAwait(false) is { Nothing: false } removed)
            {
                LogRemoved(logger, tenant, removed);
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogFailed(logger, tenant, fault.GetType().Name);
        }
    }

    [LoggerMessage(413, LogLevel.Information, "Retention of tenant {Tenant} removed {Counts}")]
    private static partial void LogRemoved(ILogger logger, Guid tenant, RetentionCounts counts);

    [LoggerMessage(414, LogLevel.Error, "No retention for tenant {Tenant} today: {Fault}")]
    private static partial void LogFailed(ILogger logger, Guid tenant, string fault);
}
