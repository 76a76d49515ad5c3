using Governance.Core.Scans.Runs;
using Governance.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace Governance.Embedded.InProcess;

/// <summary>Something that is done again and again.</summary>
/// <param name="Name">Under which its last occurrence is remembered.</param>
/// <param name="Start">Starts it for an occurrence; short, because schedules share one clock.</param>
public sealed record Schedule(string Name, CronExpression When, TimeZoneInfo Zone, Func<DateTimeOffset, CancellationToken, Task> Start);

/// <summary>Starts schedules when they are due. After an outage the last missed occurrence is made good, and only that one.</summary>
public sealed class Scheduler(IReadOnlyCollection<Schedule> schedules, SqliteScheduleMarks marks, TimeProvider time, ILogger<Scheduler> logger)
{
    /// <summary>Longest wait, so that a clock that was put right is noticed.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(20);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await TickAsync(stop).ConfigureAwait(false);
                await Task.Delay(UntilNext(), time, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Starts what has become due since each schedule's last occurrence.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        foreach (var schedule in schedules)
        {
            try
            {
                await TickAsync(schedule, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // One schedule's trouble must not keep the others from starting.
                logger.ScheduleFailed(fault, schedule.Name);
            }
        }
    }

    /// <summary>The next occurrence of any schedule; null when there is none.</summary>
    public DateTimeOffset? Next() => schedules.Select(schedule => schedule.When.Next(time.GetUtcNow(), schedule.Zone)).Min();

    private async Task TickAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await marks.LastAsync(schedule.Name, cancellationToken).ConfigureAwait(false) is not { } last)
        {
            // The first time there is nothing to make good.
            await marks.MarkAsync(schedule.Name, now, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (Occurrences.Latest(after => schedule.When.Next(after, schedule.Zone), last, now) is { } occurrence)
        {
            // Started before it is marked: what is started twice is one run, what is forgotten is a lost night.
            logger.Occurs(schedule.Name, occurrence);
            await schedule.Start(occurrence, cancellationToken).ConfigureAwait(false);
            await marks.MarkAsync(schedule.Name, occurrence, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeSpan UntilNext()
    {
        var wait = Next() - time.GetUtcNow() ?? Look;
        return wait < TimeSpan.FromMilliseconds(10) ? TimeSpan.FromMilliseconds(10) : wait > Look ? Look : wait;
    }
}
