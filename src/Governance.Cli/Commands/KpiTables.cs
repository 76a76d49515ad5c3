using System.Collections.Immutable;
using Governance.Core.Digest;
using Governance.Core.Kpis;
using Governance.Core.Scans;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary>KPIs side by side on a terminal. A star marks what rests on incomplete data; a dash what is not available.</summary>
internal static class KpiTables
{
    public static Table Of(ImmutableArray<PeriodKpis> periods, DigestWords words) => Make(
        [.. periods.Select(period => (period.Period, period.Values, (string?)null))], words);

    public static Table Of(ImmutableArray<DepartmentKpis> departments, DigestWords words) => Make(
        [.. departments.Select(department => (Terminal.Safe(department.Department, 24), department.Values, (string?)words.Figure(department.People, "users")))], words);

    /// <summary>The breach-cost scenario with where each figure comes from, under a title that calls it what it is.</summary>
    public static Table Of(ImmutableArray<CostFigure> costs, DigestWords words)
    {
        var language = words.Language;
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape($"{language.Text("kpi.cost-scenario")}. {language.Text("cost.scenario")}"))
            .AddColumns(language.Text("column.kpi"), language.Text("column.amount"), language.Text("column.source"), language.Text("column.year"));
        table.Columns[1].RightAligned();
        foreach (var cost in costs)
        {
            table.AddRow(Markup.Escape(cost.Label), Markup.Escape(cost.Amount), cost.Source is { } source ? Terminal.Safe(source, 120) : Markup.Escape(language.Text("cost.computed")), cost.Year ?? "-");
        }

        return table;
    }

    private static Table Make((string Head, ImmutableArray<KpiValue> Values, string? People)[] columns, DigestWords words)
    {
        // Departments are many and figures few, so departments are rows; periods are few and figures many.
        var ids = columns.SelectMany(column => column.Values).Select(value => value.Id).Distinct(StringComparer.Ordinal).ToArray();
        var table = new Table().Border(TableBorder.Rounded);
        if (columns.Any(column => column.People is not null))
        {
            table.AddColumns(["Department", "People", .. ids.Select(id => words.Language.Text($"kpi.{id}"))]);
            foreach (var (head, values, people) in columns)
            {
                table.AddRow([head, Markup.Escape(people!), .. ids.Select(id => Cell(values, id, words))]);
            }

            return table;
        }

        table.AddColumns(["Figure", .. columns.Select(column => column.Head)]);
        foreach (var id in ids)
        {
            table.AddRow([words.Language.Text($"kpi.{id}"), .. columns.Select(column => Cell(column.Values, id, words))]);
        }

        return table;
    }

    private static string Cell(ImmutableArray<KpiValue> values, string id, DigestWords words) =>
        values.FirstOrDefault(value => value.Id == id) is { Value: { } number } kpi ? Markup.Escape(words.Figure(number, kpi.Unit)) + (kpi.Complete ? string.Empty : "*") : "-";
}
