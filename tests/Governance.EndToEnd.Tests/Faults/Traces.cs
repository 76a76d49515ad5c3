using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Governance.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>Where a data folder tells of a person, down to the last byte.</summary>
internal static class Traces
{
    private const string Lock = "serve.lock";

    /// <summary>Where an id can be found: in raw bytes of files, in cells of tables, in what the cells hold compressed, in inventories.</summary>
    /// <param name="served">True while a server has the folder, whose lock file cannot be read then.</param>
    /// <returns>Names of tables, <c>files</c>, <c>inventory</c>; empty when there is no trace.</returns>
    public static async Task<HashSet<string>> OfAsync(string folder, Guid tenant, Guid person, bool served = false)
    {
        var needles = Spellings(person);
        bool Tells(byte[] bytes) => needles.Any(needle => bytes.AsSpan().IndexOf(needle) >= 0);
        var places = new HashSet<string>();
        if (Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !served || Path.GetFileName(file) != Lock).Select(Bytes).Any(Tells))
        {
            places.Add("files");
        }

        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "governance.db")};Mode=ReadOnly;Pooling=False"))
        {
            await connection.OpenAsync();
            foreach (var table in Texts(connection, "SELECT name FROM sqlite_schema WHERE type = 'table'"))
            {
                foreach (var column in Texts(connection, $"SELECT name FROM pragma_table_info('{table}')"))
                {
                    if (Column(connection, $"SELECT CAST({column} AS BLOB) FROM {table}").SelectMany(cell => Unpacked(cell).Prepend(cell)).Any(Tells))
                    {
                        places.Add(table);
                    }
                }
            }
        }

        var options = new SqliteOptions { Folder = folder };
        await using var database = new SqliteDatabase(options);
        var store = new SqliteScanStore(database, options);
        foreach (var scan in await store.ScansAsync(tenant, 10_000, default))
        {
            var inventory = await store.InventoryAsync(tenant, scan.Id, default);
            if (inventory is not null && (inventory.Users.RowOf(person) >= 0 || inventory.Grants.All().Any(grant => grant.PrincipalId == person)))
            {
                places.Add("inventory");
            }
        }

        return places;
    }

    /// <summary>Whether any file holds a text.</summary>
    public static bool Holds(string folder, string text) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(Bytes)
            .Any(bytes => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0);

    private static byte[][] Spellings(Guid id)
    {
        string[] texts = [id.ToString("D"), id.ToString("D").ToUpperInvariant(), id.ToString("N"), id.ToString("N").ToUpperInvariant()];
        return
        [
            .. texts.Select(Encoding.UTF8.GetBytes), .. texts.Select(Encoding.Unicode.GetBytes), id.ToByteArray(), id.ToByteArray(bigEndian: true),
            Encoding.UTF8.GetBytes(Convert.ToBase64String(id.ToByteArray())), Encoding.UTF8.GetBytes(Convert.ToBase64String(id.ToByteArray(bigEndian: true))),
        ];
    }

    /// <summary>What the chunks of a cell hold behind their heads; a cell may hold several, and other things beside them.</summary>
    private static IEnumerable<byte[]> Unpacked(byte[] cell)
    {
        const int Head = 16;
        for (var at = Next(cell, 0); at >= 0;)
        {
            var content = new byte[BinaryPrimitives.ReadInt32LittleEndian(cell.AsSpan(at + 4))];
            using var decoder = new BrotliDecoder();
            yield return decoder.Decompress(cell.AsSpan(at + Head), content, out var read, out var written) == OperationStatus.Done
                ? content[..written]
                : throw new InvalidDataException("a chunk cannot be read");
            at = Next(cell, at + Head + read);
        }

        static int Next(byte[] cell, int from) => cell.AsSpan(from).IndexOf("GVC1"u8) is >= 0 and var found ? from + found : -1;
    }

    private static IEnumerable<string> Texts(SqliteConnection connection, string sql) => Column(connection, sql).Select(Encoding.UTF8.GetString);

    private static List<byte[]> Column(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var cells = new List<byte[]>();
        while (reader.Read())
        {
            cells.Add(reader.IsDBNull(0) ? [] : reader.GetFieldValue<byte[]>(0));
        }

        return cells;
    }

    private static byte[] Bytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
