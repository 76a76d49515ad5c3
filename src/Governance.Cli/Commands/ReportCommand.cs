using System.CommandLine;
using Governance.Api.Report;

namespace Governance.Cli.Commands;

/// <summary><c>governance report</c>: the last scan as one HTML page.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var language = Settings.LanguageTag();
        var output = new Option<FileInfo>("--out") { Description = "File to write", HelpName = "FILE", DefaultValueFactory = _ => new FileInfo("governance-report.html") };
        var period = Settings.Period();
        var command = new Command("report", "Writes the last scan as one HTML page with charts") { data, tenant, language, output, period };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (kept, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var facts = await store.FactsAsync(kept, Settings.PeriodOf(parsed.GetValue(period)), cancellationToken).ConfigureAwait(false);
            var file = parsed.GetValue(output)!;
            await OutputFile.WriteAsync(file, stream => ReportPage.WriteAsync(stream, facts, parsed.GetValue(language)!, cancellationToken)).ConfigureAwait(false);
            terminal.Note($"wrote {file.FullName}");
            return ExitCode.Done;
        });
        return command;
    }
}
