using System.Collections.Immutable;
using Governance.Azure.ServiceBus;
using Governance.Core.Digest;
using Governance.Core.Scans;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Triggers;

/// <summary>Asks for every digest that is due and not posted yet; asking twice posts once.</summary>
internal sealed class DigestSchedule(ITenantSources tenants, IScanStore store, IDigestOutbox outbox, SendDigest send, ServiceBusDigestQueue queue, TimeProvider time)
{
    /// <summary>Latest messages of a tenant looked at; more than a year of digests.</summary>
    private const int MostLookedAt = 500;

    [Function(nameof(DigestSchedule))]
    public async Task RunAsync([TimerTrigger("%DigestSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var tenant in tenants.Tenants)
        {
            using var opened = await tenants.OpenAsync(tenant, ScanMode.Incremental, cancellationToken).ConfigureAwait(false);
            var settings = opened.Request.Policy.Digests.Where(setting => setting.Serves(tenant)).ToImmutableArray();
            if (settings.IsEmpty || (await store.ScansAsync(tenant, 1, cancellationToken).ConfigureAwait(false)).IsEmpty)
            {
                continue;
            }

            var posted = await outbox.ListAsync(tenant, MostLookedAt, cancellationToken).ConfigureAwait(false);
            foreach (var setting in settings)
            {
                var schedule = send.ScheduleOf(setting);
                var period = schedule.KeyAt(now);
                var open = !posted.Any(entry => entry.Slot.Channel == setting.Name && entry.Slot.Period == period && !entry.MayBeClaimed(now, again: false));
                if (open && schedule.LatestAt(now).Period == period)
                {
                    await queue.SendAsync(new DigestMessage(tenant, setting.Name), period, now, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }
}
