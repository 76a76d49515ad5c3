using System.CommandLine;
using Governance.Core.Risk;

namespace Governance.Cli;

/// <summary>Severity as the command line writes and reads it.</summary>
internal static class Levels
{
    public static Option<string?> Option(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "low|medium|high|critical" };
        option.AcceptOnlyFromAmong("low", "medium", "high", "critical");
        return option;
    }

    public static Severity? Of(string? text) => text is null ? null : Enum.Parse<Severity>(text, ignoreCase: true);

    public static string Markup(Severity severity) => severity switch
    {
        Severity.Critical => "[bold red]critical[/]",
        Severity.High => "[red]high[/]",
        Severity.Medium => "[yellow]medium[/]",
        _ => severity.ToString().ToLowerInvariant(),
    };
}
