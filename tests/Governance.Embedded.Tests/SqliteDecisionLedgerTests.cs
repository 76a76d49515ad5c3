using Governance.Core.Policy.Ledger;
using Governance.Embedded.Sqlite;
using Governance.State.Contract;
using Microsoft.Data.Sqlite;

namespace Governance.Embedded.Tests;

public sealed class SqliteDecisionLedgerTests : DecisionLedgerContract, IAsyncLifetime
{
    private readonly TemporaryStore _store = new();
    private readonly Lock _opening = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    protected override IDecisionLedger Open() => OpenWith(null);

    protected override IDecisionLedger Open(Action betweenReads) => OpenWith(betweenReads);

    private SqliteDecisionLedger OpenWith(Action? betweenReads)
    {
        lock (_opening)
        {
            var (database, options) = _store.OpenDatabase(options =>
            {
                options.LockTimeout = TimeSpan.FromSeconds(60);
                options.BetweenReads = betweenReads;
            });
            return new SqliteDecisionLedger(database, options);
        }
    }

    private string Anchor => Path.Combine(_store.Folder, "ledger-heads", Tenant.ToString());

    [Fact]
    public async Task AP_1_every_flipped_byte_of_the_rows_of_a_stored_ledger_is_noticed()
    {
        await FillAsync();
        var flips = 0;
        foreach (var (table, column, text) in new[]
        {
            ("ledger_entries", "body", false), ("ledger_entries", "hash", true), ("ledger_parts", "salt", false), ("ledger_parts", "body", true), ("ledger_heads", "hash", true),
        })
        {
            using var connection = Connect();
            var key = table == "ledger_heads" ? "count" : "sequence";
            foreach (var (row, bytes) in Cells(connection, table, column, key))
            {
                for (var at = 0; at < bytes.Length; at++, flips++)
                {
                    Put(connection, table, column, key, row, Flipped(bytes, at), text);
                    Assert.True(LedgerVerification.Of(await Open1.ReadAsync(Tenant, default)) is LedgerVerdict.Broken, $"{table}.{column} of row {row}, byte {at}");
                }

                Put(connection, table, column, key, row, bytes, text);
            }
        }

        Sound(await Open1.ReadAsync(Tenant, default));
        Assert.True(flips > 1000, $"{flips} bytes");
    }

    /// <summary>Numbers and keys of the rows, which are not bytes of a column: each change is noticed, and undone for the next.</summary>
    [Theory]
    [InlineData("UPDATE ledger_entries SET sequence = 9 WHERE sequence = 4", "UPDATE ledger_entries SET sequence = 4 WHERE sequence = 9")]
    [InlineData("UPDATE ledger_entries SET sequence = 9 WHERE sequence = 2", "UPDATE ledger_entries SET sequence = 2 WHERE sequence = 9")]
    [InlineData("UPDATE ledger_entries SET sequence = 8 WHERE sequence = 2; UPDATE ledger_entries SET sequence = 2 WHERE sequence = 3; UPDATE ledger_entries SET sequence = 3 WHERE sequence = 8", "UPDATE ledger_entries SET sequence = 8 WHERE sequence = 2; UPDATE ledger_entries SET sequence = 2 WHERE sequence = 3; UPDATE ledger_entries SET sequence = 3 WHERE sequence = 8")]
    [InlineData("INSERT INTO ledger_entries SELECT tenant_id, 5, body, hash FROM ledger_entries WHERE sequence = 4", "DELETE FROM ledger_entries WHERE sequence = 5")]
    [InlineData("INSERT INTO ledger_entries SELECT tenant_id, 5, body, hash FROM ledger_entries WHERE sequence = 2", "DELETE FROM ledger_entries WHERE sequence = 5")]
    [InlineData("UPDATE ledger_entries SET tenant_id = 'other' WHERE sequence = 2", "UPDATE ledger_entries SET tenant_id = $T WHERE sequence = 2")]
    [InlineData("UPDATE ledger_parts SET sequence = 2 WHERE sequence = 3", "UPDATE ledger_parts SET sequence = 3 WHERE sequence = 2")]
    [InlineData("UPDATE ledger_parts SET tenant_id = 'other' WHERE sequence = 3", "UPDATE ledger_parts SET tenant_id = $T WHERE sequence = 3")]
    [InlineData("UPDATE ledger_heads SET count = 3", "UPDATE ledger_heads SET count = 4")]
    [InlineData("UPDATE ledger_heads SET count = 5", "UPDATE ledger_heads SET count = 4")]
    [InlineData("UPDATE ledger_heads SET count = 0", "UPDATE ledger_heads SET count = 4")]
    [InlineData("UPDATE ledger_heads SET tenant_id = 'other'", "UPDATE ledger_heads SET tenant_id = $T")]
    public async Task AP_1_a_changed_place_tenant_or_count_and_rows_swapped_or_inserted_are_noticed(string change, string undo)
    {
        await FillAsync();
        using var connection = Connect();
        Run(connection, "PRAGMA foreign_keys = OFF; " + change);

        Assert.IsType<LedgerVerdict.Broken>(LedgerVerification.Of(await Open1.ReadAsync(Tenant, default)));

        Run(connection, undo.Replace("$T", $"'{Tenant}'", StringComparison.Ordinal));
        Sound(await Open1.ReadAsync(Tenant, default));
    }

    [Fact]
    public async Task AP_2_every_flipped_byte_of_the_head_kept_apart_is_noticed()
    {
        await FillAsync();
        var bytes = await File.ReadAllBytesAsync(Anchor);
        for (var at = 0; at < bytes.Length; at++)
        {
            await File.WriteAllBytesAsync(Anchor, Flipped(bytes, at));
            Assert.True(LedgerVerification.Of(await Open1.ReadAsync(Tenant, default)) is LedgerVerdict.Broken, $"byte {at}");
        }
    }

    [Fact]
    public async Task AP_2_a_tail_cut_with_its_head_is_found_by_the_head_kept_apart_and_nothing_is_added_to_it()
    {
        await FillAsync();
        using (var connection = Connect())
        {
            Run(connection, "PRAGMA foreign_keys = OFF; DELETE FROM ledger_entries WHERE sequence = 4; DELETE FROM ledger_parts WHERE sequence = 4");
            Run(connection, "UPDATE ledger_heads SET count = 3, hash = (SELECT hash FROM ledger_entries WHERE sequence = 3)");
        }

        var cut = await Open1.ReadAsync(Tenant, default);

        Assert.Equal(4, Assert.IsType<LedgerVerdict.Broken>(LedgerVerification.Of(cut)).Entry);
        await Assert.ThrowsAsync<LedgerBrokenException>(() => Open1.AppendAsync(Tenant, cut.Head!, [Draft(9)], default));
    }

    [Fact]
    public async Task Without_the_head_kept_apart_nothing_is_added()
    {
        await FillAsync();
        File.Delete(Anchor);

        await Assert.ThrowsAsync<LedgerBrokenException>(async () => await Open1.AppendAsync(Tenant, (await Open1.ReadAsync(Tenant, default)).Head!, [Draft(9)], default));
    }

    [Fact]
    public async Task The_head_kept_apart_is_for_the_user_alone()
    {
        await FillAsync();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Anchor));
        }
    }

    [Fact]
    public async Task A_write_cut_short_anywhere_leaves_the_ledger_before_or_after_it()
    {
        var head = await Open1.AppendAsync(Tenant, LedgerHead.Empty, [Draft(1)], default);
        for (var broken = 1; broken <= 4; broken++)
        {
            var (database, options) = _store.OpenDatabase(options => options.BeforeWrite = number =>
            {
                if (number == broken)
                {
                    throw new InjectedFaultException();
                }
            });

            await Assert.ThrowsAsync<InjectedFaultException>(() => new SqliteDecisionLedger(database, options).AppendAsync(Tenant, head, [Draft(2, "text")], default));

            Assert.Equal(1, Sound(await Open1.ReadAsync(Tenant, default)).Head.Count);
        }
    }

    private IDecisionLedger Open1 => _one ??= Open();

    private IDecisionLedger? _one;

    private Task<LedgerHead> FillAsync() => Open1.AppendAsync(Tenant, LedgerHead.Empty, [Draft(1, "first"), Draft(2), Draft(3, "third"), Draft(4, "last")], default);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_store.File};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF");
        return connection;
    }

    private static List<(long Row, byte[] Bytes)> Cells(SqliteConnection connection, string table, string column, string key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {key}, CAST({column} AS BLOB) FROM {table}";
        using var reader = command.ExecuteReader();
        var cells = new List<(long, byte[])>();
        while (reader.Read())
        {
            cells.Add((reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        }

        return cells;
    }

    private static void Put(SqliteConnection connection, string table, string column, string key, long row, byte[] bytes, bool text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE {table} SET {column} = {(text ? "CAST($1 AS TEXT)" : "$1")} WHERE {key} = $2";
        command.Parameters.AddWithValue("$1", bytes);
        command.Parameters.AddWithValue("$2", row);
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[at] ^= 1;
        return flipped;
    }
}
