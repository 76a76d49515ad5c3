using System.Collections.Immutable;
using Governance.Core.Findings;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;
using Xunit;

namespace Governance.State.Contract;

/// <summary>What every store does alike. A store derives from it and says how it is opened.</summary>
public abstract class ScanStoreContract
{
    private static readonly Guid Tenant = SampleScans.Tenant;

    /// <summary>Opens a store on this test's own state, which is empty at first; a second one is like a second process.</summary>
    /// <param name="beforeWrite">
    /// Called before each write of a commit with its number from 1, the one that makes it count included, and once more after that.
    /// What it throws must come out of the commit.
    /// </param>
    protected abstract IScanStore Open(Action<int>? beforeWrite = null);

    /// <summary>How many commit at once in the race for a generation. Each round has one winner, so the work grows with the square of it.</summary>
    protected virtual int Committers => 50;

    [Fact]
    public async Task An_empty_store_knows_nothing()
    {
        var store = Open();

        Assert.Empty(await store.TenantsAsync(default));
        Assert.Null(await store.StateAsync(Tenant, default));
        Assert.Empty(await store.ScansAsync(Tenant, 10, default));
        Assert.Null(await store.InventoryAsync(Tenant, "20260301T020000000Z-a0001", default));
        Assert.Empty(await store.HistoryAsync(Tenant, "f-1", default));
        Assert.Empty(await store.KpisAsync(Tenant, 10, default));
    }

    [Fact]
    public async Task A_first_commit_comes_back_whole_from_another_store()
    {
        var commit = SampleScans.First(Tenant);

        await Open().CommitAsync(commit, default);

        var store = Open();
        Assert.Equal([Tenant], (await store.TenantsAsync(default)).AsEnumerable());
        Assert.Equal(Plain.Of(SampleScans.StateAfter(commit)), Plain.Of(await store.StateAsync(Tenant, default)));
        Assert.Equal(Plain.Of(commit.Inventory), Plain.Of(await store.InventoryAsync(Tenant, commit.Scan.Id, default)));
        Assert.Equal(Plain.Of([commit.Scan]), Plain.Of(await store.ScansAsync(Tenant, 10, default)));
        Assert.Equal(Plain.Of([commit.Events[0]]), Plain.Of(await store.HistoryAsync(Tenant, commit.Events[0].FindingId, default)));
        Assert.Equal(
            Plain.Of([new ScanKpis(commit.Scan.Id, commit.Scan.StartedAt, commit.Scan.Status, commit.Kpis)]),
            Plain.Of(await store.KpisAsync(Tenant, 10, default)));
    }

    [Fact]
    public async Task An_empty_scan_comes_back_as_an_empty_scan()
    {
        var first = SampleScans.First(Tenant);
        var commit = first with
        {
            Inventory = new() { Organization = first.Inventory.Organization, ReadAt = first.Inventory.ReadAt, Parts = first.Inventory.Parts },
            Apps = [], Findings = [], Events = [], Kpis = [], PolicyText = string.Empty,
        };
        var store = Open();

        await store.CommitAsync(commit, default);

        Assert.Equal(Plain.Of(SampleScans.StateAfter(commit)), Plain.Of(await store.StateAsync(Tenant, default)));
        Assert.Equal(Plain.Of(commit.Inventory), Plain.Of(await store.InventoryAsync(Tenant, commit.Scan.Id, default)));
    }

    [Fact]
    public async Task An_unchanged_rerun_changes_only_times()
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Unchanged(first);
        var store = Open();

        await store.CommitAsync(first, default);
        await store.CommitAsync(second, default);

        var state = await store.StateAsync(Tenant, default);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(first, second)), Plain.Of(state));
        Assert.All(state!.Apps, app => Assert.Equal((SampleScans.Start, second.Scan.StartedAt), (app.FirstSeen, app.LastSeen)));
        Assert.All(state.Findings, finding => Assert.Equal(second.Scan.StartedAt, finding.LastSeen));
        Assert.Equal(Plain.Of(first.Inventory), Plain.Of(await store.InventoryAsync(Tenant, first.Scan.Id, default)));
        Assert.Equal(Plain.Of(second.Inventory), Plain.Of(await store.InventoryAsync(Tenant, second.Scan.Id, default)));
    }

    [Fact]
    public async Task A_changed_scan_replaces_what_changed_and_remembers_what_is_gone()
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Changed(first);
        var third = SampleScans.Unchanged(second);
        var store = Open();

        foreach (var commit in new[] { first, second, third })
        {
            await store.CommitAsync(commit, default);
        }

        var state = await store.StateAsync(Tenant, default);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(first, second, third)), Plain.Of(state));
        Assert.Equal(SampleScans.Start, state!.FirstSeen[first.Apps[0].Id]);
        var resolved = state.Findings.Single(finding => finding.State == FindingState.Resolved);
        Assert.Equal(first.Scan.StartedAt, resolved.LastSeen);
        Assert.Equal(["opened", "resolved"], (await store.HistoryAsync(Tenant, resolved.Id, default)).Select(happened => happened.Change));
        foreach (var commit in new[] { first, second, third })
        {
            Assert.Equal(Plain.Of(commit.Inventory), Plain.Of(await store.InventoryAsync(Tenant, commit.Scan.Id, default)));
        }
    }

    [Fact]
    public async Task Events_of_a_scan_come_by_finding_and_sequence_and_are_its_own()
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Changed(first);
        var store = Open();
        await store.CommitAsync(first with { Events = [.. first.Events.Reverse()] }, default);
        await store.CommitAsync(second, default);

        var ofFirst = await store.EventsAsync(Tenant, first.Scan.Id, default);
        var ofSecond = await store.EventsAsync(Tenant, second.Scan.Id, default);

        Assert.Equal(Plain.Of(first.Events), Plain.Of(ofFirst));
        Assert.Equal(Plain.Of(second.Events.OrderBy(happened => happened.FindingId, StringComparer.Ordinal)), Plain.Of(ofSecond));
        Assert.Empty(await store.EventsAsync(Tenant, "unknown", default));
        Assert.Empty(await store.EventsAsync(Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444"), first.Scan.Id, default));
    }

    [Fact]
    public async Task What_the_next_scan_compares_with_is_the_state_without_whole_records()
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Changed(first);
        var store = Open();
        Assert.Null(await store.KnownAsync(Tenant, default));
        await store.CommitAsync(first, default);
        await store.CommitAsync(second, default);

        var known = (await store.KnownAsync(Tenant, default))!;

        var state = (await store.StateAsync(Tenant, default))!;
        Assert.Equal(Plain.Of([state.LastScan]), Plain.Of([known.LastScan]));
        Assert.Equal(Plain.Of(state.Findings), Plain.Of(known.Findings));
        Assert.Equal(Plain.Of(second.Commit.Apps.Known), Plain.Of(known.Apps.Values.OrderBy(app => app.Id)));
        Assert.Equal([first.Apps[0].Id], known.Gone.Keys);
        Assert.All(state.FirstSeen, seen => Assert.Equal(seen.Value, known.FirstSeen(seen.Key)));
        Assert.Equal(SampleScans.Start, known.Earliest);
    }

    [Fact]
    public async Task Apps_of_the_last_scan_can_be_gone_through_one_by_one()
    {
        var first = SampleScans.First(Tenant, apps: 40);
        var second = SampleScans.Changed(first);
        var store = Open();
        await store.CommitAsync(first, default);
        await store.CommitAsync(second, default);
        var (apps, calls) = (ImmutableArray<AssessedApp>.Empty, 0);

        var last = await store.EachAppAsync(Tenant, second.Scan.Id, each => (apps, calls) = ([.. each], calls + 1), default);
        var overtaken = await store.EachAppAsync(Tenant, first.Scan.Id, _ => calls++, default);
        var unknown = await store.EachAppAsync(Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444"), first.Scan.Id, _ => calls++, default);

        Assert.Equal((true, false, false, 1), (last, overtaken, unknown, calls));
        Assert.Equal(Plain.Of((await store.StateAsync(Tenant, default))!.Apps), Plain.Of(apps));
    }

    [Fact]
    public async Task Only_records_that_differ_have_to_be_handed_over()
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Changed(first);
        var store = Open();
        await store.CommitAsync(first, default);
        var known = (await store.KnownAsync(Tenant, default))!;
        var differing = AppRecords.Of(second.Apps, second.Scan.StartedAt, known.Apps);

        await store.CommitAsync(second.Commit with { Apps = differing }, default);

        Assert.Equal(2, differing.All.Count(record => record.Body is not null));
        Assert.Equal(Plain.Of(SampleScans.StateAfter(first, second)), Plain.Of(await store.StateAsync(Tenant, default)));
    }

    [Fact]
    public async Task A_record_left_out_that_is_not_kept_refuses_the_commit()
    {
        var first = SampleScans.First(Tenant);
        var store = Open();
        var leftOut = AppRecords.Of(first.Apps, first.Scan.StartedAt, first.Commit.Apps.Known.ToDictionary(app => app.Id));

        await Assert.ThrowsAsync<ArgumentException>(() => store.CommitAsync(first.Commit with { Apps = leftOut }, default));

        Assert.Null(await store.StateAsync(Tenant, default));
    }

    [Fact]
    public async Task An_app_that_comes_back_is_known_from_before()
    {
        var first = SampleScans.First(Tenant);
        var without = SampleScans.Unchanged(first) with { Apps = [] };
        var again = SampleScans.Unchanged(SampleScans.Unchanged(first));
        var store = Open();
        await store.CommitAsync(first, default);
        await store.CommitAsync(without, default);

        var gone = await store.StateAsync(Tenant, default);
        await store.CommitAsync(again, default);

        Assert.Empty(gone!.Apps);
        Assert.Equal(first.Apps.Length, gone.FirstSeen.Count);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(first, without, again)), Plain.Of(await store.StateAsync(Tenant, default)));
    }

    [Fact]
    public async Task A_finding_that_a_scan_does_not_mention_is_neither_lost_nor_seen_again()
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Unchanged(first);
        var store = Open();
        await store.CommitAsync(first, default);

        await store.CommitAsync(second with { Findings = second.Findings[1..] }, default);

        var findings = (await store.StateAsync(Tenant, default))!.Findings;
        Assert.Equal(Plain.Of(second.Findings.SetItem(0, first.Findings[0])), Plain.Of(findings));
    }

    [Fact]
    public async Task A_scan_compared_with_an_older_state_is_refused_and_leaves_no_trace()
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Changed(first);
        var store = Open();
        await store.CommitAsync(first, default);
        await store.CommitAsync(second, default);

        await Assert.ThrowsAsync<StaleScanException>(() => store.CommitAsync(SampleScans.Changed(first, tail: "b"), default));
        await Assert.ThrowsAsync<StaleScanException>(() => store.CommitAsync(SampleScans.First(Tenant, tail: "c"), default));

        Assert.Equal(Plain.Of(SampleScans.StateAfter(first, second)), Plain.Of(await store.StateAsync(Tenant, default)));
        Assert.Equal([second.Scan.Id, first.Scan.Id], (await store.ScansAsync(Tenant, 10, default)).Select(scan => scan.Id));
    }

    [Fact]
    public async Task A_scan_ahead_of_the_stored_generation_is_refused()
    {
        var second = SampleScans.Unchanged(SampleScans.First(Tenant));
        var store = Open();

        await Assert.ThrowsAsync<StaleScanException>(() => store.CommitAsync(second, default));

        Assert.Null(await store.StateAsync(Tenant, default));
        Assert.Empty(await store.TenantsAsync(default));
    }

    [Fact]
    public async Task The_same_scan_committed_again_changes_nothing()
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Changed(first);
        var store = Open();
        await store.CommitAsync(first, default);
        await store.CommitAsync(second, default);

        await store.CommitAsync(second, default);
        await store.CommitAsync(first, default);

        Assert.Equal(Plain.Of(SampleScans.StateAfter(first, second)), Plain.Of(await store.StateAsync(Tenant, default)));
        Assert.Equal(2, (await store.ScansAsync(Tenant, 10, default)).Length);
        Assert.Equal(2, (await store.HistoryAsync(Tenant, second.Events[0].FindingId, default)).Length);
    }

    [Fact]
    public async Task Two_tenants_with_the_same_ids_do_not_meet()
    {
        var other = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444");
        var mine = SampleScans.First(Tenant);
        var theirs = SampleScans.First(other, apps: 3);
        var mineLater = SampleScans.Changed(mine);
        var store = Open();

        await store.CommitAsync(theirs, default);
        await store.CommitAsync(mine, default);
        await store.CommitAsync(mineLater, default);

        Assert.Equal(mine.Scan.Id, theirs.Scan.Id);
        Assert.Equal([Tenant, other], (await store.TenantsAsync(default)).AsEnumerable());
        Assert.Equal(Plain.Of(SampleScans.StateAfter(theirs)), Plain.Of(await store.StateAsync(other, default)));
        Assert.Equal(Plain.Of(SampleScans.StateAfter(mine, mineLater)), Plain.Of(await store.StateAsync(Tenant, default)));
        Assert.Equal(Plain.Of(theirs.Inventory), Plain.Of(await store.InventoryAsync(other, theirs.Scan.Id, default)));
        Assert.Null(await store.InventoryAsync(other, mineLater.Scan.Id, default));
        Assert.Single(await store.HistoryAsync(other, mine.Findings[0].Id, default));
        Assert.Single(await store.KpisAsync(other, 10, default));
    }

    [Fact]
    public async Task A_commit_that_mixes_tenants_is_refused()
    {
        var commit = SampleScans.First(Tenant);
        var other = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444");
        var store = Open();

        await Assert.ThrowsAsync<ArgumentException>(() => store.CommitAsync(commit with { Inventory = SampleScans.First(other).Inventory }, default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.CommitAsync(commit with { Findings = [commit.Findings[0] with { TenantId = other }] }, default));

        Assert.Empty(await store.TenantsAsync(default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_event_out_of_sequence_is_refused_with_its_whole_commit(int sequence)
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Changed(first);
        var store = Open();
        await store.CommitAsync(first, default);

        await Assert.ThrowsAsync<ArgumentException>(() => store.CommitAsync(
            second with { Events = second.Events.SetItem(0, second.Events[0] with { Sequence = sequence }) }, default));

        Assert.Equal(Plain.Of(SampleScans.StateAfter(first)), Plain.Of(await store.StateAsync(Tenant, default)));
    }

    [Fact]
    public async Task Scans_and_kpi_values_come_newest_first_and_no_more_than_asked()
    {
        var commits = new List<SampleScan> { SampleScans.First(Tenant) };
        while (commits.Count < 12)
        {
            commits.Add(SampleScans.Unchanged(commits[^1]) with { Kpis = SampleScans.Kpis(commits.Count) });
        }

        var store = Open();
        foreach (var commit in commits)
        {
            await store.CommitAsync(commit, default);
        }

        Assert.Equal(Enumerable.Range(0, 12).Select(n => 12 - n), (await store.ScansAsync(Tenant, 100, default)).Select(scan => scan.Generation));
        Assert.Equal([12, 11, 10], (await store.ScansAsync(Tenant, 3, default)).Select(scan => scan.Generation));
        Assert.Equal([11m, 10m, 9m], (await store.KpisAsync(Tenant, 3, default)).Select(kpis => kpis.Values[0].Value));
        Assert.All(await store.KpisAsync(Tenant, 100, default), kpis => Assert.Null(kpis.Values[1].Value));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.ScansAsync(Tenant, 0, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.KpisAsync(Tenant, -1, default));
    }

    public static TheoryData<string> HostileTexts => new(
        "a\0b", "\0", "\u202Egpj.exe\u2066", "'; DROP TABLE scans; --", "<script>alert(1)</script>", "line\r\nbreak\u2028\u0085", "\u001b[2J", "{\"a\":1}", "\uFEFFbom",
        "\uFFFE\uFFFF", "🤖\u200B", "%00%2f..", "é\u0301", new string('x', 100_000), string.Concat(Enumerable.Repeat("营\"", 40_000)));

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task Hostile_text_comes_back_as_it_was(string text)
    {
        var commit = WithText(text);
        var store = Open();

        await store.CommitAsync(commit, default);

        var state = await store.StateAsync(Tenant, default);
        var inventory = await store.InventoryAsync(Tenant, commit.Scan.Id, default);
        Assert.Equal(text, state!.Apps.Single(app => app.Id == commit.Apps[0].Id).App.Principal.DisplayName);
        Assert.Equal(text, state.Findings.Single(finding => finding.Id == commit.Findings[0].Id).SubjectName);
        Assert.Equal(text, state.LastScan.TenantName);
        Assert.Equal(text, state.PolicyText);
        Assert.Equal(text, (await store.HistoryAsync(Tenant, commit.Events[0].FindingId, default))[0].Detail);
        Assert.Equal(text, inventory!.ServicePrincipals.Single(principal => principal.Id == commit.Apps[0].Id).DisplayName);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(commit)), Plain.Of(state));
    }

    [Fact]
    public async Task A_lone_surrogate_comes_back_as_the_replacement_character_everywhere()
    {
        var commit = WithText("a\uD800b");
        var store = Open();

        await store.CommitAsync(commit, default);

        var state = await store.StateAsync(Tenant, default);
        var inventory = await store.InventoryAsync(Tenant, commit.Scan.Id, default);
        Assert.Equal("a\uFFFDb", state!.Apps.Single(app => app.Id == commit.Apps[0].Id).App.Principal.DisplayName);
        Assert.Equal("a\uFFFDb", state.Findings.Single(finding => finding.Id == commit.Findings[0].Id).SubjectName);
        Assert.Equal("a\uFFFDb", state.LastScan.TenantName);
        Assert.Equal("a\uFFFDb", state.PolicyText);
        Assert.Equal("a\uFFFDb", inventory!.ServicePrincipals.Single(principal => principal.Id == commit.Apps[0].Id).DisplayName);
    }

    [Fact]
    public async Task Ids_with_quotes_and_wildcards_match_exactly()
    {
        var first = SampleScans.First(Tenant);
        const string Odd = "f'%_\"--*/:?#\\";
        var commit = first with
        {
            Findings = [first.Findings[0] with { Id = Odd }, .. first.Findings[1..]],
            Events = [first.Events[0] with { FindingId = Odd }, .. first.Events[1..]],
        };
        var store = Open();

        await store.CommitAsync(commit, default);

        Assert.Single(await store.HistoryAsync(Tenant, Odd, default));
        Assert.Empty(await store.HistoryAsync(Tenant, "f%", default));
        Assert.Empty(await store.HistoryAsync(Tenant, "' OR '1'='1", default));
        Assert.Null(await store.InventoryAsync(Tenant, "' OR '1'='1", default));
    }

    [Fact]
    public async Task A_reader_during_a_commit_sees_the_state_before_it()
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Changed(first);
        var reader = Open();
        await reader.CommitAsync(first, default);
        using var reached = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        var writer = Open(write =>
        {
            if (write == 6)
            {
                reached.Release();
                goOn.Wait();
            }
        });

        var commit = writer.CommitAsync(second, default);
        await Task.WhenAny(reached.WaitAsync(), commit);
        var during = await reader.StateAsync(Tenant, default);
        var scansDuring = await reader.ScansAsync(Tenant, 10, default);
        goOn.Set();
        await commit;

        Assert.Equal(Plain.Of(SampleScans.StateAfter(first)), Plain.Of(during));
        Assert.Single(scansDuring);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(first, second)), Plain.Of(await reader.StateAsync(Tenant, default)));
    }

    [Fact]
    public async Task Readers_beside_a_writer_never_see_a_mixture()
    {
        var commits = new List<SampleScan> { SampleScans.First(Tenant) };
        for (var n = 0; n < 15; n++)
        {
            commits.Add(SampleScans.Changed(commits[^1]));
        }

        var expected = commits.Select((_, n) => Plain.Of(SampleScans.StateAfter([.. commits.Take(n + 1)]))).ToArray();
        var store = Open();
        await store.CommitAsync(commits[0], default);
        var seen = new List<int>();
        async Task ReadAsync()
        {
            for (var generation = 0; generation < commits.Count;)
            {
                var state = await store.StateAsync(Tenant, default);
                generation = state!.LastScan.Generation;
                Assert.Equal(expected[generation - 1], Plain.Of(state));
                lock (seen)
                {
                    seen.Add(generation);
                }
            }
        }

        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(ReadAsync)).ToArray();
        foreach (var commit in commits.Skip(1))
        {
            await store.CommitAsync(commit, default);
        }

        await Task.WhenAll(readers);

        Assert.Contains(commits.Count, seen);
    }

    [Fact]
    public async Task Whichever_write_of_a_commit_fails_the_old_state_or_the_new_one_is_there_and_a_repeat_is_harmless()
    {
        var tenant = 0;
        var failed = 0;
        for (var broken = 1; ; broken++)
        {
            var first = SampleScans.First(new Guid(++tenant, 0, 0, new byte[8]));
            var second = SampleScans.Changed(first);
            var fired = false;
            await Open().CommitAsync(first, default);
            var store = Open(write =>
            {
                if (write == broken && !fired)
                {
                    fired = true;
                    throw new InjectedFaultException();
                }
            });

            var fault = await Record.ExceptionAsync(() => store.CommitAsync(second, default));

            if (!fired)
            {
                Assert.Null(fault);
                break;
            }

            failed++;
            Assert.IsType<InjectedFaultException>(fault);
            var before = Plain.Of(SampleScans.StateAfter(first));
            var after = Plain.Of(SampleScans.StateAfter(first, second));
            Assert.Contains(Plain.Of(await store.StateAsync(first.Scan.TenantId, default)), new[] { before, after });
            await store.CommitAsync(second, default);
            Assert.Equal(after, Plain.Of(await Open().StateAsync(first.Scan.TenantId, default)));
            Assert.Equal(2, (await store.ScansAsync(first.Scan.TenantId, 10, default)).Length);
            Assert.Equal(2, (await store.HistoryAsync(first.Scan.TenantId, second.Events[0].FindingId, default)).Length);
            Assert.Equal(Plain.Of(second.Inventory), Plain.Of(await store.InventoryAsync(first.Scan.TenantId, second.Scan.Id, default)));
        }

        Assert.True(failed > 5, $"only {failed} writes were broken");
    }

    [Fact]
    public async Task Of_many_committers_at_once_one_wins_each_generation_and_none_is_lost()
    {
        IScanStore[] stores = [Open(), Open(), Open(), Open(), Open()];
        var conflicts = 0;
        async Task CommitAsync(int committer)
        {
            var store = stores[committer % stores.Length];
            for (; ;)
            {
                var generation = (await store.StateAsync(Tenant, default))?.LastScan.Generation ?? 0;
                var first = SampleScans.First(Tenant, apps: 1);
                var commit = first with
                {
                    Scan = first.Scan with { Id = $"scan-{committer:00}", Generation = generation + 1 },
                    BasedOn = generation,
                    Events = [new FindingEvent(first.Findings[0].Id, generation + 1, SampleScans.Start, "evidenceChanged", "", $"scan-{committer:00}")],
                };
                try
                {
                    await store.CommitAsync(commit, default);
                    return;
                }
                catch (StaleScanException)
                {
                    Interlocked.Increment(ref conflicts);
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Committers).Select(committer => Task.Run(() => CommitAsync(committer))));

        var scans = await stores[0].ScansAsync(Tenant, 100, default);
        Assert.Equal(Enumerable.Range(1, Committers).Reverse(), scans.Select(scan => scan.Generation));
        Assert.Equal(Committers, scans.Select(scan => scan.Id).Distinct().Count());
        var history = await stores[0].HistoryAsync(Tenant, SampleScans.First(Tenant, apps: 1).Findings[0].Id, default);
        Assert.Equal(Enumerable.Range(1, Committers), history.Select(happened => happened.Sequence));
        Assert.True(conflicts > 0, "the committers never met");
    }

    [Fact]
    public async Task A_cancelled_commit_leaves_the_state_before_it()
    {
        var first = SampleScans.First(Tenant);
        var plain = Open();
        await plain.CommitAsync(first, default);
        using var cancel = new CancellationTokenSource();
        var store = Open(write =>
        {
            if (write == 4)
            {
                cancel.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CommitAsync(SampleScans.Changed(first), cancel.Token));

        Assert.Equal(Plain.Of(SampleScans.StateAfter(first)), Plain.Of(await plain.StateAsync(Tenant, default)));
    }

    private static SampleScan WithText(string text)
    {
        var first = SampleScans.First(Tenant);
        var id = first.Apps[0].Id;
        var principal = first.Apps[0].App.Principal with { DisplayName = text, Homepage = text, ReplyUrls = [text, text] };
        return first with
        {
            Scan = first.Scan with { TenantName = text },
            Inventory = first.Inventory with
            {
                ServicePrincipals = [.. first.Inventory.ServicePrincipals.Select(other => other.Id == id ? principal : other)],
            },
            Apps = first.Apps.SetItem(0, first.Apps[0] with { App = first.Apps[0].App with { Principal = principal } }),
            Findings = first.Findings.SetItem(0, first.Findings[0] with { SubjectName = text, Evidence = [new EvidenceItem(text, text)] }),
            Events = first.Events.SetItem(0, first.Events[0] with { Detail = text }),
            PolicyText = text,
        };
    }
}
