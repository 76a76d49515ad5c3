namespace Governance.Embedded.InProcess;

/// <summary>When something happens again and again: minute, hour, day of month, month and day of week in a time zone.</summary>
/// <remarks>
/// Five fields with numbers, <c>*</c>, ranges, lists and steps; Sunday is 0 or 7. When both days are restricted either is enough, as in cron.
/// A local time that the clocks skip happens when they have been put forward; one that comes twice happens the first time.
/// </remarks>
public sealed class CronExpression
{
    /// <summary>The calendar repeats leap years and weekdays within this many years.</summary>
    private const int YearsAhead = 28;

    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _days;
    private readonly ulong _months;
    private readonly ulong _weekdays;
    private readonly bool _eitherDay;

    private CronExpression(ulong[] fields, bool eitherDay)
    {
        (_minutes, _hours, _days, _months) = (fields[0], fields[1], fields[2], fields[3]);
        _weekdays = (fields[4] & 0x7F) | (fields[4] >> 7);
        _eitherDay = eitherDay;
    }

    /// <exception cref="FormatException">The text is no such expression, or names a day that never comes.</exception>
    public static CronExpression Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length != 5)
        {
            throw new FormatException($"a schedule has five fields (minute, hour, day of month, month, day of week), not {fields.Length}");
        }

        var expression = new CronExpression(
            [
                CronField.Parse(fields[0], "minute", 0, 59), CronField.Parse(fields[1], "hour", 0, 23), CronField.Parse(fields[2], "day of month", 1, 31),
                CronField.Parse(fields[3], "month", 1, 12), CronField.Parse(fields[4], "day of week", 0, 7),
            ],
            fields[2] != "*" && fields[4] != "*");
        return expression.Next(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc) is null
            ? throw new FormatException("the schedule names a day that no month has")
            : expression;
    }

    /// <returns>The first occurrence after that moment; null when there is none.</returns>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        // A day earlier, so that a time skipped or repeated around the moment is not missed.
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime).AddDays(-1);
        var end = day.AddYears(YearsAhead);
        for (; day < end; day = day.AddDays(1))
        {
            if (!OnDay(day))
            {
                continue;
            }

            if (FirstOf(day, after, zone) is { } occurrence)
            {
                return occurrence;
            }
        }

        return null;
    }

    private DateTimeOffset? FirstOf(DateOnly day, DateTimeOffset after, TimeZoneInfo zone)
    {
        DateTimeOffset? first = null;
        for (var hour = 0; hour < 24; hour++)
        {
            for (var minute = 0; minute < 60 && Has(_hours, hour); minute++)
            {
                if (Has(_minutes, minute) && Moment(day.ToDateTime(new TimeOnly(hour, minute)), zone) is var moment && moment > after && (first is null || moment < first))
                {
                    first = moment;
                }
            }
        }

        return first;
    }

    private static DateTimeOffset Moment(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            var valid = local;
            do
            {
                valid = valid.AddMinutes(1);
            }
            while (zone.IsInvalidTime(valid));

            return new DateTimeOffset(valid, zone.GetUtcOffset(valid)).ToUniversalTime();
        }

        // Of two offsets the larger one is the earlier moment.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private bool OnDay(DateOnly day)
    {
        var (ofMonth, ofWeek) = (Has(_days, day.Day), Has(_weekdays, (int)day.DayOfWeek));
        return Has(_months, day.Month) && (_eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    private static bool Has(ulong set, int value) => (set >> value & 1) != 0;
}
