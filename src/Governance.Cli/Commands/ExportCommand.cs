using System.CommandLine;
using System.Security.Cryptography;
using Governance.Api.Exports;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;

namespace Governance.Cli.Commands;

/// <summary><c>governance export</c>: findings, apps or figures as files for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var format = Settings.Format([.. Enum.GetNames<ExportFormat>().Select(name => name.ToLowerInvariant())]);
        var what = new Option<string>("--what") { Description = "What to write: findings, apps or kpis", HelpName = "WHAT", DefaultValueFactory = _ => "findings" };
        what.AcceptOnlyFromAmong([.. Enum.GetNames<ExportWhat>().Select(name => name.ToLowerInvariant())]);
        var output = new Option<FileInfo?>("--out") { Description = "File to write; standard output when not given", HelpName = "FILE" };
        var command = new Command("export", "Writes what was found for other programs") { data, tenant, format, what, output };
        var inventory = new Option<FileInfo?>("--inventory") { Description = "Write the inventory of the last scan to this file instead; 'scan --from FILE' reads it again to the same result", HelpName = "FILE" };
        var anonymize = new Option<bool>("--anonymize") { Description = "With --inventory: without the organisation's name, and with made-up ids for people and made-up names for its own apps" };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of what is written as JSON instead, the documents of 'governance kpis' among it" };
        command.Add(schema);
        command.Add(inventory);
        command.Add(anonymize);
        command.Validators.Add(result =>
        {
            if (result.TryGet(anonymize, out var hidden) && hidden && result.TryGet(inventory, out var file) && file is null)
            {
                result.AddError("--anonymize goes with --inventory.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(schema))
            {
                await terminal.Result.WriteAsync(ExportSchema.Text).ConfigureAwait(false);
                return ExitCode.Done;
            }

            var (kept, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            if (parsed.GetValue(inventory) is { } snapshot)
            {
                await WriteInventoryAsync(snapshot, kept, store, parsed.GetValue(anonymize), cancellationToken).ConfigureAwait(false);
                terminal.Note($"wrote {snapshot.FullName}");
                return ExitCode.Done;
            }

            var facts = await store.FactsAsync(kept, null, cancellationToken).ConfigureAwait(false);
            Task Write(Stream stream) => Exporter.WriteAsync(
                Enum.Parse<ExportFormat>(parsed.GetValue(format)!, ignoreCase: true), Enum.Parse<ExportWhat>(parsed.GetValue(what)!, ignoreCase: true), facts, stream, cancellationToken);
            if (parsed.GetValue(output) is { } file)
            {
                await OutputFile.WriteAsync(file, Write).ConfigureAwait(false);
                terminal.Note($"wrote {file.FullName}");
            }
            else
            {
                await terminal.DocumentAsync(Write).ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task WriteInventoryAsync(FileInfo file, TenantState state, Kept store, bool anonymize, CancellationToken cancellationToken)
    {
        var scan = state.LastScan;
        var inventory = await store.Scans.InventoryAsync(scan.TenantId, scan.Id, cancellationToken).ConfigureAwait(false)
            ?? throw CliException.Usage($"the inventory of scan {scan.Id} is no longer kept; scan again");

        // The key is thrown away, so nobody can tell whose the made-up ids are.
        var written = anonymize ? AnonymousInventory.Of(inventory, RandomNumberGenerator.GetBytes(32)) : inventory;
        await OutputFile.WriteAsync(file, stream =>
        {
            InventoryFile.Write(stream, written);
            return Task.CompletedTask;
        }).ConfigureAwait(false);
    }
}
