using Governance.Core.Catalogue;
using Governance.Embedded.Sqlite;
using Governance.State.Contract;

namespace Governance.Embedded.Tests;

public sealed class SqliteLearnedAppsTests : LearnedAppsContract, IAsyncLifetime
{
    private readonly TemporaryStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    protected override ILearnedApps Open() =>
        new SqliteLearnedApps(_store.OpenDatabase(options => options.LockTimeout = TimeSpan.FromSeconds(60)).Database);
}
