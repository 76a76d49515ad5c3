using System.CommandLine;
using Governance.Core.Policy.Approvals;

namespace Governance.Cli.Commands;

/// <summary><c>governance deny REQUEST|APP --reason</c>.</summary>
internal static class DenyCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var id = new Argument<string>("request-or-app") { Description = "Request such as R12, or an app that nobody asked for", HelpName = "REQUEST|APP" };
        var reason = new Option<string>("--reason") { Description = "Why", HelpName = "TEXT", Required = true };
        var command = new Command("deny", "Denies a request, or an app; a denial beats every approval") { id, reason };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var wanted = parsed.GetRequiredValue(id);
            var why = parsed.GetRequiredValue(reason);
            if ((await open.RecordAsync(cancellationToken).ConfigureAwait(false)).Requests.ContainsKey(wanted))
            {
                await open.ActAsync(known => RequestActs.Deny(known, wanted, open.Person, why, open.Now), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                var appId = open.App(wanted).App.Principal.AppId ?? throw CliException.Usage("the app has no application id, so no decision can name it");
                await open.ActAsync(known => RequestActs.DenyApp(known, appId, open.Person, why, open.Now), cancellationToken).ConfigureAwait(false);
            }

            terminal.Result.WriteLine($"{Core.TenantText.Plain(wanted)}: denied; findings and figures follow with the next scan");
            return ExitCode.Done;
        });
        return command;
    }
}
