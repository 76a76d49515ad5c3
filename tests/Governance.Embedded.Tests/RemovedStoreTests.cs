using Governance.Core.Scans;
using Governance.Embedded.Sqlite;
using Governance.State.Contract;

namespace Governance.Embedded.Tests;

/// <summary>What is written to a file that is no longer at its path is lost, and is not acknowledged.</summary>
/// <remarks>
/// POSIX unlink(2): a removed file lives on for whoever has it open. sqlite.org/howtocorrupt.html, sections 1.3, 1.4 and 4: a database that is
/// replaced, or loses its log, while it is in use.
/// </remarks>
public sealed class RemovedStoreTests : IAsyncLifetime
{
    private static readonly Guid Tenant = SampleScans.Tenant;
    private static readonly SampleScan First = SampleScans.First(Tenant);
    private readonly TemporaryStore _store = new();

    public static TheoryData<string> Losses => ["all files", "the database", "the log", "emptied", "an older copy", "another store", "the folder"];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _store.RemoveAsync();
        if (Directory.Exists(_store.Folder + "-moved"))
        {
            Directory.Delete(_store.Folder + "-moved", recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_write_after_the_loss_is_refused_every_time_and_a_look_tells_why(string loss)
    {
        var (database, options) = _store.OpenDatabase();
        var store = new SqliteScanStore(database, options);
        await new SqliteScanRuns(database).StartOrJoinAsync(Core.Scans.Runs.ScanRun.New("run-1", Tenant, ScanMode.Full, "test", SampleScans.Start), default);
        await database.EmptyLogAsync(default);
        File.Copy(database.Path, database.Path + ".copy");
        await store.CommitAsync(First, default);
        await database.RequireThereAsync(default);

        await LoseAsync(loss, database.Path);

        Assert.Equal(StoreFault.Gone, (await Assert.ThrowsAsync<StoreUnavailableException>(() => database.RequireThereAsync(default))).Fault);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(SampleScans.Changed(First), default));
            Assert.True(fault.Fault == StoreFault.Gone, fault.ToString());
            Assert.Contains(database.Path, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Writes_of_another_process_are_no_loss()
    {
        var (database, options) = _store.OpenDatabase();
        var (other, _) = _store.OpenDatabase();
        await new SqliteScanStore(database, options).CommitAsync(First, default);
        await new SqliteScanStore(other, options).CommitAsync(SampleScans.Changed(First), default);
        await other.EmptyLogAsync(default);

        await database.RequireThereAsync(default);
        await database.WriteAsync(_ => { }, default);
    }

    private static async Task LoseAsync(string loss, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        void Remove(params string[] ends)
        {
            foreach (var end in ends)
            {
                File.Delete(path + end);
            }
        }

        switch (loss)
        {
            case "all files":
                Remove("", "-wal", "-shm");
                break;
            case "the database":
                Remove("");
                break;
            case "the log":
                Remove("-wal", "-shm");
                break;
            case "emptied":
                Remove("", "-wal", "-shm");
                await File.WriteAllBytesAsync(path, []);
                break;
            case "an older copy":
                Remove("", "-wal", "-shm");
                File.Move(path + ".copy", path);
                break;
            case "another store":
                Remove("", "-wal", "-shm");
                var options = new SqliteOptions { Folder = folder };
                await using (var another = new SqliteDatabase(options))
                {
                    await new SqliteScanStore(another, options).CommitAsync(First, default);
                    await new SqliteScanStore(another, options).CommitAsync(SampleScans.Changed(First), default);
                }

                break;
            case "the folder":
                Directory.Move(folder, folder + "-moved");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(loss), loss, null);
        }
    }
}
