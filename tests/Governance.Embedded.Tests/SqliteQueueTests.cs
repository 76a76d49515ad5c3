using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Runs;
using Governance.Embedded.Sqlite;
using Governance.State.Contract;

namespace Governance.Embedded.Tests;

public sealed class SqliteScanQueueTests : BookkeepingScanQueueContract, IAsyncLifetime
{
    private readonly TemporaryStore _store = new();
    private readonly HandSetClock _clock = new(SampleScans.Start);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    [Fact]
    public async Task What_a_server_held_when_it_died_is_due_again_when_the_next_one_starts()
    {
        await Open().SendAsync(new QueueMessage("a", null, default), default);
        var held = await Open().ReceiveAsync(TimeSpan.FromHours(1), default);

        Assert.Equal(1, await ((SqliteScanQueue)Open()).ReclaimAsync(default));

        var again = await Open().ReceiveAsync(TimeSpan.FromHours(1), default);
        Assert.True(again!.Number > held!.Number);
        Assert.Equal(2, again.Attempt);
    }

    [Fact]
    public async Task Handled_messages_are_forgotten_after_a_while_and_no_others()
    {
        var queue = (SqliteScanQueue)Open();
        await queue.SendAsync(new QueueMessage("done", null, default), default);
        await queue.CompleteAsync((await queue.ReceiveAsync(TimeSpan.FromMinutes(1), default))!, default);
        await queue.SendAsync(new QueueMessage("waiting", null, default), default);
        _clock.Move(TimeSpan.FromDays(8));

        Assert.Equal(1, await queue.ForgetDoneAsync(TimeSpan.FromDays(7), default));

        Assert.Equal((1, 0), ((await queue.CountAsync(default)).Pending, (await queue.CountAsync(default)).Done));
    }

    protected override IScanQueue Open() => new SqliteScanQueue(_store.OpenDatabase(options => options.LockTimeout = TimeSpan.FromSeconds(60)).Database, _clock, Attempts);

    protected override Task PassAsync(TimeSpan time)
    {
        _clock.Move(time);
        return Task.CompletedTask;
    }
}

public sealed class SqliteScanRunsTests : ScanRunsContract, IAsyncLifetime
{
    private readonly TemporaryStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    protected override (IScanRuns Runs, IScanStore Scans) Open()
    {
        var (database, options) = _store.OpenDatabase(options => options.LockTimeout = TimeSpan.FromSeconds(60));
        return (new SqliteScanRuns(database), new SqliteScanStore(database, options));
    }

    protected override Task DamageAsync(Guid tenant, string runId) => _store.OpenDatabase().Database.WriteAsync(
        session => session.Write("UPDATE scan_runs SET body = $1 WHERE tenant_id = $2 AND run_id = $3", "{"u8.ToArray(), SqliteScanStore.Key(tenant), runId), default);
}

public sealed class SqliteIdempotencyKeysTests : IdempotencyKeysContract, IAsyncLifetime
{
    private readonly TemporaryStore _store = new();
    private readonly HandSetClock _clock = new(SampleScans.Start);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    protected override IIdempotencyKeys Open() => new SqliteIdempotencyKeys(_store.OpenDatabase(options => options.LockTimeout = TimeSpan.FromSeconds(60)).Database, _clock);

    protected override Task PassAsync(TimeSpan time)
    {
        _clock.Move(time);
        return Task.CompletedTask;
    }
}
