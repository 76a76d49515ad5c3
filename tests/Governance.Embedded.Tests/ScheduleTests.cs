using Governance.Embedded.InProcess;
using Governance.Embedded.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Embedded.Tests;

public sealed class ScheduleTests : IAsyncLifetime
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private readonly TemporaryStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    [Theory]
    [InlineData("0 2 * * *", "2026-03-01T00:00Z", "2026-03-01T01:00Z")]
    [InlineData("30 2 * * *", "2026-03-28T12:00Z", "2026-03-29T01:00Z")] // 02:30 does not exist that night: the clocks jump to 03:00
    [InlineData("30 2 * * *", "2026-03-29T01:00Z", "2026-03-30T00:30Z")]
    [InlineData("30 2 * * *", "2026-10-24T12:00Z", "2026-10-25T00:30Z")] // 02:30 comes twice that night: the first counts
    [InlineData("30 2 * * *", "2026-10-25T00:30Z", "2026-10-26T01:30Z")]
    [InlineData("0 0 29 2 *", "2026-03-01T00:00Z", "2028-02-28T23:00Z")]
    [InlineData("0 12 31 12 *", "2026-12-31T11:00Z", "2027-12-31T11:00Z")]
    [InlineData("*/20 8-9 * * 1-5", "2026-03-06T08:40Z", "2026-03-09T07:00Z")]
    [InlineData("0 6 1 * 0", "2026-03-02T00:00Z", "2026-03-08T05:00Z")] // day of month or day of week
    [InlineData("0 6 * * 7", "2026-03-02T00:00Z", "2026-03-08T05:00Z")]
    [InlineData("59 23 31 1,3 *", "2026-02-01T00:00Z", "2026-03-31T21:59Z")]
    public void An_occurrence_is_the_next_moment_that_the_clock_on_the_wall_shows_it(string cron, string after, string expected)
    {
        var next = CronExpression.Parse(cron).Next(DateTimeOffset.Parse(after), Berlin);

        Assert.Equal(DateTimeOffset.Parse(expected), next);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0 2 * *")]
    [InlineData("0 0 2 * * *")]
    [InlineData("60 2 * * *")]
    [InlineData("0 24 * * *")]
    [InlineData("0 2 0 * *")]
    [InlineData("0 2 31 2 *")]
    [InlineData("0 2 30 2 *")]
    [InlineData("0 2 31 4,6 *")]
    [InlineData("5-1 2 * * *")]
    [InlineData("*/0 2 * * *")]
    [InlineData("-1 2 * * *")]
    [InlineData("1/2/3 * * * *")]
    [InlineData("0 2 * * MON")]
    [InlineData("+5 2 * * *")]
    public void CF_2_what_is_no_schedule_is_refused(string text) => Assert.Throws<FormatException>(() => CronExpression.Parse(text));

    [Fact]
    public async Task TC_1_each_day_of_a_year_has_one_occurrence_whatever_the_clocks_do()
    {
        var clock = new HandSetClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var started = new List<DateTimeOffset>();
        var scheduler = Scheduler(clock, "30 2 * * *", started);

        await scheduler.TickAsync(default);
        for (var half = 0; half < 365 * 48; half++)
        {
            clock.Move(TimeSpan.FromMinutes(30));
            if (half % 48 is 1 or 2 or 3 or 4 or 40)
            {
                await scheduler.TickAsync(default);
            }
        }

        Assert.Equal(365, started.Count);
        Assert.Equal(365, started.Select(at => TimeZoneInfo.ConvertTime(at, Berlin).Date).Distinct().Count());
    }

    [Fact]
    public async Task TC_3_nothing_is_started_the_first_time_and_one_occurrence_after_an_outage()
    {
        var clock = new HandSetClock(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var started = new List<DateTimeOffset>();
        await Scheduler(clock, "0 2 * * *", started).TickAsync(default);
        Assert.Empty(started);

        clock.Move(TimeSpan.FromDays(3.5));
        await Scheduler(clock, "0 2 * * *", started).TickAsync(default);
        await Scheduler(clock, "0 2 * * *", started).TickAsync(default);

        Assert.Equal([new DateTimeOffset(2026, 3, 4, 1, 0, 0, TimeSpan.Zero)], started);
    }

    [Fact]
    public async Task TC_2_and_TC_4_a_clock_that_goes_back_starts_nothing_twice()
    {
        var clock = new HandSetClock(new DateTimeOffset(2026, 3, 1, 0, 30, 0, TimeSpan.Zero));
        var started = new List<DateTimeOffset>();
        var scheduler = Scheduler(clock, "0 2 * * *", started);
        await scheduler.TickAsync(default);
        clock.Move(TimeSpan.FromMinutes(31));
        await scheduler.TickAsync(default);

        clock.Move(-TimeSpan.FromMinutes(10));
        await scheduler.TickAsync(default);
        clock.Move(TimeSpan.FromMinutes(11));
        await scheduler.TickAsync(default);

        Assert.Single(started);
    }

    [Fact]
    public async Task One_schedule_that_fails_keeps_no_other_from_starting_and_is_tried_again()
    {
        var clock = new HandSetClock(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        var (failed, started) = (0, 0);
        var (database, _) = _store.OpenDatabase();
        var every = CronExpression.Parse("0 * * * *");
        var scheduler = new Scheduler(
            [
                new Schedule("broken", every, Berlin, (_, _) => throw new InvalidOperationException($"failure {++failed}")),
                new Schedule("sound", every, Berlin, (_, _) => Task.FromResult(++started)),
            ],
            new SqliteScheduleMarks(database), clock, NullLogger<Scheduler>.Instance);
        await scheduler.TickAsync(default);

        clock.Move(TimeSpan.FromHours(1));
        await scheduler.TickAsync(default);
        await scheduler.TickAsync(default);

        Assert.Equal((2, 1), (failed, started));
    }

    private Scheduler Scheduler(HandSetClock clock, string cron, List<DateTimeOffset> started)
    {
        var (database, _) = _store.OpenDatabase();
        return new Scheduler(
            [
                new Schedule("nightly", CronExpression.Parse(cron), Berlin, (occurrence, _) =>
                {
                    started.Add(occurrence);
                    return Task.CompletedTask;
                }),
            ],
            new SqliteScheduleMarks(database), clock, NullLogger<Scheduler>.Instance);
    }
}
