using System.CommandLine;
using Governance.Api.Exports;
using Governance.Core.Scans;

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
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (kept, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var facts = await StoredFacts.ReadAsync(kept, Kept.PolicyOf(kept), store.Scans, cancellationToken).ConfigureAwait(false);
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
}
