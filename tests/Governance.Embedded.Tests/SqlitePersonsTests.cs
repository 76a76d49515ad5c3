using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Embedded.Sqlite;
using Governance.State.Contract;

namespace Governance.Embedded.Tests;

public sealed class SqlitePersonsTests : PersonsContract, IAsyncLifetime
{
    private readonly TemporaryStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    protected override IPersons Open()
    {
        var (database, options) = _store.OpenDatabase();
        return new SqlitePersons(database, options);
    }

    [Fact]
    public async Task Keys_are_for_the_user_alone_and_a_damaged_file_is_named()
    {
        await Open().OfAsync(Tenant, "Ana", default);
        var path = Path.Combine(_store.Folder, "pseudonym-keys", Tenant.ToString());

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        await File.WriteAllTextAsync(path, "abc\n");
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open().OfAsync(Tenant, "Ana", default));
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
    }
}
