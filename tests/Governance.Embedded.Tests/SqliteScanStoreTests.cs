using Governance.Core.Scans;
using Governance.State.Contract;

namespace Governance.Embedded.Tests;

public sealed class SqliteScanStoreTests : ScanStoreContract, IAsyncLifetime
{
    private readonly TemporaryStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    protected override IScanStore Open(Action<int>? beforeWrite = null) => _store.Open(options =>
    {
        options.LockTimeout = TimeSpan.FromSeconds(60);
        options.BeforeWrite = beforeWrite;
    });
}
