using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Microsoft.Extensions.Logging;

namespace Governance.Cli.Serving;

/// <summary>The tenant a server scans: opened anew for every scan, with policy and catalogue as their files are then.</summary>
/// <param name="open">Opens the source in a mode.</param>
/// <param name="settings">Reads policy and catalogue; throws <see cref="CliException"/> with the places when a file is broken.</param>
/// <param name="learned">What people confirmed apps to be.</param>
internal sealed partial class ServedTenant(Guid tenantId, Func<ScanMode, OpenSource> open, Func<Judging> settings, ILearnedApps learned, ILogger<ServedTenant> logger) : ITenantSources
{
    /// <summary>What was read when the server started: the start stops when it cannot be.</summary>
    private Judging _last = settings();

    public ImmutableArray<Guid> Tenants { get; } = [tenantId];

    public async Task<OpenedTenant> OpenAsync(Guid tenantId, ScanMode mode, CancellationToken cancellationToken)
    {
        if (!Tenants.Contains(tenantId))
        {
            throw new KeyNotFoundException($"tenant {tenantId} is not set up");
        }

        try
        {
            _last = settings();
        }
        catch (CliException problem)
        {
            // A file broken by an edit must not stop the nightly scan, let alone make it judge by nothing.
            SettingsBroken(logger, problem.Message.ReplaceLineEndings(" "));
        }

        try
        {
            var source = open(mode);
            var catalogue = await LearnedCatalogue.ReadAsync(_last.Products, learned, tenantId, cancellationToken).ConfigureAwait(false);
            return new OpenedTenant(source.Source, Commands.ScanCommand.Request(catalogue, _last.Policy, _last.PolicyText, tenantId), source);
        }
        catch (CliException problem)
        {
            throw new SettingsException(problem.Message, problem);
        }
    }

    [LoggerMessage(401, LogLevel.Error, "Policy or catalogue cannot be read; the last good ones stay in force: {Problem}")]
    private static partial void SettingsBroken(ILogger logger, string problem);
}

/// <summary>What scans judge by.</summary>
internal sealed record Judging(ProductCatalogue Products, GovernancePolicy Policy, string PolicyText);
