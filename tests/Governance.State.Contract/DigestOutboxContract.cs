using Governance.Core.Digest;
using Xunit;

namespace Governance.State.Contract;

/// <summary>What every outbox does alike. A backend derives from it and says how it is opened.</summary>
public abstract class DigestOutboxContract
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);
    private static readonly DigestSlot Slot = new(SampleScans.Tenant, "Marketing leads / EMEA ü市", DigestAudience.Executive, "2026-W10");

    /// <summary>Opens the outbox on this test's own state, which is empty at first; a second one is like a second process.</summary>
    protected abstract IDigestOutbox Open();

    [Fact]
    public async Task A_new_slot_is_granted_once_and_then_refused_with_what_stands()
    {
        var first = await Open().ClaimAsync(Slot, "scan-1", Now, again: false, default);
        var second = await Open().ClaimAsync(Slot, "scan-2", Now, again: false, default);

        var expected = new DigestEntry(Slot, DigestState.Pending, 1, "scan-1", Now, first.Entry.Detail, null);
        Assert.Equal(expected, Assert.IsType<DigestClaim.Granted>(first).Entry);
        Assert.Equal(expected, Assert.IsType<DigestClaim.Refused>(second).Entry);
    }

    [Theory]
    [InlineData(DigestState.Accepted, false)]
    [InlineData(DigestState.Delivered, false)]
    [InlineData(DigestState.Unknown, false)]
    [InlineData(DigestState.Failed, true)]
    public async Task Only_a_failed_slot_is_granted_again_by_itself(DigestState ended, bool granted)
    {
        var outbox = Open();
        await EndAsync(outbox, ended);

        var claim = await Open().ClaimAsync(Slot, "scan-2", Now.AddDays(400), again: false, default);

        Assert.Equal(granted, claim is DigestClaim.Granted);
        Assert.Equal(granted ? 2 : 1, claim.Entry.Attempt);
        Assert.Equal(granted ? "scan-2" : "scan-1", claim.Entry.ScanId);
    }

    [Theory]
    [InlineData(DigestState.Accepted, false)]
    [InlineData(DigestState.Delivered, false)]
    [InlineData(DigestState.Unknown, true)]
    public async Task A_person_may_have_an_unknown_end_posted_again_but_nothing_that_arrived(DigestState ended, bool granted)
    {
        var outbox = Open();
        await EndAsync(outbox, ended);

        var claim = await outbox.ClaimAsync(Slot, "scan-2", Now.AddHours(1), again: true, default);

        Assert.Equal(granted, claim is DigestClaim.Granted);
    }

    [Fact]
    public async Task A_claim_nobody_used_is_granted_anew_after_its_lease_and_the_late_worker_may_not_write()
    {
        var late = (await Open().ClaimAsync(Slot, "scan-1", Now, again: false, default)).Entry;

        var tooEarly = await Open().ClaimAsync(Slot, "scan-2", Now + DigestEntry.Lease - TimeSpan.FromSeconds(1), again: false, default);
        var inTime = await Open().ClaimAsync(Slot, "scan-2", Now + DigestEntry.Lease, again: false, default);

        Assert.IsType<DigestClaim.Refused>(tooEarly);
        Assert.Equal(2, Assert.IsType<DigestClaim.Granted>(inTime).Entry.Attempt);
        await Assert.ThrowsAsync<DigestClaimLostException>(() => Open().RecordAsync(late with { State = DigestState.Unknown }, default));
        Assert.Equal(inTime.Entry, Assert.Single(await Open().ListAsync(Slot.TenantId, 10, default)));
    }

    [Theory]
    [InlineData(DigestState.Pending)]
    [InlineData(DigestState.Accepted)]
    [InlineData(DigestState.Delivered)]
    public async Task Nothing_is_accepted_or_delivered_before_posting_began(DigestState next)
    {
        var outbox = Open();
        var entry = (await outbox.ClaimAsync(Slot, "scan-1", Now, again: false, default)).Entry;

        await Assert.ThrowsAsync<DigestClaimLostException>(() => outbox.RecordAsync(entry with { State = next }, default));
    }

    [Theory]
    [InlineData(DigestState.Accepted)]
    [InlineData(DigestState.Delivered)]
    [InlineData(DigestState.Failed)]
    public async Task An_end_is_not_rewritten(DigestState ended)
    {
        var outbox = Open();
        var entry = await EndAsync(outbox, ended);

        foreach (var next in Enum.GetValues<DigestState>())
        {
            await Assert.ThrowsAsync<DigestClaimLostException>(() => outbox.RecordAsync(entry with { State = next }, default));
        }
    }

    [Fact]
    public async Task A_slot_nobody_claimed_cannot_be_written() =>
        await Assert.ThrowsAsync<DigestClaimLostException>(() => Open().RecordAsync(new DigestEntry(Slot, DigestState.Unknown, 1, "scan-1", Now, "", null), default));

    [Fact]
    public async Task Tenant_channel_audience_and_period_are_each_a_slot_of_their_own()
    {
        DigestSlot[] slots =
        [
            Slot,
            Slot with { TenantId = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444") },
            Slot with { Channel = Slot.Channel.ToUpperInvariant() },
            Slot with { Audience = DigestAudience.Security },
            Slot with { Period = "2026-W11" },
        ];

        foreach (var slot in slots)
        {
            Assert.IsType<DigestClaim.Granted>(await Open().ClaimAsync(slot, "scan-1", Now, again: false, default));
        }

        Assert.Equal(4, (await Open().ListAsync(Slot.TenantId, 10, default)).Length);
        Assert.Single(await Open().ListAsync(slots[1].TenantId, 10, default));
    }

    [Fact]
    public async Task Between_two_messages_of_a_digest_its_progress_is_kept_and_the_next_claim_has_it()
    {
        var outbox = Open();
        var entry = (await outbox.ClaimAsync(Slot, "scan-1", Now, again: false, default)).Entry with { State = DigestState.Unknown };
        await outbox.RecordAsync(entry, default);
        var between = entry with { State = DigestState.Pending, Progress = new DigestProgress(1, 3, true, "0a1b2c3d4e5f") };

        await Assert.ThrowsAsync<DigestClaimLostException>(() => outbox.RecordAsync(between with { Progress = null }, default));
        await outbox.RecordAsync(between, default);

        Assert.Equal(between, Assert.Single(await Open().ListAsync(Slot.TenantId, 10, default)));
        var next = Assert.IsType<DigestClaim.Granted>(await Open().ClaimAsync(Slot, "scan-2", Now + DigestEntry.Lease, again: false, default));
        Assert.Equal(between.Progress, next.Entry.Progress);
    }

    [Fact]
    public async Task The_list_tells_what_changed_last_first_and_no_more_than_asked()
    {
        var outbox = Open();
        for (var week = 1; week <= 5; week++)
        {
            await outbox.ClaimAsync(Slot with { Period = $"2026-W0{week}" }, "scan-1", Now.AddDays(7 * ((week * 3) % 5)), again: false, default);
        }

        var list = await Open().ListAsync(Slot.TenantId, 3, default);

        Assert.Equal(["2026-W03", "2026-W01", "2026-W04"], list.Select(entry => entry.Slot.Period));
    }

    [Fact]
    public async Task What_is_recorded_comes_back_with_hostile_text_as_it_was()
    {
        var outbox = Open();
        var text = "400: '; DROP TABLE digest_outbox; -- \u202E\"<b>\r\n" + new string('ü', 500);
        var entry = (await outbox.ClaimAsync(Slot with { Channel = text }, text, Now, again: false, default)).Entry;
        await outbox.RecordAsync(entry with { State = DigestState.Unknown }, default);
        var ended = entry with { State = DigestState.Failed, Detail = text, RunId = text, ChangedAt = new DateTimeOffset(2026, 3, 2, 9, 0, 0, 1, TimeSpan.FromHours(5.5)) };

        await outbox.RecordAsync(ended, default);

        var kept = Assert.Single(await Open().ListAsync(Slot.TenantId, 1, default));
        Assert.Equal(ended, kept);
    }

    [Fact]
    public async Task Of_many_workers_one_gets_the_slot()
    {
        IDigestOutbox[] outboxes = [Open(), Open(), Open(), Open()];

        var claims = await Task.WhenAll(Enumerable.Range(0, 24).Select(worker =>
            Task.Run(() => outboxes[worker % outboxes.Length].ClaimAsync(Slot, $"scan-{worker}", Now, again: false, default))));

        var winner = Assert.Single(claims.OfType<DigestClaim.Granted>()).Entry;
        Assert.All(claims, claim => Assert.Equal(winner, claim.Entry));
    }

    private static async Task<DigestEntry> EndAsync(IDigestOutbox outbox, DigestState state)
    {
        var entry = (await outbox.ClaimAsync(Slot, "scan-1", Now, again: false, default)).Entry with { State = DigestState.Unknown };
        await outbox.RecordAsync(entry, default);
        var ended = entry with { State = state, Detail = "as told", RunId = "08585" };
        await outbox.RecordAsync(ended, default);
        return ended;
    }
}
