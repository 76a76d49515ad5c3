namespace Governance.Core.Kpis;

/// <summary>Median and percentiles of durations, in hours with one decimal.</summary>
/// <remarks>Between two values it interpolates: rank p times (n - 1), as spreadsheets do (PERCENTILE.INC).</remarks>
internal static class Percentiles
{
    /// <param name="leftOut">Durations that could not be told, such as those that would be negative.</param>
    public static KpiReading Reading(IEnumerable<TimeSpan> durations, int leftOut, string whenEmpty)
    {
        var hours = durations.Select(duration => (decimal)duration.Ticks / TimeSpan.TicksPerHour).Order().ToArray();
        var note = leftOut > 0 ? FormattableString.Invariant($"{leftOut} left out: their dates do not tell a duration") : null;
        if (hours.Length == 0)
        {
            return KpiReading.NothingToMeasure(note is null ? whenEmpty : $"{whenEmpty}; {note}");
        }

        return new KpiReading(At(hours, 0.5m), hours.Length, note)
        {
            Parts = [new("p25", At(hours, 0.25m)), new("p75", At(hours, 0.75m)), new("p90", At(hours, 0.9m))],
        };
    }

    private static decimal At(decimal[] sorted, decimal share)
    {
        var rank = share * (sorted.Length - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return decimal.Round(sorted[below] + ((rank - below) * (sorted[above] - sorted[below])), 1, MidpointRounding.AwayFromZero);
    }
}
