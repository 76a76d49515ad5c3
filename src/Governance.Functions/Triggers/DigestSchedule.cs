using Governance.Azure.ServiceBus;
using Governance.Core.Scans;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Triggers;

/// <summary>Asks for every message that is due and not posted yet; asking twice posts once. What fails is asked for again the next time it fires.</summary>
internal sealed class DigestSchedule(ITenantSources tenants, DueMessages due, ServiceBusDigestQueue queue, TimeProvider time)
{
    [Function(nameof(DigestSchedule))]
    public Task RunAsync([TimerTrigger("%DigestSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        EachTenant.RunAsync(tenants.Tenants, AskAsync, cancellationToken);

    private async Task AskAsync(Guid tenant, CancellationToken cancellationToken)
    {
        foreach (var message in await due.NowAsync(tenant, cancellationToken).ConfigureAwait(false))
        {
            await queue.SendAsync(new DigestMessage(tenant, message.Channel), message.Occasion, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
    }
}
