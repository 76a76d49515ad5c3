using Cronos;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Microsoft.Extensions.Options;

namespace Governance.Functions.Settings;

/// <summary>Tells which occurrence of its schedule a timer serves that fires now: early, at its time, past due, again or by hand.</summary>
/// <remarks>
/// Not taken from the host's schedule status: its next occurrence is the first one missed after an outage, and the coming one in a run by hand.
/// Schedules count in the zone of the machine, which both processes take from <c>TZ</c>; UTC by default (host source, <c>TimerListener</c>).
/// </remarks>
internal sealed class TimerOccurrences(IOptions<ScheduleOptions> options, TimeProvider time)
{
    /// <param name="setting">Name of the setting that holds the schedule.</param>
    public DateTimeOffset Now(string setting)
    {
        var schedule = CronExpression.Parse(options.Value.Schedules[setting] ?? throw new SettingsException($"{setting} is not set"), CronFormat.IncludeSeconds);
        var now = time.GetUtcNow();
        return Occurrences.Served(after => schedule.GetNextOccurrence(after, time.LocalTimeZone), now) ?? now;
    }
}
