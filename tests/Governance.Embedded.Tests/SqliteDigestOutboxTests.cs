using Governance.Core.Digest;
using Governance.Embedded.Sqlite;
using Governance.State.Contract;

namespace Governance.Embedded.Tests;

public sealed class SqliteDigestOutboxTests : DigestOutboxContract, IAsyncLifetime
{
    private readonly TemporaryStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    protected override IDigestOutbox Open() => new SqliteDigestOutbox(_store.OpenDatabase(options => options.LockTimeout = TimeSpan.FromSeconds(60)).Database);
}
