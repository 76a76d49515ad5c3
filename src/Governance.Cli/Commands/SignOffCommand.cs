using System.CommandLine;
using Governance.Core.Policy.Approvals;

namespace Governance.Cli.Commands;

/// <summary><c>governance sign-off REQUEST --role ROLE</c>: a role's yes to a request.</summary>
internal static class SignOffCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var id = new Argument<string>("request") { Description = "Request, such as R12", HelpName = "REQUEST" };
        var role = new Option<string>("--role") { Description = "Role that signs off, such as security", HelpName = "ROLE", Required = true };
        var note = new Option<string?>("--note") { Description = "What was looked at", HelpName = "TEXT" };
        var command = new Command("sign-off", "Signs off a request for one role; who asked cannot, and nobody for two roles") { id, role, note };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var wanted = parsed.GetRequiredValue(id);
            var record = await open.ActAsync(
                known => RequestActs.SignOff(known, wanted, open.Person, parsed.GetRequiredValue(role), parsed.GetValue(note), open.Now), cancellationToken).ConfigureAwait(false);
            var missing = record.Request(wanted).MissingRoles.ToArray();
            terminal.Result.WriteLine(missing.Length == 0
                ? $"{wanted}: every role has signed off; decide with: governance approve {wanted}"
                : $"{wanted}: still needed: {string.Join(", ", missing)}");
            return ExitCode.Done;
        });
        return command;
    }
}
