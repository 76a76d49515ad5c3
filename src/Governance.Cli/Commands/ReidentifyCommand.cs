using System.CommandLine;
using System.Globalization;
using Governance.Core;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Decisions;

namespace Governance.Cli.Commands;

/// <summary><c>governance reidentify PSEUDONYM --reason</c>: says who a pseudonym stands for, and writes down who asked.</summary>
internal static class ReidentifyCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var pseudonym = new Argument<string>("pseudonym") { Description = "Such as p-0123456789abcdef01234567", HelpName = "PSEUDONYM" };
        var reason = new Option<string>("--reason") { Description = "Why", HelpName = "TEXT", Required = true };
        var command = new Command("reidentify", "Says who a pseudonym stands for; the ledger keeps who asked and why") { pseudonym, reason };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var inventory = await open.Kept.Scans.InventoryAsync(open.Tenant, open.State.LastScan.Id, cancellationToken).ConfigureAwait(false);
            var found = await new Reidentify(open.Kept.Ledger, open.Kept.Persons, time)
                .RunAsync(open.Tenant, parsed.GetRequiredValue(pseudonym), open.Person, parsed.GetRequiredValue(reason), inventory, cancellationToken).ConfigureAwait(false);
            terminal.Result.WriteLine(found is null ? "no one known here has this pseudonym" : TenantText.Plain(found, 200));
            if (found is null && (await open.RecordAsync(cancellationToken).ConfigureAwait(false)).Entries.LastOrDefault(entry => entry.Entry.Kind == LedgerKinds.KeysDestroyed) is { } destroyed)
            {
                terminal.Note(string.Create(CultureInfo.InvariantCulture, $"keys were destroyed on {destroyed.Entry.At:yyyy-MM-dd}: pseudonyms made with them cannot be re-identified any more"));
            }

            return ExitCode.Done;
        });
        return command;
    }
}
