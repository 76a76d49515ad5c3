using Governance.Functions.Settings;
using Microsoft.Extensions.Options;

namespace Governance.Functions.Tests;

/// <summary>Which occurrence a timer serves, by the schedules that the host takes.</summary>
public sealed class TimerOccurrencesTests
{
    [Theory]
    [InlineData("0 0 0 * * *", "2026-11-30T23:59:59.985Z", "2026-12-01T00:00Z")] // early by 15 ms
    [InlineData("0 0 0 * * *", "2026-12-01T06:30:00Z", "2026-12-01T00:00Z")] // past due by hours
    [InlineData("0 0 2 * * *", "2026-12-01T01:59:59.985Z", "2026-12-01T02:00Z")]
    [InlineData("0 0 2 * * *", "2026-12-01T15:00:00Z", "2026-12-01T02:00Z")] // by hand
    [InlineData("0 0 2 * * *", "2026-12-01T01:00:00Z", "2026-11-30T02:00Z")] // by hand before the night
    [InlineData("0 30 8-20/4 * * *", "2026-12-01T12:29:59.900Z", "2026-12-01T12:30Z")]
    [InlineData("0 30 8-20/4 * * *", "2026-12-01T15:40:00Z", "2026-12-01T12:30Z")]
    [InlineData("0 0 2 * * MON-FRI", "2026-12-06T10:00:00Z", "2026-12-04T02:00Z")] // a Sunday
    public void The_occurrence_comes_from_the_schedule_and_not_from_the_clock(string schedule, string fired, string expected)
    {
        Assert.Equal(DateTimeOffset.Parse(expected), Now(schedule, fired, TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData("2026-03-29T01:00:05Z")] // 02:30 does not exist that night; the clocks show 03:00
    [InlineData("2026-03-29T01:30:00Z")]
    public void TC_1_a_night_whose_time_the_clocks_skip_is_served_once(string fired)
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        Assert.Equal(DateTimeOffset.Parse("2026-03-29T01:00Z"), Now("0 30 2 * * *", fired, berlin));
    }

    [Theory]
    [InlineData("2026-10-25T00:30:00Z")] // 02:30 comes twice that night
    [InlineData("2026-10-25T01:30:00Z")]
    public void TC_1_a_night_whose_time_comes_twice_is_served_once(string fired)
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        Assert.Equal(DateTimeOffset.Parse("2026-10-25T00:30Z"), Now("0 30 2 * * *", fired, berlin));
    }

    private static DateTimeOffset Now(string schedule, string fired, TimeZoneInfo zone)
    {
        var options = new ScheduleOptions();
        options.Schedules["NightlyAuditSchedule"] = schedule;
        return new TimerOccurrences(Options.Create(options), new SetClock(DateTimeOffset.Parse(fired), zone)).Now("NightlyAuditSchedule");
    }

    private sealed class SetClock(DateTimeOffset now, TimeZoneInfo zone) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => zone;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
