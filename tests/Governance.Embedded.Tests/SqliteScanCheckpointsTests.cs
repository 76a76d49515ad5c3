using Governance.Core.Scans;
using Governance.Embedded.Sqlite;
using Governance.State.Contract;

namespace Governance.Embedded.Tests;

public sealed class SqliteScanCheckpointsTests : ScanCheckpointsContract, IAsyncLifetime
{
    private readonly TemporaryStore _store = new();
    private readonly Lock _opening = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    protected override (IScanCheckpoints Checkpoints, IScanStore Scans) Open()
    {
        lock (_opening)
        {
            var (database, options) = _store.OpenDatabase(options => options.LockTimeout = TimeSpan.FromSeconds(60));
            return (new SqliteScanCheckpoints(database), new SqliteScanStore(database, options));
        }
    }
}
