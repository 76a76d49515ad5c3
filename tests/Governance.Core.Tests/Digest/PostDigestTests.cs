using Governance.Core.Digest;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Digest;

public class PostDigestTests
{
    private static readonly DigestSlot Slot = new(Some.TenantId, "leads", DigestAudience.Executive, "2026-W14");

    private readonly FakeOutbox _outbox = new();
    private readonly MovedTime _time = new(Some.Moment);

    private static DigestContent Content => DigestComposer.Compose(Input(), DigestAudience.Executive, "en");

    private static DigestInput Input(params Finding[] findings) => new(
        "Tenant", Some.Moment, false, [], [Some.Assessed(1), Some.Assessed(2)], [.. findings], [], [], GovernancePolicy.BuiltIn);

    private static Finding Of(int subject, Severity severity) => Some.Finding(subject: subject) with { Severity = severity };

    private Task<DigestPosted> Post(IDigestChannel channel, bool again = false) =>
        new PostDigest(channel, _outbox, _time).RunAsync(Slot, "scan-1", Content, again, default);

    [Fact]
    public async Task TM_7_timer_manual_run_and_past_due_run_in_one_period_post_one_digest()
    {
        var channel = new FakeChannel();

        var timer = await Post(channel);
        _time.Now += TimeSpan.FromHours(3);
        var manual = await Post(channel);
        _time.Now += TimeSpan.FromDays(2);
        var pastDue = await Post(channel);

        Assert.Equal((true, false, false), (timer.Posted, manual.Posted, pastDue.Posted));
        Assert.Single(channel.Seen);
        Assert.Equal((DigestState.Accepted, "run-1"), (pastDue.Entry.State, pastDue.Entry.RunId));
    }

    [Fact]
    public async Task TM_5_an_unknown_end_is_not_posted_again_unless_a_person_asks()
    {
        var channel = new FakeChannel(new PostOutcome.Unknown("no answer"), new PostOutcome.Accepted("ok"));

        var first = await Post(channel);
        _time.Now += TimeSpan.FromDays(5);
        var second = await Post(channel);
        var asked = await Post(channel, again: true);

        Assert.Equal(DigestState.Unknown, first.Entry.State);
        Assert.False(second.Posted);
        Assert.Equal((true, DigestState.Accepted, 2), (asked.Posted, asked.Entry.State, asked.Entry.Attempt));
        Assert.Equal(2, channel.Seen.Count);
    }

    [Fact]
    public async Task What_was_not_posted_is_posted_by_the_next_run()
    {
        var channel = new FakeChannel(new PostOutcome.NotPosted("404"), new PostOutcome.Delivered("ok"));

        Assert.Equal(DigestState.Failed, (await Post(channel)).Entry.State);

        Assert.Equal(DigestState.Delivered, (await Post(channel)).Entry.State);
    }

    [Fact]
    public async Task A_channel_that_throws_posted_nothing_and_may_be_tried_again()
    {
        var channel = new FakeChannel { Throws = new InvalidOperationException("no token") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => Post(channel));
        var stands = Assert.Single(await _outbox.ListAsync(Some.TenantId, 5, default));
        channel.Throws = null;
        var next = await Post(channel);

        Assert.Equal((DigestState.Failed, "no token"), (stands.State, stands.Detail));
        Assert.True(next.Posted);
    }

    [Theory]
    [InlineData(1, 0, DigestState.Pending)]
    [InlineData(2, 0, DigestState.Unknown)]
    [InlineData(3, 1, DigestState.Accepted)]
    public async Task CP_4_and_CP_5_a_stop_at_any_write_leaves_at_most_one_digest(int write, int shown, DigestState left)
    {
        var channel = new FakeChannel();
        _outbox.BreaksAfter = write;

        await Assert.ThrowsAsync<ProcessStoppedException>(() => Post(channel));
        Assert.Equal((shown, left), (channel.Seen.Count, Assert.Single(await _outbox.ListAsync(Some.TenantId, 5, default)).State));
        _outbox.BreaksAfter = 0;
        await Post(channel);
        _time.Now += DigestEntry.Lease;
        await Post(channel);
        await Post(channel);

        Assert.InRange(channel.Seen.Count, left == DigestState.Unknown ? 0 : 1, 1);
    }

    [Fact]
    public async Task Critical_findings_are_told_once_each_in_one_message()
    {
        var channel = new FakeChannel();
        var alert = new AlertCritical(channel, _outbox, _time);
        var (a, b, high) = (Of(1, Severity.Critical), Of(2, Severity.Critical), Of(3, Severity.High));

        var first = await alert.RunAsync("soc", "en", "scan-1", Input(a, b, high), default);
        var same = await alert.RunAsync("soc", "en", "scan-2", Input(a, b, high), default);
        var reopened = await alert.RunAsync("soc", "en", "scan-3", Input(a with { OpenedAt = a.OpenedAt.AddDays(9) }, b, high), default);
        var other = await alert.RunAsync("ciso", "de", "scan-3", Input(a, b), default);

        Assert.Equal((2, 0, 1, 2), (first.Length, same.Length, reopened.Length, other.Length));
        Assert.Equal(3, channel.Seen.Count);
        Assert.Equal("2 new critical findings.", channel.Seen[0].Headline.ToPlainText());
        Assert.Equal("1 new critical finding.", channel.Seen[1].Headline.ToPlainText());
        Assert.True(channel.Seen[0].Urgent);
        Assert.Equal(2, channel.Seen[0].Sections.Single().Total);
    }

    [Fact]
    public async Task An_alert_that_was_not_posted_is_told_by_the_next_run()
    {
        var channel = new FakeChannel(new PostOutcome.NotPosted("429"), new PostOutcome.Accepted("ok"));
        var alert = new AlertCritical(channel, _outbox, _time);
        var input = Input(Of(1, Severity.Critical));

        Assert.Equal(DigestState.Failed, (await alert.RunAsync("soc", "en", "scan-1", input, default))[0].State);

        Assert.Equal(DigestState.Accepted, (await alert.RunAsync("soc", "en", "scan-2", input, default))[0].State);
    }

    [Fact]
    public async Task Muted_resolved_and_unconfirmed_findings_ring_no_alarm()
    {
        var channel = new FakeChannel();
        var critical = Of(1, Severity.Critical);

        var told = await new AlertCritical(channel, _outbox, _time).RunAsync("soc", "en", "scan-1", Input(
            critical with { Id = "m", State = FindingState.Muted }, critical with { Id = "r", State = FindingState.Resolved }, critical with { Id = "u", Unconfirmed = true }), default);

        Assert.Empty(told);
        Assert.Empty(channel.Seen);
    }
}
