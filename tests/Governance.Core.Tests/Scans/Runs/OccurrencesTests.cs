using Governance.Core.Scans.Runs;

namespace Governance.Core.Tests.Scans.Runs;

public sealed class OccurrencesTests
{
    [Theory]
    [InlineData("2026-11-30T23:59:59.985Z", "2026-12-01T00:00Z")] // early by 15 ms
    [InlineData("2026-12-01T00:00:00.000Z", "2026-12-01T00:00Z")]
    [InlineData("2026-12-01T05:35:20.544Z", "2026-12-01T00:00Z")] // past due by hours
    [InlineData("2026-12-01T15:00:00.000Z", "2026-12-01T00:00Z")] // by hand in the afternoon: not the night to come
    [InlineData("2026-12-01T23:59:00.000Z", "2026-12-01T00:00Z")]
    [InlineData("2026-12-01T23:59:59.001Z", "2026-12-02T00:00Z")]
    public void TC_2_a_timer_of_midnight_serves_the_night_that_its_schedule_says(string fired, string night)
    {
        var occurrence = Occurrences.Served(after => Daily(after, TimeSpan.Zero), DateTimeOffset.Parse(fired));

        Assert.Equal(DateTimeOffset.Parse(night), occurrence);
    }

    [Theory]
    [InlineData("2026-12-01T01:59:59.985Z", "2026-12-01T02:00Z")]
    [InlineData("2026-12-01T01:00:00.000Z", "2026-11-30T02:00Z")]
    [InlineData("2026-12-04T09:00:00.000Z", "2026-12-04T02:00Z")] // after days without a host only the last night
    public void TC_3_a_timer_of_two_o_clock_serves_the_last_night_whose_time_has_come(string fired, string night)
    {
        var occurrence = Occurrences.Served(after => Daily(after, TimeSpan.FromHours(2)), DateTimeOffset.Parse(fired));

        Assert.Equal(DateTimeOffset.Parse(night), occurrence);
    }

    [Fact]
    public void Every_night_is_served_once_whatever_the_jitter_of_its_timer()
    {
        var random = new Random(20261201);
        var first = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var served = Enumerable.Range(0, 365)
            .Select(night => Occurrences.Served(after => Daily(after, TimeSpan.Zero), first.AddDays(night).AddMilliseconds(random.Next(-1000, 3_600_000))))
            .ToList();

        Assert.Equal(Enumerable.Range(0, 365).Select(night => (DateTimeOffset?)first.AddDays(night)), served);
    }

    [Fact]
    public void A_schedule_that_comes_once_in_years_is_served_and_one_that_never_came_is_not()
    {
        var leap = new DateTimeOffset(2024, 2, 29, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(leap, Occurrences.Served(after => after < leap ? leap : leap.AddYears(4), leap.AddYears(2)));
        Assert.Null(Occurrences.Served(_ => null, leap));
    }

    /// <summary>The first moment after another at which it is that time of day in UTC.</summary>
    private static DateTimeOffset? Daily(DateTimeOffset after, TimeSpan at)
    {
        var today = new DateTimeOffset(after.UtcDateTime.Date, TimeSpan.Zero) + at;
        return today > after ? today : today.AddDays(1);
    }
}
