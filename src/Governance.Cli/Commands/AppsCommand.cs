using System.CommandLine;
using System.Globalization;
using Governance.Core.Catalogue;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary><c>governance apps</c>: the apps of the last scan with what they are, hold and reach.</summary>
internal static class AppsCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var format = Settings.Format("table", "json");
        var show = new Option<string>("--show") { Description = "ai (products and features), unapproved, lookalikes, first-party or all", HelpName = "WHICH", DefaultValueFactory = _ => "ai" };
        show.AcceptOnlyFromAmong("ai", "unapproved", "lookalikes", "first-party", "all");
        var command = new Command("apps", "Lists the apps of the last scan") { data, tenant, format, show };
        command.Add(ConfirmCommand.Create(terminal, time));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (kept, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var since = store.Since!;
            var shown = kept.Apps.Where(app => Shown(since.Now(app), parsed.GetValue(show)!))
                .OrderByDescending(app => app.Risk.Score).ThenBy(app => app.Id).ToArray();
            if (parsed.GetValue(format) == "json")
            {
                terminal.Document(stream => ScanDocument.WriteApps(stream, shown, since));
            }
            else
            {
                terminal.Console.Write(Table(shown.Select(since.Now)));
                var moved = kept.Apps.Count(app => since.AtScan(app) is not null);
                terminal.Note($"{shown.Length} of {kept.Apps.Length} apps" + (moved == 0 ? string.Empty : $"; {moved} stand elsewhere than at the last scan, by decisions or days since; findings and figures follow with the next scan"));
            }

            return ExitCode.Done;
        });
        return command;
    }

    public static Table Table(IEnumerable<AssessedApp> apps)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Risk", "App", "What it is", "Approval", "People", "Publisher");
        table.Columns[4].RightAligned();
        foreach (var app in apps)
        {
            var reach = app.App.Reach;
            table.AddRow(
                string.Create(CultureInfo.InvariantCulture, $"{app.Risk.Score,3} ") + Levels.Markup(app.Risk.Level),
                Terminal.Safe(app.App.Principal.Name, 40),
                Kind(app),
                State(app.Standing.State) + (app.Standing.Unconfirmed ? " (unconfirmed)" : string.Empty),
                string.Create(CultureInfo.InvariantCulture, $"{reach.Users:#,##0}") + (reach.TenantWide ? " (everyone)" : string.Empty),
                app.App.Principal.VerifiedPublisher is { } publisher ? Terminal.Safe(publisher.Name, 30) : "[grey]not verified[/]");
        }

        return table;
    }

    private static string Kind(AssessedApp app) => (app.Classification.Lookalike, app.Classification.Ai.Verdict) switch
    {
        ({ } lookalike, _) => $"[red]looks like {Terminal.Safe(lookalike.Imitates, 30)}[/]",
        (_, AiVerdict.Ai) => "AI product",
        (_, AiVerdict.AiFeature) => "AI features",
        (_, AiVerdict.NotAi) => "not AI",
        _ => "unknown",
    };

    private static string State(GovernanceState state) => state switch
    {
        GovernanceState.Approved => "[green]approved[/]",
        GovernanceState.NotApplicable => "[grey]not governed[/]",
        GovernanceState.UnderReview => "[yellow]under review[/]",
        GovernanceState.Drifted => "[yellow]beyond approval[/]",
        GovernanceState.Expired => "[yellow]expired[/]",
        _ => $"[red]{state.ToString().ToLowerInvariant()}[/]",
    };

    private static bool Shown(AssessedApp app, string which) => which switch
    {
        "ai" => app.Classification.Ai.Verdict is AiVerdict.Ai or AiVerdict.AiFeature || app.Classification.Lookalike is not null,
        "unapproved" => app.Unapproved,
        "lookalikes" => app.Classification.Lookalike is not null,
        "first-party" => app.Classification.FirstParty,
        _ => true,
    };
}
