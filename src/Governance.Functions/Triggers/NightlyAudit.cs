using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Triggers;

/// <summary>Asks for a full scan of every tenant, once a day however often the timer fires.</summary>
internal sealed class NightlyAudit(ITenantSources tenants, RequestScan requests, TimeProvider time)
{
    [Function(nameof(NightlyAudit))]
    public async Task RunAsync([TimerTrigger("%NightlyAuditSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var today = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        foreach (var tenant in tenants.Tenants)
        {
            await requests.AskAsync("nightly", today, tenant, ScanMode.Full, cancellationToken).ConfigureAwait(false);
        }
    }
}
