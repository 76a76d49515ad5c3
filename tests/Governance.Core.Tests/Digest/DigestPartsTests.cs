using Governance.Core.Digest;
using Governance.Core.Policy;

namespace Governance.Core.Tests.Digest;

/// <summary>A digest of several messages holds one slot, and what was posted of it is never posted again.</summary>
public sealed class DigestPartsTests
{
    private const int Parts = 4;

    private static readonly DigestSlot Slot = new(Some.TenantId, "soc", DigestAudience.Security, "2026-W14");
    private static readonly PostOutcome Ok = new PostOutcome.Accepted("accepted");
    private static readonly PostOutcome Seen = new PostOutcome.Delivered("posted");

    private readonly FakeOutbox _outbox = new();
    private readonly MovedTime _time = new(Some.Moment);

    private static DigestContent Content(int apps = 2) => DigestComposer.Compose(
        new DigestInput("Tenant", Some.Moment, false, [], [.. Enumerable.Range(1, apps).Select(n => Some.Assessed(n))], [], [], [], GovernancePolicy.BuiltIn), DigestAudience.Security, "en");

    private Task<DigestPosted> Post(FakeChannel channel, DigestContent? content = null, bool again = false) =>
        new PostDigest(channel, _outbox, _time).RunAsync(Slot, "scan-1", content ?? Content(), again, default);

    [Fact]
    public async Task All_messages_are_posted_in_order_in_one_slot()
    {
        var channel = new FakeChannel { PartCount = Parts };

        var posted = await Post(channel);

        Assert.Equal([1, 2, 3, 4], channel.Seen.Select(content => content.Part!.Number));
        Assert.Equal(DigestState.Accepted, posted.Entry.State);
        Assert.Single(await _outbox.ListAsync(Some.TenantId, 10, default));
        Assert.False((await Post(channel)).Posted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task TM_6_after_a_failure_only_the_missing_messages_are_posted(int failing)
    {
        var channel = new FakeChannel([.. Enumerable.Repeat(Ok, failing - 1), new PostOutcome.NotPosted("429"), Ok]) { PartCount = Parts };

        var first = await Post(channel);
        var second = await Post(channel);

        Assert.Equal((DigestState.Failed, DigestState.Accepted), (first.Entry.State, second.Entry.State));
        Assert.Equal(failing - 1, first.Entry.Progress?.Posted ?? 0);
        Assert.Equal([.. Enumerable.Range(1, failing), .. Enumerable.Range(failing, Parts - failing + 1)], channel.Seen.Select(content => content.Part!.Number));
    }

    [Fact]
    public async Task CP_5_a_stop_at_any_write_shows_no_message_twice_and_all_of_them_unless_an_end_is_unknown()
    {
        for (var write = 1; write <= 2 * Parts + 1; write++)
        {
            var outbox = new FakeOutbox { BreaksAfter = write };
            var channel = new FakeChannel { PartCount = Parts };
            Task<DigestPosted> Run() => new PostDigest(channel, outbox, _time).RunAsync(Slot, "scan-1", Content(), again: false, default);

            await Assert.ThrowsAsync<ProcessStoppedException>(Run);
            var left = Assert.Single(await outbox.ListAsync(Some.TenantId, 10, default));
            outbox.BreaksAfter = 0;
            _time.Now += DigestEntry.Lease;
            await Run();
            await Run();

            var numbers = channel.Seen.Select(content => content.Part!.Number).ToArray();
            Assert.Equal(numbers.Distinct(), numbers);
            Assert.True(numbers.Length == Parts || left.State == DigestState.Unknown, $"stop at write {write}: {string.Join(", ", numbers)}");
        }
    }

    [Fact]
    public async Task TM_5_an_unknown_end_of_one_message_stops_the_rest_until_a_person_asks_and_then_goes_on_from_there()
    {
        var channel = new FakeChannel(Ok, new PostOutcome.Unknown("no answer"), Ok) { PartCount = Parts };

        var first = await Post(channel);
        var second = await Post(channel);
        var asked = await Post(channel, again: true);

        Assert.Equal((DigestState.Unknown, false, DigestState.Accepted), (first.Entry.State, second.Posted, asked.Entry.State));
        Assert.Equal([1, 2, 2, 3, 4], channel.Seen.Select(content => content.Part!.Number));
    }

    [Fact]
    public async Task Where_the_facts_changed_meanwhile_one_whole_message_of_the_newer_ones_ends_the_digest()
    {
        var channel = new FakeChannel(Ok, new PostOutcome.NotPosted("429"), Ok) { PartCount = Parts };

        await Post(channel);
        var second = await Post(channel, Content(apps: 3));

        Assert.Equal(DigestState.Accepted, second.Entry.State);
        Assert.Equal(3, channel.Seen.Count);
        Assert.Null(channel.Seen[^1].Part);
    }

    [Fact]
    public async Task Delivered_is_a_digest_only_when_every_message_is()
    {
        var all = new FakeChannel(Seen) { PartCount = Parts };
        var most = new FakeChannel(Seen, Ok, Seen, Seen) { PartCount = Parts };

        var first = await Post(all);
        var second = await new PostDigest(most, _outbox, _time).RunAsync(Slot with { Channel = "other" }, "scan-1", Content(), again: false, default);

        Assert.Equal((DigestState.Delivered, DigestState.Accepted), (first.Entry.State, second.Entry.State));
    }

    [Fact]
    public void SC_5_a_first_scan_is_one_summary_whatever_it_found()
    {
        var input = new DigestInput("Tenant", Some.Moment, true, [], [.. Enumerable.Range(1, 900).Select(n => Some.Assessed(n))], [], [], [], GovernancePolicy.BuiltIn);

        var content = DigestComposer.Compose(input, DigestAudience.Security, "en");

        Assert.Equal(1, content.MostParts);
        Assert.All(content.Sections, section => Assert.InRange(section.Lines.Length, 0, DigestComposer.MostLines));
    }
}
