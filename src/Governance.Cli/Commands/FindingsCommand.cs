using System.CommandLine;
using System.Globalization;
using Governance.Core.Findings;
using Governance.Core.Risk;
using Governance.Core.Scans;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary><c>governance findings</c>: what needs attention, heaviest first.</summary>
internal static class FindingsCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var format = Settings.Format("table", "json");
        var rule = new Option<string?>("--rule") { Description = "Only findings of this rule", HelpName = "ID" };
        rule.AcceptOnlyFromAmong([.. FindingRules.All.Select(known => known.Id)]);
        var severity = Levels.Option("--severity", "Only findings of this severity or worse");
        var state = new Option<string>("--state") { Description = "live (open or acknowledged), resolved, muted or all", HelpName = "STATE", DefaultValueFactory = _ => "live" };
        state.AcceptOnlyFromAmong("live", "resolved", "muted", "all");
        var command = new Command("findings", "Lists findings") { data, tenant, format, rule, severity, state };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (kept, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var least = Levels.Of(parsed.GetValue(severity)) ?? Severity.None;
            var shown = kept.Findings
                .Where(finding => parsed.GetValue(rule) is not { } only || finding.Rule == only)
                .Where(finding => finding.Severity >= least && InState(finding, parsed.GetValue(state)!))
                .OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Rule, StringComparer.Ordinal)
                .ThenBy(finding => finding.SubjectName, StringComparer.Ordinal).ThenBy(finding => finding.Id, StringComparer.Ordinal)
                .ToArray();
            if (parsed.GetValue(format) == "json")
            {
                terminal.Document(stream => ScanDocument.WriteFindings(stream, shown));
            }
            else
            {
                terminal.Console.Write(Table(shown));
                terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{shown.Length} of {kept.Findings.Length} findings kept; last scan {kept.LastScan.StartedAt:yyyy-MM-dd HH:mm} UTC ({kept.LastScan.Status.ToString().ToLowerInvariant()})"));
            }

            return ExitCode.Done;
        });
        return command;
    }

    public static Table Table(IEnumerable<Finding> findings)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Severity", "Finding", "App", "State", "Since", "Id");
        table.Columns[5].NoWrap();
        foreach (var finding in findings)
        {
            var state = finding.State.ToString().ToLowerInvariant() + (finding.Unconfirmed ? " (unconfirmed)" : string.Empty);
            table.AddRow(
                Levels.Markup(finding.Severity),
                Markup.Escape(finding.Rule),
                Terminal.Safe(finding.SubjectName, 40),
                state,
                finding.OpenedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                finding.Id);
        }

        return table;
    }

    private static bool InState(Finding finding, string state) => state switch
    {
        "live" => finding.State is FindingState.Open or FindingState.Acknowledged,
        "resolved" => finding.State == FindingState.Resolved,
        "muted" => finding.State == FindingState.Muted,
        _ => true,
    };
}
