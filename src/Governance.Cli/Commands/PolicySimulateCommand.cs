using System.CommandLine;
using System.Globalization;
using Governance.Core.Policy.Approvals;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary><c>governance policy simulate FILE</c>: which apps would stand elsewhere under another policy file.</summary>
internal static class PolicySimulateCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var file = new Argument<FileInfo>("file") { Description = "Policy file to try", HelpName = "FILE" };
        var catalogue = Settings.Catalogue();
        var format = Settings.Format("table", "json");
        var command = new Command("simulate", "Shows which apps would change state before a policy goes live; keeps nothing") { file, catalogue, format };
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        command.Add(data);
        command.Add(tenant);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (next, _) = Settings.ReadPolicy(parsed.GetValue(file)!, Settings.ReadCatalogue(parsed.GetValue(catalogue)));
            var (state, kept) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var closing = kept.ConfigureAwait(false);
            var inventory = await kept.Scans.InventoryAsync(state.LastScan.TenantId, state.LastScan.Id, cancellationToken).ConfigureAwait(false)
                ?? throw CliException.Usage("the inventory of the last scan is not kept; scan again");
            var record = GovernanceRecord.Of(await kept.Ledger.ReadAsync(state.LastScan.TenantId, cancellationToken).ConfigureAwait(false));
            var now = Kept.PolicyOf(state);
            var changes = PolicySimulation.Of(inventory, state.Apps, now.With(record), next.With(record), DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
            if (parsed.GetValue(format) == "json")
            {
                terminal.Document(stream => SimulationDocument.Write(stream, now.Version, next.Version, changes));
                return ExitCode.Done;
            }

            var table = new Table().Border(TableBorder.Rounded).AddColumns("App", "Users", "From", "To", "Why");
            foreach (var change in changes)
            {
                table.AddRow(
                    Terminal.Safe(change.App.App.Principal.Name, 40),
                    change.App.App.Reach.Users.ToString(CultureInfo.InvariantCulture),
                    ContractNames.Of(change.From.State),
                    ContractNames.Of(change.To.State),
                    Terminal.Safe(change.To.Reason, 80));
            }

            terminal.Console.Write(table);
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{changes.Length} of {state.Apps.Length} apps would change state, from policy {now.Version} to {next.Version}; judged on the scan of {state.LastScan.StartedAt:yyyy-MM-dd HH:mm} UTC"));
            return ExitCode.Done;
        });
        return command;
    }
}
