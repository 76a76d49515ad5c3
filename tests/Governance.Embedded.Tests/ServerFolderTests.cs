using Governance.Core.Scans;
using Governance.Embedded.Sqlite;

namespace Governance.Embedded.Tests;

public sealed class ServerFolderTests : IAsyncLifetime
{
    private readonly TemporaryStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    [Fact]
    public async Task A_second_server_is_refused_until_the_first_lets_go()
    {
        var first = await TakeAsync();

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(TakeAsync);
        first.Dispose();
        using var next = await TakeAsync();

        Assert.Equal(StoreFault.Locked, refused.Fault);
        Assert.Contains("another server", refused.Message, StringComparison.Ordinal);
        Assert.True(next.Number > first.Number);
        Assert.False(await first.StillHeldAsync(default));
        Assert.True(await next.StillHeldAsync(default));
    }

    [Fact]
    public async Task A_key_is_made_once()
    {
        byte[] key;
        using (var first = await TakeAsync())
        {
            key = await first.KeyAsync("cursors", 32, default);
        }

        using var next = await TakeAsync();

        Assert.Equal(key, await next.KeyAsync("cursors", 32, default));
        Assert.NotEqual(key, await next.KeyAsync("others", 32, default));
    }

    [Fact]
    public async Task A_token_is_kept_as_its_hash_and_a_new_one_replaces_it()
    {
        var (database, _) = _store.OpenDatabase();
        var tokens = new SqliteApiTokens(database, TimeProvider.System);
        Assert.False(await tokens.HasAsync("admin", default));
        var first = await tokens.ReplaceAsync("admin", ["Governance.Read"], default);

        Assert.True(await tokens.HasAsync("admin", default));
        Assert.False(await tokens.HasAsync("other", default));
        Assert.Equal(("admin", "Governance.Read"), ((await tokens.FindAsync(first, default))!.Value.Name, (await tokens.FindAsync(first, default))!.Value.Roles.Single()));
        var second = await tokens.ReplaceAsync("admin", ["Governance.Read", "Governance.Scan"], default);
        Assert.Null(await tokens.FindAsync(first, default));
        Assert.Equal(2, (await tokens.FindAsync(second, default))!.Value.Roles.Length);
        await _store.CloseAsync();

        foreach (var file in Directory.GetFiles(_store.Folder))
        {
            var bytes = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain(second, bytes, StringComparison.Ordinal);
            Assert.DoesNotContain(first, bytes, StringComparison.Ordinal);
        }
    }

    private Task<ServerFolder> TakeAsync() => ServerFolder.TakeAsync(_store.OpenDatabase().Database, TimeProvider.System, default);
}
