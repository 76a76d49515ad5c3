using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Runs;
using Governance.Functions.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Governance.Functions.Triggers;

/// <summary>
/// Asks for a full scan of every tenant and removes what its policy no longer keeps, once for an occurrence of its schedule however often
/// the timer fires.
/// </summary>
internal sealed partial class NightlyAudit(
    ITenantSources tenants,
    RequestScan requests,
    IScanStore store,
    Func<TenantState, GovernancePolicy> policyOf,
    NightlyRetention retention,
    TimerOccurrences occurrences,
    ILogger<NightlyAudit> logger)
{
    private const string Schedule = "nightly";

    [Function(nameof(NightlyAudit))]
    [FixedDelayRetry(3, "00:01:00")]
    public async Task RunAsync([TimerTrigger("%NightlyAuditSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var night = occurrences.Now("NightlyAuditSchedule");
        var first = new List<Guid>();
        var failures = await EachTenant.TryAsync(tenants.Tenants, AskAsync, cancellationToken).ConfigureAwait(false);

        // After the scans: they are what the night is for.
        TenantsFailedException.ThrowIfAny(
            [.. failures, .. await EachTenant.TryAsync(first, RetainAsync, cancellationToken).ConfigureAwait(false)]);

        async Task AskAsync(Guid tenant, CancellationToken stop)
        {
            var (run, started) = await requests.AskAsync(Schedule, night, tenant, ScanMode.Full, stop).ConfigureAwait(false);

            // A run that someone else asked for and that is live says nothing about this night.
            if (started || run.RequestedBy != $"schedule:{Schedule}")
            {
                first.Add(tenant);
            }
        }
    }

    /// <summary>By the policy of the last scan.</summary>
    private async Task RetainAsync(Guid tenant, CancellationToken cancellationToken)
    {
        if (await store.StateAsync(tenant, cancellationToken).ConfigureAwait(false) is { } state
            && await retention.RunAsync(tenant, policyOf(state).Retention, cancellationToken).ConfigureAwait(false) is { Nothing: false } removed)
        {
            LogRemoved(logger, tenant, removed);
        }
    }

    [LoggerMessage(709, LogLevel.Information, "Retention of tenant {Tenant} removed {Counts}")]
    private static partial void LogRemoved(ILogger logger, Guid tenant, RetentionCounts counts);
}
