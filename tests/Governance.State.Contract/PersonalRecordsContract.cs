using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Runs;
using Xunit;

namespace Governance.State.Contract;

/// <summary>What every store does alike to erase a person, and what is too old.</summary>
public abstract class PersonalRecordsContract
{
    protected static readonly Guid Tenant = SampleScans.Tenant;
    private static readonly Guid Other = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444");

    /// <summary>Opens a store on this test's own state, which is empty at first; a second one is like a second process.</summary>
    /// <param name="beforeWrite">As in <see cref="ScanStoreContract"/>, for the records; null for none.</param>
    protected abstract (IPersonalRecords Records, IScanStore Scans, IScanCheckpoints Checkpoints) Open(Action<int>? beforeWrite = null);

    [Fact]
    public async Task An_empty_store_has_nothing_to_remove()
    {
        Assert.Equal(0, await Open().Records.EraseUserAsync(Tenant, Guid.NewGuid(), default));
        Assert.True((await Open().Records.RetainAsync(Tenant, new RetentionPeriods(1, 1, 1, 1), SampleScans.Start, dryRun: false, default)).Nothing);
    }

    [Fact]
    public async Task AP_5_a_user_is_gone_from_every_inventory_of_the_tenant_and_all_else_stays()
    {
        var commits = await FillAsync(Tenant, scans: 3);
        var other = await FillAsync(Other, scans: 1);
        var user = Busiest(commits[0].Inventory);

        Assert.Equal(3, await Open().Records.EraseUserAsync(Tenant, user, default));

        foreach (var commit in commits)
        {
            var kept = Plain.Of(await Open().Scans.InventoryAsync(Tenant, commit.Scan.Id, default));
            Assert.Equal(Plain.Of(commit.Inventory.Without(user)), kept);
            Assert.DoesNotContain(user.ToString(), kept, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(Plain.Of(SampleScans.StateAfter([.. commits])), Plain.Of(await Open().Scans.StateAsync(Tenant, default)));
        Assert.Equal(Plain.Of(other[0].Inventory), Plain.Of(await Open().Scans.InventoryAsync(Other, other[0].Scan.Id, default)));
        Assert.Equal(0, await Open().Records.EraseUserAsync(Tenant, user, default));
    }

    [Fact]
    public async Task AP_5_an_unfinished_reading_of_the_tenant_begins_anew()
    {
        await FillAsync(Tenant, scans: 1);
        await Open().Checkpoints.KeepAsync(new ScanCheckpoint("own", Tenant, SampleScans.Start, InventoryPart.Users, 0, [1]), default);
        await Open().Checkpoints.KeepAsync(new ScanCheckpoint("other", Other, SampleScans.Start, InventoryPart.Users, 0, [1]), default);

        await Open().Records.EraseUserAsync(Tenant, Guid.NewGuid(), default);

        Assert.Empty(await Open().Checkpoints.FindAsync("own", default));
        Assert.Single(await Open().Checkpoints.FindAsync("other", default));
    }

    /// <summary>Opens the stores of the program's own work on the same state.</summary>
    protected abstract (IScanRuns Runs, IIdempotencyKeys Keys, ILearnedApps Learned) OpenWork();

    [Theory]
    [InlineData("0d0d0d0d-1111-4222-8333-444444444444", "0c0c0c0c-1111-4222-8333-444444444444/0d0d0d0d-1111-4222-8333-444444444444", "0c0c0c0c-1111-4222-8333-444444444444/erased")]
    [InlineData("0D0D0D0D-1111-4222-8333-444444444444", "0d0d0d0d-1111-4222-8333-444444444444", "erased")]
    [InlineData("Xaver Quendel", "xaver quendel", "erased")]
    [InlineData("Jose\u0301 Gro\u00DF", "JOS\u00C9 GROSS", "erased")]
    public async Task AP_5_a_person_is_gone_from_runs_answers_and_confirmations_and_nobody_else_is(string identity, string who, string left)
    {
        var work = OpenWork();
        foreach (var tenant in new[] { Tenant, Other })
        {
            await work.Runs.StartOrJoinAsync(ScanRun.New("asked", tenant, ScanMode.Full, who, SampleScans.Start), default);
            await work.Runs.ChangeAsync(tenant, "asked", run => run.Cancelling(SampleScans.Start), default);
            await work.Runs.StartOrJoinAsync(ScanRun.New("another", tenant, ScanMode.Full, "somebody else", SampleScans.Start), default);
            foreach (var (caller, answer) in new[] { (who, "{}"), ("somebody else", $"{{\"requestedBy\":\"{who}\"}}"), ("a third", "{}") })
            {
                await work.Keys.ClaimAsync(new IdempotencyKey(tenant, caller, "key"), [1], default);
                await work.Keys.KeepAsync(new IdempotencyKey(tenant, caller, "key"), new KeptAnswer(200, null, System.Text.Encoding.UTF8.GetBytes(answer)), default);
            }

            await work.Learned.ConfirmAsync(tenant, new Confirmation(new LearnedApp(Guid.NewGuid(), AiVerdict.NotAi, null), who, "looked", SampleScans.Start), default);
            await work.Learned.ConfirmAsync(tenant, new Confirmation(new LearnedApp(Guid.NewGuid(), AiVerdict.NotAi, null), "somebody else", $"as {who} says", SampleScans.Start), default);
            await work.Learned.ConfirmAsync(tenant, new Confirmation(new LearnedApp(Guid.NewGuid(), AiVerdict.NotAi, null), "a third", "knows it", SampleScans.Start), default);
        }

        var person = new NamedPerson(identity);
        var found = await Open().Records.FindTracesAsync(Tenant, person, default);
        Assert.Equal(new PersonTraces(0, 1, 1, 1, 2), found);
        Assert.Equal(found, await Open().Records.EraseTracesAsync(Tenant, person, default));
        Assert.Equal(PersonTraces.None, await Open().Records.FindTracesAsync(Tenant, person, default));
        Assert.Equal(PersonTraces.None, await Open().Records.EraseTracesAsync(Tenant, person, default));

        work = OpenWork();
        Assert.Equal(["another: somebody else", "asked: erased"], (await work.Runs.RecentAsync(Tenant, 10, default)).Select(run => $"{run.Id}: {run.RequestedBy}").Order(StringComparer.Ordinal));
        Assert.Equal(["erased: erased", $"somebody else: as {left} says", "a third: knows it"], (await work.Learned.ConfirmationsAsync(Tenant, default)).Select(known => $"{known.By}: {known.Reason}"));
        Assert.IsType<KeyClaim.Fresh>(await work.Keys.ClaimAsync(new IdempotencyKey(Tenant, "somebody else", "key"), [1], default));
        Assert.IsType<KeyClaim.Answered>(await work.Keys.ClaimAsync(new IdempotencyKey(Tenant, "a third", "key"), [1], default));
        Assert.IsType<KeyClaim.Answered>(await work.Keys.ClaimAsync(new IdempotencyKey(Other, "somebody else", "key"), [1], default));
        Assert.Contains(await work.Runs.RecentAsync(Other, 10, default), run => run.RequestedBy == who);
    }

    [Theory]
    [InlineData("Rea")]
    [InlineData("Read")]
    [InlineData("somebody")]
    [InlineData("0d0d0d0d")]
    public async Task AP_5_a_part_of_a_name_or_of_a_word_takes_nothing(string part)
    {
        var work = OpenWork();
        await work.Runs.StartOrJoinAsync(ScanRun.New("asked", Tenant, ScanMode.Full, "somebody else", SampleScans.Start), default);
        await work.Keys.ClaimAsync(new IdempotencyKey(Tenant, "0d0d0d0d-1111-4222-8333-444444444444", "key"), [1], default);
        await work.Keys.KeepAsync(new IdempotencyKey(Tenant, "0d0d0d0d-1111-4222-8333-444444444444", "key"), new KeptAnswer(200, null, "{\"scope\":\"Mail.Read\"}"u8.ToArray()), default);
        await work.Learned.ConfirmAsync(
            Tenant, new Confirmation(new LearnedApp(Guid.NewGuid(), AiVerdict.NotAi, null), "0d0d0d0d-1111-4222-8333-444444444444", "Mail.Read of Somebody-Else and Reader", SampleScans.Start), default);

        Assert.Equal(PersonTraces.None, await Open().Records.FindTracesAsync(Tenant, new NamedPerson(part), default));
        Assert.Equal(PersonTraces.None, await Open().Records.EraseTracesAsync(Tenant, new NamedPerson(part), default));

        Assert.Equal("somebody else", Assert.Single(await OpenWork().Runs.RecentAsync(Tenant, 10, default)).RequestedBy);
        Assert.Equal("Mail.Read of Somebody-Else and Reader", Assert.Single(await OpenWork().Learned.ConfirmationsAsync(Tenant, default)).Reason);
    }

    [Fact]
    public async Task AP_5_a_search_for_a_user_counts_the_inventories_that_have_them_and_changes_none()
    {
        var commits = await FillAsync(Tenant, scans: 3);
        var user = Busiest(commits[0].Inventory);

        var found = await Open().Records.FindTracesAsync(Tenant, new NamedPerson(user.ToString()), default);

        Assert.Equal(PersonTraces.None with { Inventories = 3 }, found);
        Assert.Equal(Plain.Of(commits[^1].Inventory), Plain.Of(await Open().Scans.InventoryAsync(Tenant, commits[^1].Scan.Id, default)));
    }

    [Fact]
    public async Task AP_6_runs_that_ended_go_with_the_texts_of_decisions()
    {
        await FillAsync(Tenant, scans: 1);
        var runs = OpenWork().Runs;
        await runs.StartOrJoinAsync(ScanRun.New("old", Tenant, ScanMode.Full, "somebody", SampleScans.Start.AddDays(-9)), default);
        await runs.ChangeAsync(Tenant, "old", run => run.Cancelling(SampleScans.Start), default);
        await runs.StartOrJoinAsync(ScanRun.New("live", Tenant, ScanMode.Full, "somebody", SampleScans.Start.AddDays(-9)), default);

        Assert.Equal(0, (await Open().Records.RetainAsync(Tenant, new RetentionPeriods(null, null, null, 10), SampleScans.Start, dryRun: false, default)).Runs);
        Assert.Equal(1, (await Open().Records.RetainAsync(Tenant, new RetentionPeriods(null, null, null, 3), SampleScans.Start, dryRun: true, default)).Runs);
        Assert.Equal(1, (await Open().Records.RetainAsync(Tenant, new RetentionPeriods(null, null, null, 3), SampleScans.Start, dryRun: false, default)).Runs);

        Assert.Equal("live", Assert.Single(await OpenWork().Runs.RecentAsync(Tenant, 10, default)).Id);
    }

    [Fact]
    public async Task A_scan_after_an_erasure_builds_on_what_is_left()
    {
        var commits = await FillAsync(Tenant, scans: 2);
        var user = Busiest(commits[0].Inventory);
        await Open().Records.EraseUserAsync(Tenant, user, default);
        var next = SampleScans.Changed(commits[^1] with { Inventory = commits[^1].Inventory.Without(user) });

        await Open().Scans.CommitAsync(next, default);

        Assert.Equal(Plain.Of(SampleScans.StateAfter([.. commits, next])), Plain.Of(await Open().Scans.StateAsync(Tenant, default)));
        Assert.Equal(Plain.Of(next.Inventory), Plain.Of(await Open().Scans.InventoryAsync(Tenant, next.Scan.Id, default)));
    }

    [Fact]
    public async Task AP_6_what_is_too_old_goes_by_its_own_period_and_the_last_scan_stays_whole()
    {
        var commits = await FillAsync(Tenant, scans: 4);
        var now = commits[^1].Scan.StartedAt.AddDays(100);
        var before = await Open().Scans.StateAsync(Tenant, default);
        var resolved = before!.Findings.Where(finding => finding.State == FindingState.Resolved).Select(finding => finding.Id).ToArray();

        var counts = await Open().Records.RetainAsync(Tenant, new RetentionPeriods(90, 90, 90, null), now, dryRun: false, default);

        Assert.Equal(new RetentionCounts(3, resolved.Length, 3, 0, 0), counts);
        Assert.Equal(3, resolved.Length);
        var store = Open().Scans;
        foreach (var old in commits[..^1])
        {
            Assert.Null(await store.InventoryAsync(Tenant, old.Scan.Id, default));
            Assert.DoesNotContain(await store.EventsAsync(Tenant, old.Scan.Id, default), happened => resolved.Contains(happened.FindingId));
        }

        Assert.All(resolved, id => Assert.Empty(store.HistoryAsync(Tenant, id, default).GetAwaiter().GetResult()));
        Assert.Equal(commits[^1].Scan.Id, Assert.Single(await store.KpisAsync(Tenant, 1, default)).ScanId);
        Assert.Single(await store.KpisAsync(Tenant, 4, default));
        Assert.Equal(4, (await store.ScansAsync(Tenant, 10, default)).Length);
        Assert.Equal(Plain.Of(commits[^1].Inventory), Plain.Of(await store.InventoryAsync(Tenant, commits[^1].Scan.Id, default)));
        var left = before with { Findings = [.. before.Findings.Where(finding => !resolved.Contains(finding.Id))] };
        Assert.Equal(Plain.Of(left), Plain.Of(await store.StateAsync(Tenant, default)));
        Assert.True((await Open().Records.RetainAsync(Tenant, new RetentionPeriods(90, 90, 90, null), now, dryRun: false, default)).Nothing);
    }

    [Fact]
    public async Task AP_6_periods_that_are_not_set_and_records_within_theirs_remove_nothing()
    {
        var commits = await FillAsync(Tenant, scans: 3);
        var before = Plain.Of(await Open().Scans.StateAsync(Tenant, default));

        var none = await Open().Records.RetainAsync(Tenant, RetentionPeriods.Default, commits[^1].Scan.StartedAt.AddYears(9), dryRun: false, default);
        var young = await Open().Records.RetainAsync(Tenant, new RetentionPeriods(90, 90, 90, 90), commits[^1].Scan.StartedAt, dryRun: false, default);

        Assert.True(none.Nothing && young.Nothing);
        Assert.Equal(before, Plain.Of(await Open().Scans.StateAsync(Tenant, default)));
    }

    [Fact]
    public async Task AP_6_a_dry_run_counts_the_same_and_removes_nothing()
    {
        var commits = await FillAsync(Tenant, scans: 3);
        var (periods, now) = (new RetentionPeriods(1, 1, 1, 1), commits[^1].Scan.StartedAt.AddDays(9));

        var counted = await Open().Records.RetainAsync(Tenant, periods, now, dryRun: true, default);

        Assert.NotNull(await Open().Scans.InventoryAsync(Tenant, commits[0].Scan.Id, default));
        Assert.Equal(counted, await Open().Records.RetainAsync(Tenant, periods, now, dryRun: false, default));
    }

    [Fact]
    public async Task A_finding_removed_for_its_age_that_opens_again_begins_a_new_history()
    {
        var commits = await FillAsync(Tenant, scans: 2);
        var gone = commits[1].Findings.Single(finding => finding.State == FindingState.Resolved);
        await Open().Records.RetainAsync(Tenant, new RetentionPeriods(null, 1, null, null), commits[^1].Scan.StartedAt.AddDays(9), dryRun: false, default);
        var next = SampleScans.Unchanged(commits[^1]);
        var again = gone with { State = FindingState.Open, ResolvedAt = null, ResolvedBy = null, Cause = null, Events = 1, FirstSeen = next.Scan.StartedAt, LastSeen = next.Scan.StartedAt };
        next = next with
        {
            Findings = [.. next.Findings.Select(finding => finding.Id == gone.Id ? again : finding)],
            Events = [new FindingEvent(gone.Id, 1, next.Scan.StartedAt, "opened", "seen again", next.Scan.Id)],
        };

        await Open().Scans.CommitAsync(next, default);

        Assert.Equal(Plain.Of(next.Events.AsEnumerable()), Plain.Of((await Open().Scans.HistoryAsync(Tenant, gone.Id, default)).AsEnumerable()));
    }

    [Fact]
    public async Task ST_2_whichever_write_fails_a_repeat_ends_it_and_readers_read_all_the_while()
    {
        var commits = await FillAsync(Tenant, scans: 3);
        var user = Busiest(commits[0].Inventory);
        var (periods, now) = (new RetentionPeriods(1, 1, 1, null), commits[^1].Scan.StartedAt.AddDays(9));
        var ended = false;
        for (var broken = 1; !ended; broken++)
        {
            try
            {
                var (records, _, _) = Open(write =>
                {
                    if (write == broken)
                    {
                        throw new InjectedFaultException();
                    }
                });
                await records.EraseUserAsync(Tenant, user, default);
                await records.RetainAsync(Tenant, periods, now, dryRun: false, default);
                ended = true;
            }
            catch (InjectedFaultException)
            {
                var store = Open().Scans;
                Assert.NotNull(await store.StateAsync(Tenant, default));
                Assert.NotNull(await store.InventoryAsync(Tenant, commits[^1].Scan.Id, default));
                foreach (var commit in commits)
                {
                    await store.EventsAsync(Tenant, commit.Scan.Id, default);
                }
            }
        }

        Assert.Null(await Open().Scans.InventoryAsync(Tenant, commits[0].Scan.Id, default));
        Assert.Equal(Plain.Of(commits[^1].Inventory.Without(user)), Plain.Of(await Open().Scans.InventoryAsync(Tenant, commits[^1].Scan.Id, default)));
        await Open().Scans.CommitAsync(SampleScans.Unchanged(commits[^1] with { Findings = (await Open().Scans.StateAsync(Tenant, default))!.Findings }), default);
    }

    /// <summary>Scans on days in sequence; each one after the first resolves a finding.</summary>
    protected async Task<List<SampleScan>> FillAsync(Guid tenant, int scans)
    {
        var commits = new List<SampleScan> { SampleScans.First(tenant, apps: 8) };
        while (commits.Count < scans)
        {
            commits.Add(SampleScans.Changed(commits[^1]));
        }

        foreach (var commit in commits)
        {
            await Open().Scans.CommitAsync(commit, default);
        }

        return commits;
    }

    /// <summary>The user with the most grants, who is in every part.</summary>
    protected static Guid Busiest(Inventory inventory) => inventory.Grants.All()
        .Where(grant => grant.PrincipalId is not null).GroupBy(grant => grant.PrincipalId!.Value).OrderByDescending(grants => grants.Count()).First().Key;
}
