using Governance.Embedded.Sqlite;

namespace Governance.Embedded.Tests;

/// <summary>A data folder of a test's own and the databases opened on it; all gone after <see cref="RemoveAsync"/>.</summary>
internal sealed class TemporaryStore
{
    private readonly List<SqliteDatabase> _databases = [];

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"governance-{Guid.NewGuid():N}");

    public string File => Path.Combine(Folder, "governance.db");

    public SqliteScanStore Open(Action<SqliteOptions>? configure = null)
    {
        var (database, options) = OpenDatabase(configure);
        return new SqliteScanStore(database, options);
    }

    public (SqliteDatabase Database, SqliteOptions Options) OpenDatabase(Action<SqliteOptions>? configure = null)
    {
        var options = new SqliteOptions { Folder = Folder };
        configure?.Invoke(options);
        var database = new SqliteDatabase(options);
        _databases.Add(database);
        return (database, options);
    }

    /// <summary>Closes what was opened; the files stay.</summary>
    public async Task CloseAsync()
    {
        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }

        _databases.Clear();
    }

    public async Task RemoveAsync()
    {
        await CloseAsync();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
