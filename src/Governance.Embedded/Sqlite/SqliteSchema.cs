using System.Reflection;
using System.Text.RegularExpressions;
using Governance.Core.Scans;

namespace Governance.Embedded.Sqlite;

/// <summary>Brings a database file to the form this program knows: each numbered script once, each in one transaction.</summary>
/// <remarks>The file says how far it is (<c>user_version</c>) in the same transaction, so a run cut short is simply run again.</remarks>
internal static partial class SqliteSchema
{
    /// <summary>Marks a file as ours (<c>application_id</c>): "GOVF" in ASCII.</summary>
    public const int ApplicationId = 0x474F5646;

    private static readonly (int Version, string Sql)[] Scripts = ReadScripts();

    /// <summary>Version this program writes.</summary>
    public static int Current => Scripts[^1].Version;

    /// <summary>To be called before anything else touches the file.</summary>
    /// <exception cref="StoreUnavailableException">A later program wrote the file, or another kind of program.</exception>
    public static void Check(SqliteSession session, string path)
    {
        var version = session.Single<long>("PRAGMA user_version");
        var application = session.Single<long>("PRAGMA application_id");
        if (application != ApplicationId && (application != 0 || version != 0 || session.Single<long>("SELECT count(*) FROM sqlite_schema") != 0))
        {
            throw new StoreUnavailableException(StoreFault.Damaged, $"{path} is a database of another program; choose another data folder");
        }

        if (version > Current)
        {
            throw new StoreUnavailableException(
                StoreFault.NewerVersion, $"the store {path} was written by a newer program (version {version}; this one knows {Current}); nothing was touched, update this program");
        }
    }

    public static void Migrate(SqliteSession session, string path)
    {
        foreach (var (version, sql) in Scripts)
        {
            if (session.Single<long>("PRAGMA user_version") >= version)
            {
                continue;
            }

            // Another process may have been first while this one waited. After a fault the caller closes, which rolls back.
            session.Script("BEGIN IMMEDIATE");
            Check(session, path);
            if (session.Single<long>("PRAGMA user_version") < version)
            {
                session.AboutToWrite();
                session.Script(sql);
                session.AboutToWrite();
                session.Script($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version}");
                session.AboutToWrite();
            }

            session.Script("COMMIT");
        }
    }

    private static (int Version, string Sql)[] ReadScripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<(int Version, string Sql)>();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (ScriptName().Match(name) is not { Success: true } match)
            {
                continue;
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add((int.Parse(match.Groups[1].ValueSpan), reader.ReadToEnd()));
        }

        return [.. scripts.OrderBy(script => script.Version)];
    }

    [GeneratedRegex(@"\.Migrations\.(\d{4})_\w+\.sql$")]
    private static partial Regex ScriptName();
}
