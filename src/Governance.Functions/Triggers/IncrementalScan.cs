using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Triggers;

/// <summary>Asks for a scan of what changed in every tenant, at most once an hour however often the timer fires.</summary>
internal sealed class IncrementalScan(ITenantSources tenants, RequestScan requests, TimeProvider time)
{
    [Function(nameof(IncrementalScan))]
    public async Task RunAsync([TimerTrigger("%IncrementalScanSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        // To the nearest hour, because a timer may fire a moment early.
        var hour = TimeSpan.TicksPerHour;
        var occurrence = new DateTimeOffset((time.GetUtcNow().UtcTicks + (hour / 2)) / hour * hour, TimeSpan.Zero);
        foreach (var tenant in tenants.Tenants)
        {
            await requests.AskAsync("incremental", occurrence, tenant, ScanMode.Incremental, cancellationToken).ConfigureAwait(false);
        }
    }
}
