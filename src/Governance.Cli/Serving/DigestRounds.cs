using Governance.Api.Resources;
using Governance.Core.Digest;
using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Microsoft365.Teams;
using Microsoft.Extensions.Logging;

namespace Governance.Cli.Serving;

/// <summary>Posts digests when they are due and alerts when there is something new, round after round.</summary>
/// <remarks>The outbox sees to it that nothing is posted twice; a channel in trouble is left alone for a while.</remarks>
/// <param name="stateOf">What the last scan of a tenant left; null for none.</param>
internal sealed partial class DigestRounds(
    IScanStore store, Func<Guid, CancellationToken, Task<TenantState?>> stateOf, IDigestOutbox outbox, WorkflowChannels channels, Func<TenantState, GovernancePolicy> policyOf, TimeProvider time, ILogger<DigestRounds> logger, IDecisionLedger? ledger = null)
{
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lately = TimeSpan.FromDays(7);
    private const int LookedThrough = 1000;
    private readonly Dictionary<(Guid Tenant, string Channel), DateTimeOffset> _notBefore = [];

    /// <summary>Says while a digest of the last week may not be where it should.</summary>
    public static HealthProbe Probe(IScanStore store, IDigestOutbox outbox, TimeProvider time) => new("digests", async cancellationToken =>
    {
        foreach (var tenant in await store.TenantsAsync(cancellationToken).ConfigureAwait(false))
        {
            var lately = (await outbox.ListAsync(tenant, LookedThrough, cancellationToken).ConfigureAwait(false)).Where(entry => time.GetUtcNow() - entry.ChangedAt < Lately);
            var doubtful = lately.Count(entry => entry.State is DigestState.Unknown or DigestState.Failed);
            if (doubtful > 0)
            {
                return new HealthReading(HealthState.Degraded, $"{doubtful} messages were not posted, or it is not known whether they were; see governance digest status");
            }
        }

        return HealthReading.Healthy;
    });

    public Task RunAsync(CancellationToken stop) => Rounds.EveryMinuteAsync(RoundAsync, fault => LogRoundFailed(logger, fault), time, stop);

    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        var send = new SendDigest(store, outbox, channels.Open, TimeZoneInfo.FindSystemTimeZoneById, time, ledger);
        var kept = await store.TenantsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var failure in await EachTenant.TryAsync(kept, (tenant, stop) => TenantAsync(send, tenant, stop), cancellationToken).ConfigureAwait(false))
        {
            LogTenantFailed(logger, failure.TenantId, failure.Fault.GetType().Name);
        }
    }

    private async Task TenantAsync(SendDigest send, Guid tenant, CancellationToken cancellationToken)
    {
        if (await stateOf(tenant, cancellationToken).ConfigureAwait(false) is not { } state)
        {
            return;
        }

        var policy = policyOf(state);
        foreach (var setting in policy.Digests.Where(setting => setting.Serves(tenant)))
        {
            await ChannelAsync(send, state, policy, setting, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ChannelAsync(SendDigest send, TenantState state, GovernancePolicy policy, DigestSetting setting, CancellationToken cancellationToken)
    {
        var key = (state.LastScan.TenantId, setting.Name);
        var now = time.GetUtcNow();
        if (_notBefore.TryGetValue(key, out var until) && now < until)
        {
            return;
        }

        try
        {
            var posts = await send.RunDueAsync(state, policy, setting, cancellationToken).ConfigureAwait(false);
            if (posts.Digest is { Posted: true } digest)
            {
                LogPosted(logger, setting.Name, digest.Entry.Slot.Period, digest.Entry.State);
            }

            if (posts.Failed)
            {
                _notBefore[key] = now + AfterTrouble;
            }
        }
        catch (Exception fault) when (fault is not StoreUnavailableException && !(fault is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            // Whatever is wrong with one channel, the others have their digests; messages of ours hold no secret.
            LogChannelFailed(logger, setting.Name, fault.GetType().Name, fault is ArgumentException ? fault.Message : string.Empty);
            _notBefore[key] = now + AfterTrouble;
        }
    }

    [LoggerMessage(420, LogLevel.Information, "Posted the digest of {Period} to {Channel}: {State}")]
    private static partial void LogPosted(ILogger logger, string channel, string period, DigestState state);

    [LoggerMessage(421, LogLevel.Error, "No digest for {Channel}: {Fault} {Reason}")]
    private static partial void LogChannelFailed(ILogger logger, string channel, string fault, string reason);

    [LoggerMessage(423, LogLevel.Error, "No digests for tenant {Tenant}: {Fault}")]
    private static partial void LogTenantFailed(ILogger logger, Guid tenant, string fault);

    [LoggerMessage(422, LogLevel.Error, "Digests wait: the store is {Fault}")]
    private static partial void LogRoundFailed(ILogger logger, StoreFault fault);
}
