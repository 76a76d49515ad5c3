using Governance.Core.Digest;
using Governance.Core.Policy;

namespace Governance.Core.Tests.Digest;

public class DigestScheduleTests
{
    /// <summary>Central European time as it is since 1996, made by hand so that no zone data of the machine counts.</summary>
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.CreateCustomTimeZone(
        "Test/Berlin", TimeSpan.FromHours(1), "Berlin", "standard", "summer",
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                new DateTime(1996, 1, 1), DateTime.MaxValue.Date, TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday)),
        ]);

    private static DateTimeOffset Utc(int month, int day, int hour, int minute = 0) => new(2026, month, day, hour, minute, 0, TimeSpan.Zero);

    private static DigestSchedule Daily(int hour, int minute) => new(ReportingPeriod.Day, new TimeOnly(hour, minute), Berlin);

    [Fact]
    public void TC_1_a_time_that_summer_skips_is_due_when_the_clocks_have_moved()
    {
        var schedule = Daily(2, 30);

        Assert.Equal("2026-03-28", schedule.LatestAt(Utc(3, 29, 1, 29)).Period);
        Assert.Equal(new DigestOccurrence("2026-03-29", Utc(3, 29, 1, 30)), schedule.LatestAt(Utc(3, 29, 1, 30)));
    }

    [Fact]
    public void TC_1_a_time_that_comes_twice_is_due_once()
    {
        var schedule = Daily(2, 30);

        var once = new DigestOccurrence("2026-10-25", Utc(10, 25, 0, 30));
        Assert.Equal("2026-10-24", schedule.LatestAt(Utc(10, 25, 0, 29)).Period);
        Assert.Equal(once, schedule.LatestAt(Utc(10, 25, 0, 30)));
        Assert.Equal(once, schedule.LatestAt(Utc(10, 25, 1, 30)));
        Assert.Equal(new DigestOccurrence("2026-10-26", Utc(10, 26, 1, 30)), schedule.LatestAt(Utc(10, 26, 1, 30)));
    }

    [Theory]
    [InlineData(ReportingPeriod.Day, 365)]
    [InlineData(ReportingPeriod.Week, 52)]
    [InlineData(ReportingPeriod.Month, 12)]
    [InlineData(ReportingPeriod.Quarter, 4)]
    public void Each_period_of_a_year_is_due_once_and_in_order(ReportingPeriod period, int expected)
    {
        var schedule = new DigestSchedule(period, new TimeOnly(2, 30), Berlin);
        var due = new List<DigestOccurrence>();
        for (var now = new DateTimeOffset(2025, 12, 31, 23, 0, 0, TimeSpan.Zero); now < new DateTimeOffset(2026, 12, 31, 23, 0, 0, TimeSpan.Zero); now = now.AddMinutes(30))
        {
            if (schedule.LatestAt(now) is var latest && latest.DueAt == now)
            {
                due.Add(latest);
            }

            Assert.True(due.Count == 0 || due[^1] == latest, $"{latest} at {now}");
        }

        var keys = due.ConvertAll(occurrence => occurrence.Period);
        Assert.Equal(expected, keys.Count);
        Assert.Equal(keys.Distinct().Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public void TC_3_after_an_outage_over_three_periods_only_the_latest_is_made_up_for()
    {
        var schedule = new DigestSchedule(ReportingPeriod.Week, new TimeOnly(7, 0), TimeZoneInfo.Utc);

        var latest = schedule.LatestAt(Utc(3, 25, 9));

        Assert.Equal(new DigestOccurrence("2026-W13", Utc(3, 23, 7)), latest);
    }

    [Fact]
    public void A_digest_tells_of_what_happened_since_the_one_before()
    {
        var schedule = new DigestSchedule(ReportingPeriod.Week, new TimeOnly(7, 0), TimeZoneInfo.Utc);

        Assert.Equal(Utc(3, 16, 7), schedule.TellsSince(Utc(3, 23, 7)));
        Assert.Equal(Utc(3, 16, 7), schedule.TellsSince(Utc(3, 23, 1)));
        Assert.Equal(Utc(3, 16, 7), schedule.TellsSince(Utc(3, 29, 23)));
    }

    [Fact]
    public void The_calendar_of_the_zone_decides_the_period()
    {
        var newYear = new DateTimeOffset(2026, 12, 31, 23, 30, 0, TimeSpan.Zero);

        Assert.Equal("2027-01", new DigestSchedule(ReportingPeriod.Month, default, Berlin).KeyAt(newYear));
        Assert.Equal("2026-12", new DigestSchedule(ReportingPeriod.Month, default, TimeZoneInfo.Utc).KeyAt(newYear));
    }
}
