namespace Governance.Cli;

/// <summary>What the program's end tells a script.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>A finding of the level named by <c>--fail-on</c> is open.</summary>
    public const int FailOnReached = 1;

    /// <summary>The command line, a file or a setting is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Not everything could be read; what was read is kept.</summary>
    public const int Incomplete = 3;

    /// <summary>The source refused access.</summary>
    public const int AccessRefused = 4;

    public const int Failed = 5;
}
