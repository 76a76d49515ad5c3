using System.CommandLine;
using Governance.Core;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Risk;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;

namespace Governance.Cli;

/// <summary>Options of commands by which people act, and what such a command works with.</summary>
internal sealed class DeskOptions
{
    private readonly Option<DirectoryInfo> _data = Settings.Data();
    private readonly Option<Guid?> _tenant = Settings.Tenant();
    private readonly Option<string?> _as = new("--as")
    {
        Description = "Who acts; taken as given, not proven. Without it the user of this machine",
        HelpName = "NAME",
    };

    public DeskOptions AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_tenant);
        command.Add(_as);
        return this;
    }

    public async Task<Desk> OpenAsync(ParseResult parsed, TimeProvider time, CancellationToken cancellationToken)
    {
        var (state, kept) = await Kept.OpenAsync(parsed.GetValue(_data)!, parsed.GetValue(_tenant), cancellationToken).ConfigureAwait(false);
        var tenant = state.LastScan.TenantId;
        var person = await kept.Persons.ActingAsync(tenant, parsed.GetValue(_as) ?? Environment.UserName, cancellationToken).ConfigureAwait(false);
        return new Desk(kept, state, person, Kept.PolicyOf(state), time);
    }
}

/// <summary>A tenant's records, opened for one person to act on.</summary>
/// <param name="Policy">The policy file of the last scan, without recorded decisions.</param>
internal sealed record Desk(Kept Kept, TenantState State, Person Person, GovernancePolicy Policy, TimeProvider Time) : IAsyncDisposable
{
    public Guid Tenant => State.LastScan.TenantId;

    public DateTimeOffset Now => Time.GetUtcNow();

    public Task<GovernanceRecord> ActAsync(Func<GovernanceRecord, LedgerDraft> act, CancellationToken cancellationToken) =>
        new RecordAct(Kept.Ledger).RunAsync(Tenant, act, cancellationToken);

    public async Task<GovernanceRecord> RecordAsync(CancellationToken cancellationToken) =>
        GovernanceRecord.Of(await Kept.Ledger.ReadAsync(Tenant, cancellationToken).ConfigureAwait(false));

    /// <returns>Null when the last scan did not show it.</returns>
    public AssessedApp? AppOrNull(string wanted)
    {
        var matches = Guid.TryParse(wanted, out var id)
            ? State.Apps.Where(app => app.Id == id || app.App.Principal.AppId == id).ToArray()
            : State.Apps.Where(app => string.Equals(app.App.Principal.Name.Trim(), wanted.Trim(), StringComparison.OrdinalIgnoreCase)).ToArray();
        return matches.Length > 1
            ? throw Several(matches)
            : matches.FirstOrDefault();
    }

    /// <summary>Where an app of the last scan stands by what is recorded now.</summary>
    public Standing StandingOf(AssessedApp app, GovernanceRecord record) =>
        PolicyStanding.Of(
            app.App, app.Classification, Policy.With(record), DateOnly.FromDateTime(Now.UtcDateTime), DataOpened.By,
            StandingEvidence.Of(State.LastScan.Parts) with { Earlier = app.Standing });

    /// <summary>Apps that one name means, told apart for whoever has to choose.</summary>
    public static CliException Several(IReadOnlyCollection<AssessedApp> apps) => CliException.Usage(
        $"{apps.Count} apps are called so; name one by its id: "
        + string.Join(", ", apps.Select(app => $"{app.Id} ({(app.App.Principal.VerifiedPublisher is { } publisher ? TenantText.Plain(publisher.Name, 40) : "publisher not verified")}, {app.App.Reach.Users} users)")));

    /// <exception cref="CliException">The last scan did not show it.</exception>
    public AssessedApp App(string wanted) =>
        AppOrNull(wanted) ?? throw CliException.Usage($"no app '{TenantText.Plain(wanted)}' in the last scan; 'governance apps --show all' lists them");

    /// <exception cref="CliException">There is none, or its first letters fit several.</exception>
    public Finding Finding(string wanted)
    {
        var matches = State.Findings.Where(finding => finding.Id.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)).ToArray();
        return matches.FirstOrDefault(finding => finding.Id == wanted) ?? matches.Length switch
        {
            1 => matches[0],
            0 => throw CliException.Usage($"no finding '{TenantText.Plain(wanted, 80)}'; 'governance findings' lists them"),
            _ => throw CliException.Usage($"{matches.Length} findings begin so; write more of the id"),
        };
    }

    public ValueTask DisposeAsync() => Kept.DisposeAsync();
}
