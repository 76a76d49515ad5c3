using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Governance.Core.Scans.Decisions;

namespace Governance.Cli.Commands;

/// <summary><c>governance erase-user PERSON</c>: shows what is kept of a person and, once confirmed, removes it; the ledger still verifies.</summary>
internal static class EraseUserCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var who = new Argument<string>("person") { Description = "Object id of the user, or a whole name or pseudonym that is recorded here", HelpName = "PERSON" };
        var confirm = new Option<string?>("--confirm") { Description = "Really erase: the code that the preview ends with", HelpName = "CODE" };
        var command = new Command("erase-user", "Shows what is kept of a person, and with --confirm removes it; the ledger still verifies") { who, confirm };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var (person, erasing) = (parsed.GetRequiredValue(who), new ErasePerson(open.Kept.Ledger, open.Kept.Persons, open.Kept.Records, time));
            if (parsed.GetValue(confirm) is not { } code)
            {
                Show(terminal, await erasing.PreviewAsync(open.Tenant, person, cancellationToken).ConfigureAwait(false));
                return ExitCode.Done;
            }

            var erased = await erasing.RunAsync(open.Tenant, person, code, open.Person, cancellationToken).ConfigureAwait(false);
            terminal.Result.WriteLine($"erased: {erased.Inventories} inventories, {erased.Records} other records, {erased.Texts} texts beside ledger entries, {(erased.NameKept ? "the name" : "no name was kept")}");
            terminal.Note("not reached: files exported earlier, copies of the folder, log lines, the policy file where it names people; a user still in the directory comes back with the next scan");
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(Terminal terminal, ErasurePreview preview)
    {
        var traces = preview.Traces;
        terminal.Result.WriteLine("would be erased:");
        Line(terminal, traces.Inventories, "inventories that have the user");
        Line(terminal, traces.Runs, "scans asked for");
        Line(terminal, traces.Answers, "answers kept for repeats");
        Line(terminal, traces.Confirmations, "confirmations of what an app is");
        Line(terminal, traces.Mentions, "answers and reasons of others that name the person");
        Line(terminal, preview.Written.Length, "texts the person wrote" + Entries(preview.Written));
        Line(terminal, preview.Mentioning.Length, "texts of others that name the person" + Entries(preview.Mentioning));
        Line(terminal, preview.Orders.Length, "plans and undo records with the person's id" + Entries(preview.Orders));
        Line(terminal, preview.NameKept ? 1 : 0, "name beside the pseudonym");
        terminal.Result.WriteLine($"confirm with: --confirm {preview.Confirmation}");
        terminal.Note("nothing is removed yet; say the same command with the code to erase it");
    }

    private static void Line(Terminal terminal, int count, string what) => terminal.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,7}  {what}"));

    private static string Entries(ImmutableArray<long> entries) => entries.IsEmpty ? string.Empty : $" (entries {string.Join(", ", entries)})";
}
