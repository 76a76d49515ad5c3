using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Xunit;

namespace Governance.State.Contract;

/// <summary>What every store of requested scans must do: one live run a tenant, no lost change, tenants apart.</summary>
public abstract class ScanRunsContract
{
    private static readonly Guid Tenant = SampleScans.Tenant;
    private static readonly Guid Other = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444");
    private static readonly DateTimeOffset At = SampleScans.Start;

    /// <summary>Each call gives another opened store of the same runs.</summary>
    protected abstract (IScanRuns Runs, IScanStore Scans) Open();

    /// <summary>Damages the record of a run behind the store's back.</summary>
    protected abstract Task DamageAsync(Guid tenant, string runId);

    [Fact]
    public async Task A_run_comes_back_as_it_was_stored()
    {
        var runs = Open().Runs;
        var run = Run("r1") with { Parts = [new PartProgress(InventoryPart.Users, 7, null, true)], Problem = "проблема", StartedAt = At.AddSeconds(1), Fence = 4 };

        var stored = await runs.StartOrJoinAsync(run, default);
        var found = await Open().Runs.FindAsync(Tenant, "r1", default);

        Assert.Equal(stored with { Parts = [] }, found! with { Parts = [] });
        Assert.Equal(run.Parts.ToArray(), found.Parts.ToArray());
        Assert.Null(await runs.FindAsync(Other, "r1", default));
        Assert.Null(await runs.FindAsync(Tenant, "r2", default));
    }

    [Fact]
    public async Task CC_1_however_many_ask_at_once_there_is_one_live_run()
    {
        var joined = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => Open().Runs.StartOrJoinAsync(Run($"r{n}"), default))));

        var one = Assert.Single(joined.Select(run => run.Id).Distinct());
        Assert.Equal(one, Assert.Single((await Open().Runs.LiveAsync(default)).Runs).Id);
        Assert.Equal("s1", (await Open().Runs.StartOrJoinAsync(Run("s1", Other), default)).Id);
    }

    [Fact]
    public async Task MT_3_a_damaged_run_hides_no_run_of_another_tenant_and_its_own_tenant_is_named()
    {
        var runs = Open().Runs;
        await runs.StartOrJoinAsync(Run("r1"), default);
        await runs.StartOrJoinAsync(Run("s1", Other), default);
        await DamageAsync(Tenant, "r1");

        var live = await Open().Runs.LiveAsync(default);

        Assert.Equal("s1", Assert.Single(live.Runs).Id);
        Assert.Equal(Tenant, Assert.Single(live.Unreadable).TenantId);
    }

    [Fact]
    public async Task After_a_run_ended_the_next_one_starts_and_its_own_id_is_still_itself()
    {
        var runs = Open().Runs;
        await runs.StartOrJoinAsync(Run("r1"), default);
        await runs.ChangeAsync(Tenant, "r1", run => run.Cancelling(At), default);

        Assert.Equal(ScanRunState.Cancelled, (await runs.StartOrJoinAsync(Run("r1"), default)).State);
        Assert.Equal("r2", (await runs.StartOrJoinAsync(Run("r2"), default)).Id);
        Assert.Equal(["r2", "r1"], (await runs.RecentAsync(Tenant, 10, default)).Select(run => run.Id).Order().Reverse());
    }

    [Fact]
    public async Task A_second_run_cannot_be_made_live_again()
    {
        var runs = Open().Runs;
        await runs.StartOrJoinAsync(Run("r1"), default);
        await runs.ChangeAsync(Tenant, "r1", run => run.GivenUp("why", At), default);
        await runs.StartOrJoinAsync(Run("r2"), default);

        await Assert.ThrowsAsync<AnotherRunLiveException>(() => runs.ChangeAsync(Tenant, "r1", run => run.TakenUp(9, At), default));

        Assert.Equal(ScanRunState.Failed, (await runs.FindAsync(Tenant, "r1", default))!.State);
    }

    [Fact]
    public async Task No_change_made_at_the_same_time_is_lost()
    {
        await Open().Runs.StartOrJoinAsync(Run("r1"), default);

        await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => Task.Run(() => Open().Runs.ChangeAsync(Tenant, "r1", run => run with { Fence = run.Fence + 1 }, default))));

        var run = await Open().Runs.FindAsync(Tenant, "r1", default);
        Assert.Equal(25, run!.Fence);
        Assert.Equal(26, run.Version);
    }

    [Fact]
    public async Task A_change_that_throws_or_changes_nothing_writes_nothing()
    {
        var runs = Open().Runs;
        var stored = await runs.StartOrJoinAsync(Run("r1"), default);

        await Assert.ThrowsAsync<FencedOffException>(() => runs.ChangeAsync(Tenant, "r1", run => run.Committing(5, "x"), default));
        var same = await runs.ChangeAsync(Tenant, "r1", run => run, default);

        Assert.Equal(stored.Version, same!.Version);
        Assert.Null(await runs.ChangeAsync(Other, "r1", run => run with { Fence = 1 }, default));
    }

    [Fact]
    public async Task CC_4_a_scan_is_kept_only_by_the_delivery_that_has_the_run()
    {
        var (runs, scans) = Open();
        var commit = SampleScans.First(Tenant);
        await runs.StartOrJoinAsync(Run("r1"), default);
        await runs.ChangeAsync(Tenant, "r1", run => run.TakenUp(1, At), default);
        await runs.ChangeAsync(Tenant, "r1", run => run.TakenUp(2, At), default);

        await Assert.ThrowsAsync<FencedOffException>(() => scans.CommitAsync(commit with { Fence = new ScanFence("r1", 1) }, default));
        await Assert.ThrowsAsync<FencedOffException>(() => scans.CommitAsync(commit with { Fence = new ScanFence("unknown", 2) }, default));
        Assert.Null(await scans.StateAsync(Tenant, default));

        await scans.CommitAsync(commit with { Fence = new ScanFence("r1", 2) }, default);
        Assert.Equal(commit.Scan.Id, (await runs.FindAsync(Tenant, "r1", default))!.ScanId);
        Assert.Equal(commit.Scan.Id, (await scans.StateAsync(Tenant, default))!.LastScan.Id);
    }

    [Fact]
    public async Task A_run_leaves_one_scan_and_a_cancelled_one_leaves_none()
    {
        var (runs, scans) = Open();
        var first = SampleScans.First(Tenant);
        await runs.StartOrJoinAsync(Run("r1"), default);
        await runs.ChangeAsync(Tenant, "r1", run => run.TakenUp(1, At), default);
        await scans.CommitAsync(first with { Fence = new ScanFence("r1", 1) }, default);

        await Assert.ThrowsAsync<FencedOffException>(() => scans.CommitAsync(SampleScans.Unchanged(first) with { Fence = new ScanFence("r1", 1) }, default));
        await runs.ChangeAsync(Tenant, "r1", run => run.Ended(1, ScanRunState.Completed, null, At), default);
        await runs.StartOrJoinAsync(Run("r2"), default);
        await runs.ChangeAsync(Tenant, "r2", run => run.TakenUp(1, At).Cancelling(At), default);
        await Assert.ThrowsAsync<RunCancelledException>(() => scans.CommitAsync(SampleScans.Unchanged(first) with { Fence = new ScanFence("r2", 1) }, default));

        Assert.Single(await scans.ScansAsync(Tenant, 10, default));
    }

    private static ScanRun Run(string id, Guid? tenant = null) => ScanRun.New(id, tenant ?? Tenant, ScanMode.Full, "local:test", At);
}
