using System.CommandLine;
using System.Globalization;
using Governance.Core.Scans.Decisions;

namespace Governance.Cli.Commands;

/// <summary><c>governance privacy rotate-key|destroy-keys</c>: the keys that pseudonyms are made with.</summary>
internal static class PrivacyCommand
{
    public static Command Create(Terminal terminal, TimeProvider time) => new("privacy", "Renews and destroys the keys that pseudonyms are made with")
    {
        Rotate(terminal, time),
        Destroy(terminal, time),
    };

    private static Command Rotate(Terminal terminal, TimeProvider time)
    {
        var reason = Reason();
        var command = new Command("rotate-key", "Makes a new key for pseudonyms to come; earlier keys stay, so that people are known again") { reason };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var keys = await new RotateKey(open.Kept.Ledger, open.Kept.Persons, time).RunAsync(open.Tenant, open.Person, parsed.GetRequiredValue(reason), cancellationToken).ConfigureAwait(false);
            terminal.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a new key is in use; {keys - 1} earlier ones are kept"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Destroy(Terminal terminal, TimeProvider time)
    {
        var reason = Reason();
        var really = new Option<bool>("--yes") { Description = "Really destroy; it cannot be undone" };
        var command = new Command("destroy-keys", "Destroys every key but the one in use: pseudonyms made with them can never be re-identified again") { reason, really };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!parsed.GetValue(really))
            {
                throw CliException.Usage("destroying keys cannot be undone; say --yes");
            }

            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var destroyed = await new RotateKey(open.Kept.Ledger, open.Kept.Persons, time)
                .DestroyEarlierAsync(open.Tenant, open.Person, parsed.GetRequiredValue(reason), open.Policy, cancellationToken).ConfigureAwait(false);
            terminal.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{destroyed} keys destroyed; pseudonyms made with them stand for no one any more"));
            terminal.Note("copies of the key file made earlier still open them: destroy those too");
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string> Reason() => new("--reason") { Description = "Why", HelpName = "TEXT", Required = true };
}
