using System.Collections.Immutable;
using Governance.Core.Digest;
using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans;

/// <summary>The workflow of a channel's digest: stored facts in, at most one message a period out.</summary>
/// <param name="open">Opens a channel of the policy; throws when its address or settings cannot be used.</param>
/// <param name="zone">Finds a time zone by its IANA name.</param>
/// <param name="ledger">What people decided; null for a head that keeps no decisions.</param>
public sealed class SendDigest(
    IScanStore store, IDigestOutbox outbox, Func<DigestSetting, IDigestChannel> open, Func<string, TimeZoneInfo> zone, TimeProvider time, IDecisionLedger? ledger = null)
{
    /// <summary>Posts what a channel is owed now: alerts at once, the digest once its time has come.</summary>
    /// <remarks>Asked at any time and any number of times it repeats nothing. Trouble with an alert does not keep back the digest.</remarks>
    /// <exception cref="ArgumentException">The channel is another tenant's, or cannot be used as it is set.</exception>
    public async Task<ChannelPosts> RunDueAsync(TenantState state, GovernancePolicy policy, DigestSetting setting, CancellationToken cancellationToken)
    {
        var alerting = AlertAsync(state, policy, setting, cancellationToken);
        await ((Task)alerting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var digest = ScheduleOf(setting).DueAt(time.GetUtcNow()) is null
            ? null
            : await RunAsync(state, policy, setting, again: false, cancellationToken).ConfigureAwait(false);
        return new ChannelPosts(digest, await alerting.ConfigureAwait(false));
    }

    /// <summary>Posts the digest of the period that now lies in, unless that was done.</summary>
    /// <param name="again">True when a person looked and wants a digest whose end is unknown posted again.</param>
    public async Task<DigestPosted> RunAsync(TenantState state, GovernancePolicy policy, DigestSetting setting, bool again, CancellationToken cancellationToken)
    {
        var channel = Open(state, setting);
        var (content, period) = await ContentAsync(state, policy, setting, cancellationToken).ConfigureAwait(false);
        var slot = new DigestSlot(state.LastScan.TenantId, setting.Name, content.Audience, period);
        return await new PostDigest(channel, outbox, time).RunAsync(slot, state.LastScan.Id, content, again, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells a channel of critical findings that it was not told of yet; nothing for a channel without alerts.</summary>
    public async Task<ImmutableArray<DigestEntry>> AlertAsync(TenantState state, GovernancePolicy policy, DigestSetting setting, CancellationToken cancellationToken)
    {
        if (!setting.Alerts)
        {
            return [];
        }

        var channel = Open(state, setting);
        var facts = await StoredFacts.ReadAsync(state, policy, store, cancellationToken).ConfigureAwait(false);
        return await new AlertCritical(channel, outbox, time).RunAsync(setting.Name, setting.Language, state.LastScan.Id, facts.Digest, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a channel's digest says now, and the key of its period.</summary>
    public async Task<(DigestContent Content, string Period)> ContentAsync(
        TenantState state, GovernancePolicy policy, DigestSetting setting, CancellationToken cancellationToken)
    {
        var schedule = ScheduleOf(setting);
        var now = time.GetUtcNow();
        var period = schedule.KeyAt(now);
        var facts = await StoredFacts.ReadPeriodAsync(state, policy, store, period, schedule.TellsSince(now), cancellationToken).ConfigureAwait(false);
        if (ledger is not null)
        {
            facts = await facts.WithDecisionsAsync(ledger, cancellationToken).ConfigureAwait(false);
        }

        var audience = setting.Audience == "security" ? DigestAudience.Security : DigestAudience.Executive;
        return (DigestComposer.Compose(facts.Digest, audience, setting.Language), period);
    }

    /// <summary>Opens a channel for a tenant.</summary>
    /// <exception cref="ArgumentException">The channel is another tenant's, or cannot be used as it is set.</exception>
    public IDigestChannel Open(TenantState state, DigestSetting setting) => setting.Serves(state.LastScan.TenantId)
        ? open(setting)
        : throw new ArgumentException($"{setting.Name}: the channel is another tenant's: 'tenants' does not name {state.LastScan.TenantId}");

    /// <summary>When a channel's digest is due.</summary>
    public DigestSchedule ScheduleOf(DigestSetting setting) => new(setting.Period, setting.At, zone(setting.Zone));
}

/// <summary>What became of a channel's messages.</summary>
/// <param name="Digest">Null while no digest is due.</param>
/// <param name="Alerts">Slots of findings that this call posted for.</param>
public sealed record ChannelPosts(DigestPosted? Digest, ImmutableArray<DigestEntry> Alerts)
{
    /// <summary>True when a message was certainly not posted, so that it may be tried again.</summary>
    public bool Failed => Digest is { Posted: true, Entry.State: DigestState.Failed } || Alerts.Any(entry => entry.State == DigestState.Failed);
}
