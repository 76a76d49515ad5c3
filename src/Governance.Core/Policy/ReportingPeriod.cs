using System.Globalization;

namespace Governance.Core.Policy;

/// <summary>How long the stretch is that one digest or one figure stands for.</summary>
public enum ReportingPeriod
{
    Day,

    /// <summary>ISO 8601 week, from Monday.</summary>
    Week,
    Month,
    Quarter,
}

/// <summary>Names and edges of reporting periods; they come from the calendar day, never from when something ran.</summary>
public static class ReportingPeriods
{
    /// <returns><c>2026-11-22</c>, <c>2026-W47</c>, <c>2026-11</c> or <c>2026-Q4</c>; keys of one kind sort as text.</returns>
    /// <remarks>The year of a week is the ISO year: 2027-01-01 is in <c>2026-W53</c>.</remarks>
    public static string KeyOf(ReportingPeriod period, DateOnly day) => period switch
    {
        ReportingPeriod.Day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ReportingPeriod.Week => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(day):0000}-W{ISOWeek.GetWeekOfYear(day):00}"),
        ReportingPeriod.Month => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        ReportingPeriod.Quarter => string.Create(CultureInfo.InvariantCulture, $"{day.Year:0000}-Q{((day.Month - 1) / 3) + 1}"),
        _ => throw new ArgumentOutOfRangeException(nameof(period)),
    };

    /// <summary>First day of the period that a day lies in.</summary>
    public static DateOnly FirstDay(ReportingPeriod period, DateOnly day) => period switch
    {
        ReportingPeriod.Day => day,
        ReportingPeriod.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        ReportingPeriod.Month => new DateOnly(day.Year, day.Month, 1),
        ReportingPeriod.Quarter => new DateOnly(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(period)),
    };

    /// <summary>First day of the period after the one that a day lies in.</summary>
    public static DateOnly NextFirstDay(ReportingPeriod period, DateOnly day) => period switch
    {
        ReportingPeriod.Day => day.AddDays(1),
        ReportingPeriod.Week => FirstDay(period, day).AddDays(7),
        ReportingPeriod.Month => FirstDay(period, day).AddMonths(1),
        _ => FirstDay(period, day).AddMonths(3),
    };
}
