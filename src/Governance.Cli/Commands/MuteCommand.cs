using System.CommandLine;
using System.Globalization;
using Governance.Core.Findings;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Cli.Commands;

/// <summary><c>governance acknowledge|mute|unmute FINDING</c>.</summary>
internal static class MuteCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var reason = new Option<string>("--reason") { Description = "Why", HelpName = "TEXT", Required = true };
        var until = new Option<DateOnly>("--until") { Description = "Last day of the mute", HelpName = "DATE", Required = true };
        var command = new Command("mute", "Silences a finding until a day, or until the app holds more") { reason, until };
        return Complete(command, terminal, time, (parsed, open, finding) => FindingActs.Mute(
            finding, Held(open, finding), open.Person, parsed.GetRequiredValue(reason), parsed.GetRequiredValue(until), open.Now));
    }

    public static Command CreateUnmute(Terminal terminal, TimeProvider time)
    {
        var note = new Option<string?>("--reason") { Description = "Why", HelpName = "TEXT" };
        return Complete(
            new Command("unmute", "Ends a mute") { note }, terminal, time, (parsed, open, finding) => FindingActs.Unmute(finding, open.Person, parsed.GetValue(note), open.Now));
    }

    public static Command CreateAcknowledge(Terminal terminal, TimeProvider time)
    {
        var note = new Option<string?>("--note") { Description = "What is being done about it", HelpName = "TEXT" };
        return Complete(
            new Command("acknowledge", "Says that someone works on a finding") { note },
            terminal, time, (parsed, open, finding) => FindingActs.Acknowledge(finding, open.Person, parsed.GetValue(note), open.Now));
    }

    private static Command Complete(Command command, Terminal terminal, TimeProvider time, Func<ParseResult, Desk, Finding, LedgerDraft> act)
    {
        var id = new Argument<string>("finding") { Description = "Finding id, or its first letters", HelpName = "FINDING" };
        command.Add(id);
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var finding = open.Finding(parsed.GetRequiredValue(id));
            var record = await open.ActAsync(known => act(parsed, open, Now(finding, known)), cancellationToken).ConfigureAwait(false);
            var now = Now(finding, record);
            terminal.Result.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{now.Id}: {now.State.ToString().ToLowerInvariant()}{(now.Mute is { } mute ? $" until {mute.Until:yyyy-MM-dd}" : string.Empty)}"));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The act is judged by the finding as it stands at that moment, others' acts included.</summary>
    private static Finding Now(Finding finding, GovernanceRecord record) => MarkedFinding.Now([finding], record)[0];

    private static System.Collections.Immutable.ImmutableArray<string>? Held(Desk open, Finding finding) =>
        open.State.Apps.FirstOrDefault(app => app.Id.ToString() == finding.Subject) is { } app ? Markings.HeldNow(app.App) : null;
}
