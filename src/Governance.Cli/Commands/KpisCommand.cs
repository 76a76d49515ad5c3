using System.CommandLine;
using System.Globalization;
using Governance.Core.Digest;
using Governance.Core.Kpis;
using Governance.Core.Scans;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary><c>governance kpis</c>: the figures of the last scan, with target and trend.</summary>
internal static class KpisCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var format = Settings.Format("table", "json");
        var command = new Command("kpis", "Shows the key figures of the last scan") { data, tenant, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (kept, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            if (parsed.GetValue(format) == "json")
            {
                terminal.Document(stream => ScanDocument.WriteKpis(stream, kept.Kpis));
            }
            else
            {
                terminal.Console.Write(Table(kept.Kpis, new DigestWords(Language.Of("en"), Kept.PolicyOf(kept))));
            }

            return ExitCode.Done;
        });
        return command;
    }

    public static Table Table(IEnumerable<KpiValue> kpis, DigestWords words)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Figure", "Value", "Trend", "Target", "Sample", "Note");
        table.Columns[1].RightAligned();
        foreach (var kpi in kpis)
        {
            var tile = words.Tile(kpi);
            var colour = tile.Tone switch { Tone.Good => "green", Tone.Bad => "red", _ => "default" };
            table.AddRow(
                Markup.Escape(tile.Label),
                $"[{colour}]{Markup.Escape(tile.Value)}[/]",
                Markup.Escape(tile.Trend),
                Markup.Escape(tile.Target ?? string.Empty),
                kpi.SampleSize.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(string.Join("; ", new[] { kpi.Complete ? null : "incomplete data", kpi.Note }.OfType<string>())));
        }

        return table;
    }
}
