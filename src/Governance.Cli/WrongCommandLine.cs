using System.CommandLine;
using System.CommandLine.Parsing;
using Governance.Core.Policy;

namespace Governance.Cli;

/// <summary>Says what cannot be understood of a command line: the option or command with the nearest name there is, and where help is.</summary>
internal static class WrongCommandLine
{
    /// <returns>One line; <paramref name="parsed"/> has an error.</returns>
    public static string Of(ParseResult parsed) => $"{Stopped(Problem(parsed))} See 'governance {Path(parsed.CommandResult)}--help'.";

    /// <summary>Reads an option in a rule that runs while the command line is still being read.</summary>
    /// <returns>False when the value is missing or is none of its type: that has an error of its own.</returns>
    public static bool TryGet<T>(this SymbolResult result, Option<T> option, out T? value)
    {
        try
        {
            value = result.GetValue(option);
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default;
            return false;
        }
    }

    private static string Problem(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var name, ..] && !name.StartsWith('-'))
        {
            // Options behind it are those of the command that was meant.
            return $"there is no command '{name}'{NearestName.Hint(name, command.Subcommands.Select(known => known.Name))}";
        }

        return parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith('-')) is { } option
            ? $"there is no option '{option}' here{NearestName.Hint(option, command.Options.Select(known => known.Name))}"
            : Problem(parsed.Errors[0]);
    }

    private static string Problem(ParseError error) => (error.SymbolResult, error.SymbolResult?.Parent) switch
    {
        (OptionResult option, _) => Problem(error.Message, option, option.Option.Name, option.Option.ValueType),
        (ArgumentResult value, OptionResult option) => Problem(error.Message, value, option.Option.Name, option.Option.ValueType),
        (ArgumentResult value, _) => Problem(error.Message, value, value.Argument.HelpName ?? value.Argument.Name, value.Argument.ValueType),
        _ => error.Message,
    };

    /// <summary>The library's words, but for the names of types, and with the name of the option in front where they leave it out.</summary>
    private static string Problem(string message, SymbolResult wrong, string name, Type type) =>
        message.Contains(" as expected type ", StringComparison.Ordinal) ? $"{name} takes {Kind(type)}, not '{string.Join(' ', wrong.Tokens.Select(token => token.Value))}'"
        : message.Contains(name, StringComparison.Ordinal) ? message
        : $"{name}: {message}";

    private static string Kind(Type type) => (Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type) switch
    {
        var of when of == typeof(Guid) => "an id such as 01234567-89ab-cdef-0123-456789abcdef",
        var of when of == typeof(int) => "a whole number",
        var of when of == typeof(DateOnly) => "a day such as 2026-06-30",
        var of when of.IsAssignableTo(typeof(FileSystemInfo)) => "a path",
        _ => "another kind of value",
    };

    private static string Stopped(string problem)
    {
        var line = string.Join(' ', problem.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line is [.., '.' or '?' or '!'] ? line : line + ".";
    }

    private static string Path(CommandResult command) => command.Parent is CommandResult parent ? $"{Path(parent)}{command.Command.Name} " : string.Empty;
}
