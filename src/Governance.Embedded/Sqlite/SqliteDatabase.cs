using System.Collections.Concurrent;
using System.Collections.Immutable;
using Governance.Core.Scans;
using Microsoft.Data.Sqlite;

namespace Governance.Embedded.Sqlite;

/// <summary>The one database file of a data folder: many readers, each of one moment, and one writer at a time.</summary>
/// <remarks>
/// SQLite blocks, so its work runs on the thread pool. Every method throws <see cref="StoreUnavailableException"/> when the file
/// cannot be used. A write that was answered survives a power cut (write-ahead log, synchronous FULL), and a look by a connection of its own has
/// shown it at the path: an open file that was removed takes writes as if nothing had happened.
/// </remarks>
public sealed class SqliteDatabase : IAsyncDisposable
{
    /// <summary>SQLITE_ERROR, as for a table that is not there; SQLITE_CANTOPEN; SQLITE_NOTADB; SQLITE_IOERR_SHORT_READ, as when a log was cut off
    /// whose index is still in memory. Source: sqlite.org/rescode.html.</summary>
    private const int Error = 1, CannotOpen = 14, NotADatabase = 26, ShortRead = 522;

    private readonly SqliteOptions _options;
    private readonly string _connectionString;
    private readonly string _lookString;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private SqliteSession? _writer;
    private volatile bool _ready;

    /// <summary>Tells the file from any other at its path; known once it is ready.</summary>
    private string _identity = string.Empty;

    /// <summary>Transactions that the file has shown: an older copy of it has fewer.</summary>
    private long _least;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    public SqliteDatabase(SqliteOptions options)
    {
        _options = options;
        Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(options.Folder), "governance.db");
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            ForeignKeys = true,

            // In whole seconds. SQLite waits by its own pragma first; the driver tries again only within the same time.
            DefaultTimeout = (int)Math.Ceiling(options.LockTimeout.TotalSeconds),
        }.ToString();
        _lookString = new SqliteConnectionStringBuilder(_connectionString) { Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Rows that the last write of this object changed.</summary>
    internal long LastChanges { get; private set; }

    /// <summary>Reads at one moment: a commit made meanwhile does not show.</summary>
    internal async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await MakeReadyAsync(cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Guard(() => Read(read)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does all that <paramref name="write"/> does, or none of it.</summary>
    internal Task WriteAsync(Action<SqliteSession> write, CancellationToken cancellationToken) =>
        AsWriterAsync(() => Write(write), cancellationToken);

    /// <summary>Moves the write-ahead log into the file and cuts it, so that what was deleted is not left in it.</summary>
    internal Task EmptyLogAsync(CancellationToken cancellationToken) =>
        AsWriterAsync(() => (_writer ??= OpenWriter()).Script("PRAGMA wal_checkpoint(TRUNCATE)"), cancellationToken);

    /// <summary>Looks whether the file in use is still the one at the path.</summary>
    /// <exception cref="StoreUnavailableException">It is <see cref="StoreFault.Gone"/>, or cannot be read.</exception>
    public async Task RequireThereAsync(CancellationToken cancellationToken)
    {
        var least = await ReadAsync(session => session.Single<long>("SELECT writes FROM store_identity"), cancellationToken).ConfigureAwait(false);
        await Task.Run(() => Guard(() => RequireAtPath(least)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks through the whole file for damage.</summary>
    /// <returns>What is wrong, one line each; empty when the file is sound.</returns>
    public async Task<ImmutableArray<string>> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync<ImmutableArray<string>>(
                session =>
                [
                    .. session.Rows("PRAGMA quick_check", row => row.GetString(0)).Where(line => line != "ok"),
                    .. session.Rows("PRAGMA foreign_key_check", row => $"a row of {row.GetString(0)} refers to a missing row of {row.GetString(2)}"),
                ],
                cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException fault) when (fault.Fault == StoreFault.Damaged)
        {
            return [fault.Message];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _writer?.Dispose();
        _writer = null;
        _writing.Dispose();
    }

    /// <remarks>Takes no lock of the file unless it has to be migrated, so that reading goes on beside another writer.</remarks>
    private async Task MakeReadyAsync(CancellationToken cancellationToken)
    {
        if (!_ready)
        {
            await AsWriterAsync(() => _writer ??= OpenWriter(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AsWriterAsync(Action work, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.Run(() => Guard(work), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private T Read<T>(Func<SqliteSession, T> read)
    {
        if (!_readers.TryTake(out var session))
        {
            session = Open();
            session.Script("PRAGMA query_only = ON");
        }

        try
        {
            session.Script("BEGIN");
            var result = read(session);
            session.Script("ROLLBACK");
            _readers.Add(session);
            return result;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void Write(Action<SqliteSession> write)
    {
        var session = _writer ??= OpenWriter();
        try
        {
            session.BeginCounting();
            session.Script("BEGIN IMMEDIATE");
            var before = session.Single<long>("SELECT total_changes()");
            write(session);
            LastChanges = session.Single<long>("SELECT total_changes()") - before;
            session.Script("UPDATE store_identity SET writes = writes + 1");
            var writes = session.Single<long>("SELECT writes FROM store_identity");
            session.Write("COMMIT");
            session.AboutToWrite();
            RequireAtPath(writes);
            Interlocked.Exchange(ref _least, writes);
        }
        catch
        {
            // Closing rolls back, whatever state the connection is in.
            _writer = null;
            session.Dispose();
            throw;
        }
    }

    /// <summary>Looks at the path with a connection of its own. The log beside the file counts too: without it the last writes do not show.</summary>
    /// <param name="least">Transactions that the file must show; more is the work of others.</param>
    private void RequireAtPath(long least)
    {
        if (!File.Exists(Path) || !File.Exists(Path + "-wal"))
        {
            throw Gone();
        }

        using var connection = new SqliteConnection(_lookString);
        try
        {
            connection.Open();
            using var session = new SqliteSession(connection, null);
            RequireSame(session, least);
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is Error or CannotOpen or NotADatabase)
        {
            throw Gone();
        }
    }

    private StoreUnavailableException Gone() => new(
        StoreFault.Gone, $"the store {Path} was removed or replaced while it was in use; put the file back, or start again to begin a new one");

    private SqliteSession OpenWriter()
    {
        if (!_ready)
        {
            MakeFile();
        }

        var session = Open();
        try
        {
            if (!_ready)
            {
                // One transaction: another process may be making the file between two looks at it.
                session.Script("BEGIN");
                SqliteSchema.Check(session, Path);
                session.Script("COMMIT");
                if (session.Single<string>("PRAGMA journal_mode = WAL") != "wal")
                {
                    throw new StoreUnavailableException(StoreFault.NotWritable, $"the store {Path} lies where no write-ahead log can be kept; choose a local folder");
                }

                SqliteSchema.Migrate(session, Path);
                _identity = session.Single<string>("SELECT id FROM store_identity")!;
                _ready = true;
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private SqliteSession Open()
    {
        var connection = new SqliteConnection(_connectionString);
        var session = new SqliteSession(connection, _options.BeforeWrite);
        try
        {
            connection.Open();
            session.Script($"PRAGMA busy_timeout = {(int)_options.LockTimeout.TotalMilliseconds}");
            session.Script("PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864");
            if (_options.MaxPages is { } pages)
            {
                session.Script($"PRAGMA max_page_count = {pages}");
            }

            if (_ready)
            {
                RequireSame(session, Interlocked.Read(ref _least));
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void RequireSame(SqliteSession session, long least)
    {
        try
        {
            var found = session.Rows("SELECT id, writes FROM store_identity", row => (Id: row.GetString(0), Writes: row.GetInt64(1)));
            if (found is not [{ } only] || only.Id != _identity || only.Writes < least)
            {
                throw Gone();
            }
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is Error or NotADatabase)
        {
            throw Gone();
        }
    }

    /// <summary>Makes folder and file, readable by the user alone; SQLite gives its side files the mode of the file.</summary>
    private void MakeFile()
    {
        const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            using var made = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            return;
        }

        Directory.CreateDirectory(folder, OwnFile | UnixFileMode.UserExecute);
        if (!File.Exists(Path))
        {
            using var made = new FileStream(Path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, UnixCreateMode = OwnFile,
            });
        }
        else if (File.GetUnixFileMode(Path) != OwnFile)
        {
            File.SetUnixFileMode(Path, OwnFile);
        }
    }

    private void Guard(Action work) => Guard(() =>
    {
        work();
        return true;
    });

    private T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException fault)
        {
            throw _ready && (!File.Exists(Path) || fault.SqliteExtendedErrorCode == ShortRead) ? Gone() : SqliteFaults.Of(fault, Path, _options.LockTimeout);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw new StoreUnavailableException(StoreFault.NotWritable, $"the store {Path} cannot be made or opened: {fault.Message}", fault);
        }
    }
}
