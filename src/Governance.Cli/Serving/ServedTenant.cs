using Governance.Core.Catalogue;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Microsoft.Extensions.Logging;

namespace Governance.Cli.Serving;

/// <summary>A tenant that a server scans: opened anew for every scan, with policy and catalogue as their files are then.</summary>
/// <param name="open">Opens the source in a mode, under the policy of the scan.</param>
/// <param name="settings">Reads policy and catalogue; throws <see cref="CliException"/> with the places when a file is broken.</param>
/// <param name="learned">What people confirmed apps to be.</param>
internal sealed partial class ServedTenant(Guid id, Func<ScanMode, GovernancePolicy, OpenSource> open, Func<Judging> settings, ILearnedApps learned, ILogger<ServedTenant> logger)
{
    /// <summary>Threads that judge: one, so that readers of the API have the other processors.</summary>
    private const int Judges = 1;

    /// <summary>What was read when the server started: the start stops when it cannot be.</summary>
    private Judging _last = settings();

    public Guid Id => id;

    /// <inheritdoc cref="ITenantSources.OpenAsync"/>
    public async Task<OpenedTenant> OpenAsync(ScanMode mode, CancellationToken cancellationToken)
    {
        try
        {
            _last = settings();
        }
        catch (CliException problem)
        {
            // A file broken by an edit must not stop the nightly scan, let alone make it judge by nothing.
            SettingsBroken(logger, id, problem.Message.ReplaceLineEndings(" "));
        }

        try
        {
            var judging = _last;
            var source = open(mode, judging.Policy);
            var catalogue = await LearnedCatalogue.ReadAsync(judging.Products, learned, id, cancellationToken).ConfigureAwait(false);
            return new OpenedTenant(source.Source, Commands.ScanCommand.Request(catalogue, judging.Policy, judging.PolicyText, id) with { Workers = Judges }, source);
        }
        catch (CliException problem)
        {
            throw new SettingsException(problem.Message, problem);
        }
    }

    [LoggerMessage(401, LogLevel.Error, "Policy or catalogue of tenant {Tenant} cannot be read; the last good ones stay in force: {Problem}")]
    private static partial void SettingsBroken(ILogger logger, Guid tenant, string problem);
}

/// <summary>What scans judge by.</summary>
internal sealed record Judging(ProductCatalogue Products, GovernancePolicy Policy, string PolicyText);
