using Governance.Core;
using Governance.Core.Catalogue;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Text;
using Governance.Embedded.Sqlite;
using Governance.PolicyFile;

namespace Governance.Cli;

/// <summary>An opened data folder.</summary>
/// <param name="Ledger">What people decided.</param>
/// <param name="Persons">Who they are.</param>
/// <param name="Records">What may have to be erased of what scans left.</param>
internal sealed record Kept(
    SqliteDatabase Database, IScanStore Scans, SqliteDecisionLedger Ledger, IPersons Persons, IPersonalRecords Records, ILearnedApps Learned, IScanCheckpoints Checkpoints) : IAsyncDisposable
{
    /// <summary>What happened since the last scan of the tenant that was picked.</summary>
    public SinceScan? Since { get; private init; }

    /// <summary>Opens a folder's store; the first write makes both where there is none.</summary>
    /// <exception cref="NameFormBrokenException">Names cannot be compared on this machine.</exception>
    public static Kept Open(DirectoryInfo data)
    {
        NameFormCheck.Run();
        var options = new SqliteOptions { Folder = data.FullName };
        var database = new SqliteDatabase(options);
        return new Kept(
            database,
            new SqliteScanStore(database, options),
            new SqliteDecisionLedger(database, options),
            new SqlitePersons(database, options),
            new SqlitePersonalRecords(database),
            new SqliteLearnedApps(database),
            new SqliteScanCheckpoints(database));
    }

    /// <summary>Opens a folder that must keep a scan already, and picks the tenant.</summary>
    /// <exception cref="CliException">Nothing is kept, or several tenants are and none was named.</exception>
    public static async Task<(TenantState State, Kept Kept)> OpenAsync(DirectoryInfo data, Guid? tenant, CancellationToken cancellationToken)
    {
        var kept = Open(data);
        if (!File.Exists(kept.Database.Path))
        {
            throw Nothing(data, "keeps no scan yet; run 'governance scan' or 'governance demo' first");
        }

        var tenants = await kept.Scans.TenantsAsync(cancellationToken).ConfigureAwait(false);
        var chosen = (tenant, tenants.Length) switch
        {
            ({ } named, _) when tenants.Contains(named) => named,
            ({ } named, _) => throw CliException.Usage($"no scan of tenant {named} is kept here"),
            (null, 1) => tenants[0],
            (null, 0) => throw CliException.Usage($"{data.FullName} keeps no scan yet; run 'governance scan' first"),
            _ => throw CliException.Usage($"several tenants are kept here; name one with --tenant: {string.Join(", ", tenants)}"),
        };
        var state = await kept.Scans.StateAsync(chosen, cancellationToken).ConfigureAwait(false)
            ?? throw CliException.Usage($"no scan of tenant {chosen} is kept here");
        var since = await SinceScan.ReadAsync(state, kept.Ledger, PolicyOf(state), TimeProvider.System, cancellationToken).ConfigureAwait(false);
        return (state with { Findings = since.Findings }, kept with { Since = since });
    }

    /// <summary>Why a folder has no store: it is a file, it cannot be looked into, or nothing was kept in it yet.</summary>
    /// <param name="says">What is said of a folder without a store.</param>
    public static CliException Nothing(DirectoryInfo data, string says)
    {
        if (File.Exists(data.FullName))
        {
            return CliException.Usage($"--data names a folder; {data.FullName} is a file");
        }

        try
        {
            _ = data.Exists && data.EnumerateFileSystemInfos().Any();
            return CliException.Usage($"{data.FullName} {says}");
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return CliException.Usage($"cannot look into {data.FullName}: {refused.Message}");
        }
    }

    /// <summary>Tells before a long reading that its result could not be kept; makes nothing.</summary>
    /// <exception cref="CliException">A store can be made nowhere in the folder, or a folder can be made nowhere above it.</exception>
    public static void CheckRoom(DirectoryInfo data)
    {
        var there = data;
        while (!there.Exists && !File.Exists(there.FullName) && there.Parent is { } parent)
        {
            there = parent;
        }

        if (!there.Exists)
        {
            throw CliException.Usage($"--data names a folder; {there.FullName} is a file");
        }

        try
        {
            File.Open(Path.Combine(there.FullName, Path.GetRandomFileName()), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }).Dispose();
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new CliException(ExitCode.Failed, $"{data.FullName} cannot keep the scan: {there.FullName} cannot be written to");
        }
    }

    /// <summary>What digests and reports are made of, with what people decided up to now.</summary>
    /// <param name="period">Told over the period of the last scan; null for the last scan alone.</param>
    public async Task<StoredFacts> FactsAsync(TenantState state, ReportingPeriod? period, CancellationToken cancellationToken)
    {
        var facts = period is { } told
            ? await StoredFacts.ReadPeriodAsync(state, PolicyOf(state), Scans, told, cancellationToken).ConfigureAwait(false)
            : await StoredFacts.ReadAsync(state, PolicyOf(state), Scans, cancellationToken).ConfigureAwait(false);
        return await facts.WithDecisionsAsync(Ledger, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The policy that the last scan was judged by.</summary>
    public static GovernancePolicy PolicyOf(TenantState state) => state.PolicyText.Length == 0
        ? GovernancePolicy.BuiltIn
        : PolicyYaml.Read(state.PolicyText, _ => true) is Parsed<GovernancePolicy>.Good good
            ? good.Value
            : throw new CliException(ExitCode.Failed, "the policy kept with the last scan cannot be read; scan again");

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
