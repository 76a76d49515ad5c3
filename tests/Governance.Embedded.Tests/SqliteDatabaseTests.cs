using Governance.Core.Scans;
using Governance.Core.Scans.Records;
using Governance.Embedded.Sqlite;
using Governance.State.Contract;
using Microsoft.Data.Sqlite;

namespace Governance.Embedded.Tests;

public sealed class SqliteDatabaseTests : IAsyncLifetime
{
    private static readonly Guid Tenant = SampleScans.Tenant;
    private static readonly SampleScan First = SampleScans.First(Tenant);
    private static readonly SampleScan Second = SampleScans.Changed(First);
    private readonly TemporaryStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    [Fact]
    public async Task An_unchanged_rerun_writes_the_mark_the_scan_its_kpis_and_its_manifest_and_nothing_else()
    {
        var (database, options) = _store.OpenDatabase();
        var store = new SqliteScanStore(database, options);
        await store.CommitAsync(First, default);
        var firstChanges = database.LastChanges;

        await store.CommitAsync(SampleScans.Unchanged(First), default);

        Assert.True(firstChanges > 20, $"only {firstChanges} rows were written at first");
        Assert.Equal(4, database.LastChanges);
    }

    [Fact]
    public async Task One_changed_app_costs_one_row_more()
    {
        var (database, options) = _store.OpenDatabase();
        var store = new SqliteScanStore(database, options);
        await store.CommitAsync(First, default);
        var next = SampleScans.Unchanged(First);

        await store.CommitAsync(next with { Apps = next.Apps.SetItem(2, next.Apps[2] with { Risk = next.Apps[2].Risk with { Score = 1 } }) }, default);

        Assert.Equal(5, database.LastChanges);
    }

    [Fact]
    public async Task Old_inventories_go_and_only_the_chunks_that_no_kept_one_needs()
    {
        var store = _store.Open(options => options.InventoriesKept = 3);
        var commits = new List<SampleScan> { First };
        while (commits.Count < 6)
        {
            var next = SampleScans.Unchanged(commits[^1]);
            var grants = SampleInventories.Rebuilt(next.Inventory.Grants, new Random(1), without: commits.Count);
            commits.Add(next with { Inventory = next.Inventory with { Grants = grants } });
        }

        foreach (var commit in commits)
        {
            await store.CommitAsync(commit, default);
        }

        for (var n = 0; n < commits.Count; n++)
        {
            var read = await store.InventoryAsync(Tenant, commits[n].Scan.Id, default);
            Assert.Equal(n < 3 ? Plain.Of((Core.Consents.Inventory?)null) : Plain.Of(commits[n].Inventory), Plain.Of(read));
        }

        var kinds = Enum.GetValues<ChunkKind>().Length;
        Assert.Equal(kinds - 1 + 3, Number("SELECT count(*) FROM chunks"));
        Assert.Equal(6, (await store.ScansAsync(Tenant, 100, default)).Length);
    }

    [Fact]
    public async Task Opening_again_runs_no_migration_twice()
    {
        await _store.Open().CommitAsync(First, default);
        await _store.CloseAsync();

        var state = await _store.Open().StateAsync(Tenant, default);

        Assert.Equal(Plain.Of(SampleScans.StateAfter(First)), Plain.Of(state));
        Assert.Equal(SqliteSchema.Current, Number("PRAGMA user_version"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_migration_cut_short_is_run_again(int brokenStep)
    {
        var fired = false;
        var broken = _store.Open(options => options.BeforeWrite = write =>
        {
            if (write == brokenStep && !fired)
            {
                fired = true;
                throw new InjectedFaultException();
            }
        });

        await Assert.ThrowsAsync<InjectedFaultException>(() => broken.StateAsync(Tenant, default));
        Assert.Equal(0, Number("SELECT count(*) FROM sqlite_schema"));
        Assert.Equal(0, Number("PRAGMA user_version"));
        await _store.Open().CommitAsync(First, default);

        Assert.Equal(Plain.Of(SampleScans.StateAfter(First)), Plain.Of(await broken.StateAsync(Tenant, default)));
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused_and_not_touched()
    {
        await _store.Open().CommitAsync(First, default);
        await _store.CloseAsync();
        Number("PRAGMA user_version = 99");
        var before = await File.ReadAllBytesAsync(_store.File);

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Open().CommitAsync(Second, default));

        await _store.CloseAsync();
        Assert.Equal(StoreFault.NewerVersion, fault.Fault);
        Assert.Contains("version 99", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_store.File));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_not_touched()
    {
        Directory.CreateDirectory(_store.Folder);
        Number("CREATE TABLE other (x)");
        var before = await File.ReadAllBytesAsync(_store.File);

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Open().StateAsync(Tenant, default));

        await _store.CloseAsync();
        Assert.Equal(StoreFault.Damaged, fault.Fault);
        Assert.Equal(before, await File.ReadAllBytesAsync(_store.File));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_not_touched()
    {
        Directory.CreateDirectory(_store.Folder);
        var before = Enumerable.Repeat((byte)'x', 10_000).ToArray();
        await File.WriteAllBytesAsync(_store.File, before);

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Open().StateAsync(Tenant, default));

        Assert.Equal(StoreFault.Damaged, fault.Fault);
        Assert.Contains(_store.File, fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_store.File));
    }

    [Fact]
    public async Task Damaged_pages_give_a_clear_error_and_show_in_the_check()
    {
        await _store.Open().CommitAsync(First, default);
        await _store.CloseAsync();
        await using (var file = File.OpenWrite(_store.File))
        {
            file.Position = 4096;
            await file.WriteAsync(new byte[file.Length - 4096]);
        }

        var (database, options) = _store.OpenDatabase();
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => new SqliteScanStore(database, options).StateAsync(Tenant, default));

        Assert.Equal(StoreFault.Damaged, fault.Fault);
        Assert.NotEmpty(await database.CheckAsync(default));
    }

    [Fact]
    public async Task A_damaged_chunk_is_named_and_everything_else_still_reads()
    {
        var store = _store.Open();
        await store.CommitAsync(First, default);
        Number("UPDATE chunks SET content = zeroblob(length(content)) WHERE rowid = 2");

        var fault = await Assert.ThrowsAsync<RecordDamagedException>(() => store.InventoryAsync(Tenant, First.Scan.Id, default));

        Assert.StartsWith("inventory chunk ", fault.Record, StringComparison.Ordinal);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(First)), Plain.Of(await store.StateAsync(Tenant, default)));
    }

    [Fact]
    public async Task A_sound_store_passes_the_check()
    {
        var (database, options) = _store.OpenDatabase();
        await new SqliteScanStore(database, options).CommitAsync(First, default);

        Assert.Empty(await database.CheckAsync(default));
    }

    [Fact]
    public async Task A_store_locked_by_another_process_is_waited_for_and_then_reported_while_reading_goes_on()
    {
        await _store.Open().CommitAsync(First, default);
        var child = await ChildProcess.StoppedBeforeAsync(_store.Folder, 5);
        try
        {
            var store = _store.Open(options => options.LockTimeout = TimeSpan.FromMilliseconds(200));

            var read = await Record.ExceptionAsync(() => store.StateAsync(Tenant, default));
            var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(Second, default));

            Assert.Null(read);
            Assert.Equal(StoreFault.Locked, fault.Fault);
            Assert.Contains($"the store {_store.File} is locked by another process", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            await ChildProcess.KillAsync(child);
        }

        await _store.Open().CommitAsync(Second, default);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(First, Second)), Plain.Of(await _store.Open().StateAsync(Tenant, default)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task A_process_killed_in_the_middle_of_a_commit_leaves_the_state_before_or_after_it(int fromLast)
    {
        var writes = 0;
        await _store.Open().CommitAsync(First, default);
        var probe = new TemporaryStore();
        await probe.Open().CommitAsync(First, default);
        await probe.Open(options => options.BeforeWrite = write => writes = write).CommitAsync(Second, default);
        await probe.RemoveAsync();

        // The last number comes after COMMIT, the one before it stands before COMMIT.
        var stop = fromLast > 0 ? fromLast : writes + fromLast;
        await ChildProcess.KillAsync(await ChildProcess.StoppedBeforeAsync(_store.Folder, stop));

        var (database, options) = _store.OpenDatabase();
        var store = new SqliteScanStore(database, options);
        var expected = fromLast == 0 ? SampleScans.StateAfter(First, Second) : SampleScans.StateAfter(First);
        Assert.Equal(Plain.Of(expected), Plain.Of(await store.StateAsync(Tenant, default)));
        Assert.Empty(await database.CheckAsync(default));
        await store.CommitAsync(Second, default);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(First, Second)), Plain.Of(await store.StateAsync(Tenant, default)));
    }

    [Fact]
    public async Task A_full_disk_is_reported_and_the_old_state_stays()
    {
        await _store.Open().CommitAsync(First, default);
        var pages = (int)Number("PRAGMA page_count");
        var store = _store.Open(options => options.MaxPages = pages + 2);
        var large = Second with { PolicyText = new string('p', 1_000_000) };

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(large, default));

        Assert.Equal(StoreFault.Full, fault.Fault);
        var (database, options) = _store.OpenDatabase();
        Assert.Equal(Plain.Of(SampleScans.StateAfter(First)), Plain.Of(await store.StateAsync(Tenant, default)));
        Assert.Empty(await database.CheckAsync(default));
        await new SqliteScanStore(database, options).CommitAsync(Second, default);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_reported()
    {
        Directory.CreateDirectory(_store.Folder);
        var file = Path.Combine(_store.Folder, "a-file");
        await File.WriteAllTextAsync(file, string.Empty);

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _store.Open(options => options.Folder = Path.Combine(file, "data")).StateAsync(Tenant, default));

        Assert.Equal(StoreFault.NotWritable, fault.Fault);
        Assert.Contains(file, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_file_is_reported_as_not_writable()
    {
        var fault = SqliteFaults.Of(new SqliteException("attempt to write a readonly database", 8), "/data/governance.db", TimeSpan.FromSeconds(5));

        Assert.Equal(StoreFault.NotWritable, fault.Fault);
        Assert.Contains("/data/governance.db cannot be written", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_and_files_are_for_the_user_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await _store.Open().CommitAsync(First, default);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_store.Folder));
        var files = Directory.GetFiles(_store.Folder);
        Assert.Equal(3, files.Length);
        foreach (var file in files)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Nothing_of_one_tenant_lies_under_another()
    {
        var other = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444");
        await _store.Open().CommitAsync(First, default);
        await _store.Open().CommitAsync(SampleScans.First(other, apps: 3), default);

        foreach (var table in new[] { "tenants", "scans", "policy_texts", "apps", "findings", "finding_events", "kpis", "inventories", "chunks" })
        {
            Assert.True(Number($"SELECT count(*) FROM {table} WHERE tenant_id = '{other}'") > 0, table);
            Assert.Equal(0, Number($"SELECT count(*) FROM {table} WHERE tenant_id NOT IN ('{other}', '{Tenant}')"));
        }
    }

    private long Number(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_store.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests hand in constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() is long number ? number : 0;
    }
}
