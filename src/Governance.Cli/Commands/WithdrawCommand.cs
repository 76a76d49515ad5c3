using System.CommandLine;
using Governance.Core.Policy.Approvals;

namespace Governance.Cli.Commands;

/// <summary><c>governance withdraw REQUEST --reason</c>: takes back a request or an approval.</summary>
internal static class WithdrawCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var id = new Argument<string>("request") { Description = "Request, such as R12", HelpName = "REQUEST" };
        var reason = new Option<string>("--reason") { Description = "Why", HelpName = "TEXT", Required = true };
        var command = new Command("withdraw", "Takes back an open request (who asked) or an approval") { id, reason };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var wanted = parsed.GetRequiredValue(id);
            await open.ActAsync(known => RequestActs.Withdraw(known, wanted, open.Person, parsed.GetRequiredValue(reason), open.Now), cancellationToken).ConfigureAwait(false);
            terminal.Result.WriteLine($"{wanted}: withdrawn");
            return ExitCode.Done;
        });
        return command;
    }
}
