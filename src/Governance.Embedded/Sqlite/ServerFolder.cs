using System.Security.Cryptography;
using Governance.Core.Scans;

namespace Governance.Embedded.Sqlite;

/// <summary>Holds a data folder for one server: a locked file that the system frees when the process dies, and a number that only grows.</summary>
/// <remarks>The number fences off an earlier server where the lock did not hold, as on some network file systems.</remarks>
public sealed class ServerFolder : IDisposable
{
    private const string Server = "serve";
    private readonly SqliteDatabase _database;
    private readonly FileStream _lock;

    private ServerFolder(SqliteDatabase database, FileStream held, long number)
    {
        _database = database;
        _lock = held;
        Number = number;
    }

    /// <summary>Grows with every start of a server of the folder.</summary>
    public long Number { get; }

    /// <exception cref="StoreUnavailableException">Another server has the folder.</exception>
    public static async Task<ServerFolder> TakeAsync(SqliteDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        // The first write makes the folder.
        await database.WriteAsync(_ => { }, cancellationToken).ConfigureAwait(false);
        var held = Lock(Path.Combine(Path.GetDirectoryName(database.Path)!, "serve.lock"));
        try
        {
            long number = 0;
            await database.WriteAsync(
                session =>
                {
                    session.Write(
                        "INSERT INTO servers (name, number, holder, since) VALUES ($1, 1, $2, $3) ON CONFLICT (name) DO UPDATE SET number = number + 1, holder = $2, since = $3",
                        Server, $"process {Environment.ProcessId}", time.GetUtcNow().ToUnixTimeMilliseconds());
                    number = session.Single<long>("SELECT number FROM servers WHERE name = $1", Server);
                },
                cancellationToken).ConfigureAwait(false);
            return new ServerFolder(database, held, number);
        }
        catch
        {
            await held.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>False when a later server has taken the folder: then this one must stop.</summary>
    public Task<bool> StillHeldAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync(session => session.Single<long>("SELECT number FROM servers WHERE name = $1", Server) == Number, cancellationToken);

    /// <summary>Random bytes of that name, made once for the folder.</summary>
    public async Task<byte[]> KeyAsync(string name, int length, CancellationToken cancellationToken)
    {
        byte[]? key = null;
        await _database.WriteAsync(
            session =>
            {
                session.Write("INSERT INTO server_keys (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", name, RandomNumberGenerator.GetBytes(length));
                key = session.Single<byte[]>("SELECT value FROM server_keys WHERE name = $1", name);
            },
            cancellationToken).ConfigureAwait(false);
        return key!;
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new StoreUnavailableException(StoreFault.Locked, $"another server has the data folder {Path.GetDirectoryName(path)}; stop it first or name another folder", taken);
        }
    }
}
