using Governance.Core.Catalogue;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Runs;
using Governance.Embedded.Sqlite;
using Governance.State.Contract;

namespace Governance.Embedded.Tests;

public sealed class SqlitePersonalRecordsTests : PersonalRecordsContract, IAsyncLifetime
{
    private readonly TemporaryStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    protected override (IScanRuns Runs, IIdempotencyKeys Keys, ILearnedApps Learned) OpenWork()
    {
        var (database, _) = _store.OpenDatabase();
        return (new SqliteScanRuns(database), new SqliteIdempotencyKeys(database, TimeProvider.System), new SqliteLearnedApps(database));
    }

    protected override (IPersonalRecords Records, IScanStore Scans, IScanCheckpoints Checkpoints) Open(Action<int>? beforeWrite = null)
    {
        var (database, options) = _store.OpenDatabase(options => options.BeforeWrite = beforeWrite);
        return (new SqlitePersonalRecords(database), new SqliteScanStore(database, options), new SqliteScanCheckpoints(database));
    }
}
