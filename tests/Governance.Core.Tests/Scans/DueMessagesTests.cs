using System.Collections.Immutable;
using Governance.Core.Digest;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Risk;
using Governance.Core.Scans;
using Governance.Core.Tests.Digest;

namespace Governance.Core.Tests.Scans;

/// <summary>What a channel is owed when, for heads that ask for messages and for heads that post them.</summary>
public sealed class DueMessagesTests
{
    /// <summary>Seven o'clock of the day of <see cref="Some.Moment"/>.</summary>
    private static readonly DateTimeOffset Seven = Some.Moment.AddHours(5);

    private static readonly DigestSetting Soc = new(
        "soc", "security", "en", ReportingPeriod.Day, new TimeOnly(7, 0), "UTC", null, "SOC_URL", "sas", "public", "1.5", [], null, Alerts: true);

    private static readonly DigestSetting Leads = Soc with { Name = "leads", Audience = "executive", Alerts = false };

    private readonly FakeOutbox _outbox = new();
    private readonly FakeStore _store = new();
    private readonly MovedTime _time = new(Some.Moment);

    [Fact]
    public async Task An_alert_goes_out_at_once_and_the_digest_waits_for_its_time()
    {
        var (channel, state) = (new FakeChannel(), await StateAsync(critical: 1));

        var night = await PostAsync(channel, state);
        var repeated = await PostAsync(channel, state);
        _time.Now = Seven;
        var morning = await PostAsync(channel, state);
        var after = await PostAsync(channel, state);

        Assert.Null(night.Digest);
        Assert.Single(night.Alerts);
        Assert.Empty(repeated.Alerts);
        Assert.True(morning.Digest!.Posted);
        Assert.False(after.Digest!.Posted);
        Assert.Equal([true, false], channel.Seen.Select(message => message.Urgent));
    }

    [Fact]
    public async Task An_alert_that_cannot_be_posted_does_not_keep_back_the_digest()
    {
        var (channel, state) = (new RefusesAlerts(), await StateAsync(critical: 1));
        _time.Now = Seven;

        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(channel, state));

        Assert.False(Assert.Single(channel.Seen).Urgent);
    }

    [Fact]
    public async Task TM_7_a_digest_is_asked_for_from_its_time_until_it_is_posted()
    {
        var state = await StateAsync();
        Assert.Empty(await Due(Soc, Leads).NowAsync(Some.TenantId, default));

        _time.Now = Seven;
        Assert.Equal(["soc", "leads"], Channels(await Due(Soc, Leads).NowAsync(Some.TenantId, default)));
        await PostAsync(new FakeChannel(), state);

        Assert.Equal(["leads"], Channels(await Due(Soc, Leads).NowAsync(Some.TenantId, default)));
    }

    [Fact]
    public async Task Nothing_is_asked_for_before_the_first_scan_or_for_a_channel_of_another_tenant()
    {
        _time.Now = Seven;
        Assert.Empty(await Due(Soc).NowAsync(Some.TenantId, default));
        await StateAsync();

        Assert.Empty(await Due(Soc with { Tenants = [Some.VendorTenantId] }).NowAsync(Some.TenantId, default));
        Assert.Empty(await Due(Soc with { Tenants = [Some.VendorTenantId] }).AfterScanAsync(Some.TenantId, "scan-1", default));
    }

    [Fact]
    public async Task After_a_scan_each_channel_with_alerts_is_asked_for_by_the_scan()
    {
        var first = await Due(Soc, Leads).AfterScanAsync(Some.TenantId, "scan-1", default);
        var second = await Due(Soc, Leads).AfterScanAsync(Some.TenantId, "scan-2", default);

        Assert.Equal(["soc"], Channels(first));
        Assert.NotEqual(first[0].Occasion, second[0].Occasion);
    }

    [Fact]
    public async Task An_alert_that_was_not_posted_is_asked_for_again_for_a_day()
    {
        var state = await StateAsync(critical: 1);
        await PostAsync(new FakeChannel(new PostOutcome.NotPosted("404")), state);

        Assert.Equal(["soc"], Channels(await Due(Soc).NowAsync(Some.TenantId, default)));
        Assert.Empty(await Due(Soc with { Alerts = false }).NowAsync(Some.TenantId, default));
        await PostAsync(new FakeChannel(), state);
        Assert.Empty(await Due(Soc).NowAsync(Some.TenantId, default));
    }

    [Fact]
    public async Task An_alert_that_could_not_be_posted_for_a_day_waits_for_the_next_scan()
    {
        var state = await StateAsync(critical: 1);
        await PostAsync(new FakeChannel(new PostOutcome.NotPosted("404")), state);

        _time.Now = Some.Moment.AddHours(25);

        Assert.Empty(await Due(Soc).NowAsync(Some.TenantId, default));
        Assert.Equal(["soc"], Channels(await Due(Soc).AfterScanAsync(Some.TenantId, "scan-2", default)));
    }

    private static IEnumerable<string> Channels(ImmutableArray<DueMessage> due) => due.Select(message => message.Channel);

    private DueMessages Due(params DigestSetting[] channels) =>
        new(new OneTenant(Some.Policy() with { Digests = [.. channels] }), _store, _outbox, Send(new FakeChannel()), _time);

    private Task<ChannelPosts> PostAsync(IDigestChannel channel, TenantState state) => Send(channel).RunDueAsync(state, Some.Policy(), Soc, default);

    private SendDigest Send(IDigestChannel channel) => new(_store, _outbox, _ => channel, _ => TimeZoneInfo.Utc, _time);

    private async Task<TenantState> StateAsync(int critical = 0)
    {
        await new ScanTenant(new FakeSource(Some.Inventory([Some.Principal(1, "Chat Tool")], Some.Grants(Some.Grant(1, 11, "User.Read")), [Some.User(11)])), _store, _time, () => "ab12")
            .RunAsync(new ScanRequest(Some.Policy(), "policy text", _ => _ => Some.Classification(), "c1"), new NoProgress(), default);
        var state = (await _store.StateAsync(Some.TenantId, default))!;
        return state with { Findings = [.. Enumerable.Range(1, critical).Select(subject => Some.Finding(subject: subject) with { Severity = Severity.Critical })] };
    }

    private sealed class OneTenant(GovernancePolicy policy) : ITenantSources
    {
        public ImmutableArray<Guid> Tenants => [Some.TenantId];

        public Task<OpenedTenant> OpenAsync(Guid tenantId, ScanMode mode, CancellationToken cancellationToken) =>
            Task.FromResult(new OpenedTenant(new FakeSource(), new ScanRequest(policy, string.Empty, _ => _ => Some.Classification(), "c1"), null));
    }

    private sealed class RefusesAlerts : IDigestChannel
    {
        public List<DigestContent> Seen { get; } = [];

        public Task<PostOutcome> PostAsync(DigestContent content, CancellationToken cancellationToken)
        {
            if (content.Urgent)
            {
                throw new HttpRequestException("no way out");
            }

            Seen.Add(content);
            return Task.FromResult<PostOutcome>(new PostOutcome.Accepted("ok"));
        }
    }
}
