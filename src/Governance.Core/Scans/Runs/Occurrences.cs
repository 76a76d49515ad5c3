namespace Governance.Core.Scans.Runs;

/// <summary>Finds the occurrence of a schedule that a timer serves. It names the run, whenever the timer really fires.</summary>
public static class Occurrences
{
    /// <summary>How long before its occurrence a timer may fire. The Functions host fires some milliseconds early when clocks differ.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromSeconds(10);

    /// <summary>Spans that are searched one after the other: over a year a schedule of every minute has half a million occurrences.</summary>
    private static readonly TimeSpan[] Spans = [TimeSpan.FromHours(1), TimeSpan.FromHours(26), TimeSpan.FromDays(32), TimeSpan.FromDays(12_000)];

    /// <summary>The latest occurrence that is due, or due within <see cref="Early"/>. After an outage older ones are not made up for.</summary>
    /// <param name="next">Gives the first occurrence after a moment; null for none.</param>
    /// <param name="firedAt">When the timer fired; also of a run by hand, which belongs to the occurrence before it.</param>
    /// <returns>Null when the schedule has had no occurrence yet.</returns>
    public static DateTimeOffset? Served(Func<DateTimeOffset, DateTimeOffset?> next, DateTimeOffset firedAt) =>
        Latest(next, firedAt - Spans[^1], firedAt + Early);

    /// <summary>The latest occurrence after one moment and not after another; null for none.</summary>
    /// <param name="next">Gives the first occurrence after a moment; null for none.</param>
    public static DateTimeOffset? Latest(Func<DateTimeOffset, DateTimeOffset?> next, DateTimeOffset after, DateTimeOffset until)
    {
        foreach (var span in Spans)
        {
            var from = until - after <= span ? after : until - span;
            DateTimeOffset? latest = null;
            for (var occurrence = next(from); occurrence <= until; occurrence = next(occurrence.Value))
            {
                latest = occurrence;
            }

            if (latest is not null || from == after)
            {
                return latest;
            }
        }

        return null;
    }
}
