using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Embedded.Sqlite;
using Governance.PolicyFile;

namespace Governance.Cli;

/// <summary>Opens what a data folder keeps and picks the tenant.</summary>
internal static class Kept
{
    /// <summary>Opens the folder's store, making both where there is none.</summary>
    public static async Task<EmbeddedStore> CreateAsync(DirectoryInfo data, CancellationToken cancellationToken)
    {
        var options = new SqliteOptions { Folder = data.FullName };
        var database = new SqliteDatabase(options);
        return new EmbeddedStore(database, new SqliteScanStore(database, options));
    }

    /// <summary>The state that commands show.</summary>
    /// <exception cref="CliException">Nothing is kept, or several tenants are and none was named.</exception>
    public static async Task<(TenantState State, SqliteScanStore Store)> OpenAsync(DirectoryInfo data, Guid? tenant, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(data.FullName, SqliteScanStore.FileName)))
        {
            throw CliException.Usage($"{data.FullName} keeps no scan yet; run 'governance scan' or 'governance demo' first");
        }

        var store = await SqliteScanStore.OpenAsync(data.FullName, cancellationToken).ConfigureAwait(false);
        var tenants = await store.TenantsAsync(cancellationToken).ConfigureAwait(false);
        var chosen = (tenant, tenants.Length) switch
        {
            ({ } named, _) when tenants.Contains(named) => named,
            ({ } named, _) => throw CliException.Usage($"no scan of tenant {named} is kept here"),
            (null, 1) => tenants[0],
            (null, 0) => throw CliException.Usage($"{data.FullName} keeps no scan yet; run 'governance scan' first"),
            _ => throw CliException.Usage($"several tenants are kept here; name one with --tenant: {string.Join(", ", tenants)}"),
        };
        var state = await store.StateAsync(chosen, cancellationToken).ConfigureAwait(false)
            ?? throw CliException.Usage($"no scan of tenant {chosen} is kept here");
        return (state, store);
    }

    /// <summary>The policy that the last scan was judged by.</summary>
    public static GovernancePolicy PolicyOf(TenantState state) => state.PolicyText.Length == 0
        ? GovernancePolicy.BuiltIn
        : PolicyYaml.Read(state.PolicyText, _ => true) is Core.Parsed<GovernancePolicy>.Good good
            ? good.Value
            : throw new CliException(ExitCode.Failed, "the policy kept with the last scan cannot be read; scan again");
}
