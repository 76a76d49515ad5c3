namespace Governance.EndToEnd.Tests.Faults;

/// <summary>How often a test kills the program, and when: <c>GOVERNANCE_KILLS</c> asks for more, <c>GOVERNANCE_SEED</c> for other moments.</summary>
internal static class Kills
{
    public static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("GOVERNANCE_KILLS"), out var kills) ? kills : 4;

    /// <summary>From so many on, a fault that never fired fails the run.</summary>
    public const int Many = 20;

    public static Random Chance() => new(Environment.GetEnvironmentVariable("GOVERNANCE_SEED") is { } seed ? int.Parse(seed) : 7);
}
