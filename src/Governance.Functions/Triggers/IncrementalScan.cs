using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Governance.Functions.Settings;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Triggers;

/// <summary>Asks for a scan of what changed in every tenant, once for an occurrence of its schedule however often the timer fires.</summary>
internal sealed class IncrementalScan(ITenantSources tenants, RequestScan requests, TimerOccurrences occurrences)
{
    [Function(nameof(IncrementalScan))]
    [FixedDelayRetry(3, "00:01:00")]
    public Task RunAsync([TimerTrigger("%IncrementalScanSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var occurrence = occurrences.Now("IncrementalScanSchedule");
        return EachTenant.RunAsync(
            tenants.Tenants, (tenant, stop) => requests.AskAsync("incremental", occurrence, tenant, ScanMode.Incremental, stop), cancellationToken);
    }
}
