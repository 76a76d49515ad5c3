using System.CommandLine;
using System.Globalization;
using Governance.Core.Digest;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary><c>governance kpis</c>: the figures of the last scan, over periods, by department, and computed anew.</summary>
internal static class KpisCommand
{
    /// <summary>Scans looked at for periods: more than a quarter of hourly ones.</summary>
    private const int ScansLookedAt = 2500;

    public static Command Create(Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var format = Settings.Format("table", "json");
        var period = new Option<string?>("--period") { Description = "One column for each day, week, month or quarter", HelpName = "day|week|month|quarter" };
        period.AcceptOnlyFromAmong("day", "week", "month", "quarter");
        var history = new Option<int>("--history") { Description = "Periods to show", HelpName = "N", DefaultValueFactory = _ => 6 };
        history.Validators.Add(result =>
        {
            if (result.TryGet(history, out var number) && number is < 1 or > 400)
            {
                result.AddError("--history must be a number from 1 to 400.");
            }
        });
        var by = new Option<string?>("--by") { Description = "One column for each department", HelpName = "department" };
        by.AcceptOnlyFromAmong("department");
        var command = new Command("kpis", "Shows the key figures of the last scan, over periods or by department") { data, tenant, format, period, history, by };
        command.Validators.Add(result =>
        {
            if (result.TryGet(period, out var columns) && columns is not null && result.TryGet(by, out var group) && group is not null)
            {
                result.AddError("--period and --by exclude each other.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (state, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var policy = Kept.PolicyOf(state);
            var json = parsed.GetValue(format) == "json";
            var words = new DigestWords(Language.Of("en"), policy);
            if (parsed.GetValue(period) is { } name)
            {
                var kept = await store.Scans.KpisAsync(state.LastScan.TenantId, ScansLookedAt, cancellationToken).ConfigureAwait(false);
                var periods = PeriodKpis.Of(kept, Enum.Parse<ReportingPeriod>(name, ignoreCase: true), parsed.GetValue(history));
                Write(terminal, json, stream => KpiDocuments.Write(stream, periods), () => KpiTables.Of(periods, words));
            }
            else if (parsed.GetValue(by) is not null)
            {
                var inventory = await store.Scans.InventoryAsync(state.LastScan.TenantId, state.LastScan.Id, cancellationToken).ConfigureAwait(false)
                    ?? throw new CliException(ExitCode.Incomplete, "the inventory of the last scan is not kept any more; scan again");
                var departments = DepartmentKpis.Of(state.Apps, inventory, policy);
                if (departments.IsEmpty)
                {
                    throw new CliException(ExitCode.Incomplete, "users and their departments were not read in the last scan");
                }

                Write(terminal, json, stream => KpiDocuments.Write(stream, departments, policy.SmallestGroupShown), () => KpiTables.Of(departments, words));
            }
            else
            {
                Write(terminal, json, stream => KpiDocuments.Write(stream, state.Kpis), () => Table(state.Kpis, words));
                var costs = CostFigure.Of(policy, state.Kpis.FirstOrDefault(kpi => kpi.Id == "cost-scenario"), words);
                if (!json && !costs.IsEmpty)
                {
                    terminal.Console.Write(KpiTables.Of(costs, words));
                }
            }

            return ExitCode.Done;
        });
        command.Add(RecomputeCommand.Create(terminal));
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
                Terminal.Safe(kpi.Complete ? kpi.Note : kpi.Note is { } note ? $"incomplete data; {note}" : "incomplete data", 300));
        }

        return table;
    }

    private static void Write(Terminal terminal, bool json, Action<Stream> document, Func<Table> table)
    {
        if (json)
        {
            terminal.Document(document);
        }
        else
        {
            terminal.Console.Write(table());
        }
    }
}
