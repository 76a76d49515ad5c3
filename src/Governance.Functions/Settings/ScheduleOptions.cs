using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Governance.Functions.Settings;

/// <summary>When the timers fire, in UTC. The settings are those that the triggers name.</summary>
internal sealed class ScheduleOptions
{
    /// <summary>Settings that hold a schedule.</summary>
    public static readonly string[] Names = ["NightlyAuditSchedule", "IncrementalScanSchedule", "DigestSchedule", "RecoverStalledSchedule"];

    public Dictionary<string, string?> Schedules { get; } = [];

    public static void Read(ScheduleOptions options, IConfiguration configuration)
    {
        foreach (var name in Names)
        {
            options.Schedules[name] = configuration[name];
        }
    }
}

internal sealed class ScheduleOptionsCheck : IValidateOptions<ScheduleOptions>
{
    public ValidateOptionsResult Validate(string? name, ScheduleOptions options)
    {
        var wrong = options.Schedules.Select(schedule => (schedule.Key, Problem: ScheduleExpression.ProblemOf(schedule.Value)))
            .Where(schedule => schedule.Problem is not null).Select(schedule => $"{schedule.Key}: {schedule.Problem}").ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
