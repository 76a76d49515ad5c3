using Governance.Core;
using Governance.Core.Catalogue;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Embedded.Sqlite;
using Governance.PolicyFile;

namespace Governance.Cli;

/// <summary>An opened data folder.</summary>
internal sealed record Kept(SqliteDatabase Database, IScanStore Scans, ILearnedApps Learned, IScanCheckpoints Checkpoints) : IAsyncDisposable
{
    /// <summary>Opens a folder's store; the first write makes both where there is none.</summary>
    public static Kept Open(DirectoryInfo data)
    {
        var options = new SqliteOptions { Folder = data.FullName };
        var database = new SqliteDatabase(options);
        return new Kept(database, new SqliteScanStore(database, options), new SqliteLearnedApps(database), new SqliteScanCheckpoints(database));
    }

    /// <summary>Opens a folder that must keep a scan already, and picks the tenant.</summary>
    /// <exception cref="CliException">Nothing is kept, or several tenants are and none was named.</exception>
    public static async Task<(TenantState State, Kept Kept)> OpenAsync(DirectoryInfo data, Guid? tenant, CancellationToken cancellationToken)
    {
        var kept = Open(data);
        if (!File.Exists(kept.Database.Path))
        {
            throw CliException.Usage($"{data.FullName} keeps no scan yet; run 'governance scan' or 'governance demo' first");
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
        return (state, kept);
    }

    /// <summary>The policy that the last scan was judged by.</summary>
    public static GovernancePolicy PolicyOf(TenantState state) => state.PolicyText.Length == 0
        ? GovernancePolicy.BuiltIn
        : PolicyYaml.Read(state.PolicyText, _ => true) is Parsed<GovernancePolicy>.Good good
            ? good.Value
            : throw new CliException(ExitCode.Failed, "the policy kept with the last scan cannot be read; scan again");

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
