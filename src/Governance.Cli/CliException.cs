namespace Governance.Cli;

/// <summary>Ends the program with one line for a person and a code for a script.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static CliException Usage(string message) => new(Cli.ExitCode.Usage, message);
}
