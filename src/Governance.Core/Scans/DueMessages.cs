using System.Collections.Immutable;
using Governance.Core.Digest;
using Governance.Core.Policy;

namespace Governance.Core.Scans;

/// <summary>Says which channels are to be looked at now, without reading what their messages would say.</summary>
/// <remarks>For a head that posts elsewhere than it decides. <see cref="SendDigest.RunDueAsync"/> decides again when it posts.</remarks>
public sealed class DueMessages(ITenantSources tenants, IScanStore store, IDigestOutbox outbox, SendDigest send, TimeProvider time)
{
    /// <summary>Latest messages of a tenant looked at; more than a year of digests.</summary>
    private const int MostLookedAt = 500;

    /// <summary>How long an alert that was not posted is asked for again. Later only the next scan asks: the finding may be resolved.</summary>
    private static readonly TimeSpan AlertsAreRepeated = TimeSpan.FromDays(1);

    /// <summary>Channels with a digest that is due and may be posted, or with an alert that was not posted.</summary>
    /// <exception cref="SettingsException">The policy cannot be read.</exception>
    public async Task<ImmutableArray<DueMessage>> NowAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var channels = await ChannelsAsync(tenantId, cancellationToken).ConfigureAwait(false);
        if (channels.IsEmpty || (await store.ScansAsync(tenantId, 1, cancellationToken).ConfigureAwait(false)).IsEmpty)
        {
            return [];
        }

        var now = time.GetUtcNow();
        var posts = await outbox.ListAsync(tenantId, MostLookedAt, cancellationToken).ConfigureAwait(false);
        return [.. channels.SelectMany(channel => Of(channel, posts.Where(post => post.Slot.Channel == channel.Name), now))];
    }

    /// <summary>Channels that want to know of critical findings at once, when a scan may have found some.</summary>
    /// <exception cref="SettingsException">The policy cannot be read.</exception>
    public async Task<ImmutableArray<DueMessage>> AfterScanAsync(Guid tenantId, string scanId, CancellationToken cancellationToken) =>
    [
        .. (await ChannelsAsync(tenantId, cancellationToken).ConfigureAwait(false))
            .Where(channel => channel.Alerts).Select(channel => new DueMessage(channel.Name, $"scan {scanId}")),
    ];

    private IEnumerable<DueMessage> Of(DigestSetting channel, IEnumerable<DigestEntry> posts, DateTimeOffset now)
    {
        if (send.ScheduleOf(channel).DueAt(now) is { } period && !posts.Any(post => post.Slot.Period == period && !post.MayBeClaimed(now, again: false)))
        {
            yield return new DueMessage(channel.Name, period);
        }

        if (channel.Alerts && posts.Any(post => AlertCritical.IsAlert(post.Slot) && post.MayBeClaimed(now, again: false) && now - post.ChangedAt < AlertsAreRepeated))
        {
            yield return new DueMessage(channel.Name, "alerts");
        }
    }

    private async Task<ImmutableArray<DigestSetting>> ChannelsAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        using var opened = await tenants.OpenAsync(tenantId, ScanMode.Incremental, cancellationToken).ConfigureAwait(false);
        return [.. opened.Request.Policy.Digests.Where(channel => channel.Serves(tenantId))];
    }
}

/// <summary>A channel to be looked at.</summary>
/// <param name="Channel">Name in the policy.</param>
/// <param name="Occasion">Why; the same for as long as it is the same message.</param>
public sealed record DueMessage(string Channel, string Occasion);
