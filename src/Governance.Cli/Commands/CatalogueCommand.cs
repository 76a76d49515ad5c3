using System.CommandLine;
using System.Globalization;
using Governance.Core;
using Governance.Core.Catalogue;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary><c>governance catalogue</c>: what the verdicts rest on, and how good they are.</summary>
internal static class CatalogueCommand
{
    public static Command Create(Terminal terminal) => new("catalogue", "Measures the catalogue on a labelled set") { Evaluate(terminal) };

    private static Command Evaluate(Terminal terminal)
    {
        var input = new Option<FileInfo>("--input") { Description = "Labelled apps, one JSON object a line: half, expected, app", HelpName = "FILE", Required = true };
        var half = new Option<string?>("--half") { Description = "Only the lines of this half, such as test", HelpName = "NAME" };
        var catalogue = Settings.Catalogue();
        var command = new Command("evaluate", "Prints precision, recall and a reliability table") { input, half, catalogue };
        command.SetAction(parsed =>
        {
            var file = parsed.GetRequiredValue(input);
            var labelled = Settings.Value(LabelledApp.Parse(Settings.ReadText(file)), file);
            var only = parsed.GetValue(half);
            var classifier = new AppClassifier(Settings.ReadCatalogue(parsed.GetValue(catalogue)), null);
            var result = CatalogueEvaluation.Of(labelled.Where(app => only is null || app.Half == only), classifier);
            if (result.Apps == 0)
            {
                throw CliException.Usage($"{file.Name} has no line{(only is null ? string.Empty : $" of half '{only}'")}");
            }

            Show(terminal, result);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(Terminal terminal, CatalogueEvaluation result)
    {
        terminal.Result.WriteLine($"apps                {result.Apps}");
        terminal.Result.WriteLine($"AI precision        {Percent(result.Precision)}");
        terminal.Result.WriteLine($"AI recall           {Percent(result.Recall)}");
        terminal.Result.WriteLine($"look-alikes caught  {Percent(result.LookalikeRecall)}");
        terminal.Result.WriteLine($"genuine accused     {Percent(result.FalseAccusations)}");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Confidence", "AI verdicts", "Right", "Share right", "Mean confidence");
        foreach (var bin in result.Reliability)
        {
            table.AddRow(
                string.Create(CultureInfo.InvariantCulture, $"{bin.From:0.0} to {bin.From + 0.1:0.0}"),
                bin.Verdicts.ToString(CultureInfo.InvariantCulture),
                bin.Right.ToString(CultureInfo.InvariantCulture),
                Percent((double)bin.Right / bin.Verdicts),
                bin.MeanConfidence.ToString("0.00", CultureInfo.InvariantCulture));
        }

        terminal.Console.Write(table);
        foreach (var wrong in result.WrongVerdicts)
        {
            terminal.Result.WriteLine($"verdict  '{TenantText.Plain(wrong.App.App.Name)}': {wrong.Classification.Ai.Verdict} instead of {wrong.App.Expected}");
        }

        foreach (var wrong in result.WrongLookalikes)
        {
            terminal.Result.WriteLine(wrong.App.Imitates is { } brand
                ? $"missed   '{TenantText.Plain(wrong.App.App.Name)}' imitates {brand}"
                : $"accused  '{TenantText.Plain(wrong.App.App.Name)}' of imitating {wrong.Classification.Lookalike!.Imitates}");
        }
    }

    private static string Percent(double? share) => share is { } value ? value.ToString("0.0 %", CultureInfo.InvariantCulture) : "not measured";
}
