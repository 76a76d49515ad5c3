using System.CommandLine;
using Governance.Core.Scans.Decisions;

namespace Governance.Cli.Commands;

/// <summary><c>governance erase-user PERSON</c>: removes a person from everything kept; the ledger still verifies.</summary>
internal static class EraseUserCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var who = new Argument<string>("person") { Description = "Object id of the user, or the name under which a person acted", HelpName = "PERSON" };
        var command = new Command("erase-user", "Removes a person from what is kept; the ledger still verifies") { who };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var erased = await new ErasePerson(open.Kept.Ledger, open.Kept.Persons, open.Kept.Records, time)
                .RunAsync(open.Tenant, parsed.GetRequiredValue(who), open.Person, cancellationToken).ConfigureAwait(false);
            terminal.Result.WriteLine($"erased: {erased.Inventories} inventories, {erased.Records} other records, {erased.Texts} texts beside ledger entries, {(erased.NameKept ? "the name" : "no name was kept")}");
            terminal.Note("not reached: files exported earlier, copies of the folder, log lines, the policy file where it names people; a user still in the directory comes back with the next scan");
            return ExitCode.Done;
        });
        return command;
    }
}
