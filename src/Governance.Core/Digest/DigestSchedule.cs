using Governance.Core.Policy;

namespace Governance.Core.Digest;

/// <summary>When a digest is due: once a period, on its first day at a time of day of one zone.</summary>
/// <remarks>
/// A time that daylight saving skips is due when the clocks have moved; one that comes twice is due the first time. After an
/// outage only the latest occurrence is made up for: older ones would tell what is no longer so.
/// </remarks>
public sealed record DigestSchedule(ReportingPeriod Period, TimeOnly At, TimeZoneInfo Zone)
{
    /// <summary>The latest occurrence that is not after a moment.</summary>
    public DigestOccurrence LatestAt(DateTimeOffset now)
    {
        var today = LocalDay(now);
        var occurrence = On(ReportingPeriods.FirstDay(Period, today));
        return occurrence.DueAt <= now ? occurrence : On(ReportingPeriods.FirstDay(Period, ReportingPeriods.FirstDay(Period, today).AddDays(-1)));
    }

    /// <summary>Key of the period whose digest is due at a moment; null while the period's time has not come.</summary>
    public string? DueAt(DateTimeOffset now) => KeyAt(now) is var period && LatestAt(now).Period == period ? period : null;

    /// <summary>Since when a digest made at a moment tells of changes: the occurrence of the period before.</summary>
    public DateTimeOffset TellsSince(DateTimeOffset moment) =>
        On(ReportingPeriods.FirstDay(Period, ReportingPeriods.FirstDay(Period, LocalDay(moment)).AddDays(-1))).DueAt;

    /// <summary>Key of the period that a moment lies in, by the calendar of the zone.</summary>
    public string KeyAt(DateTimeOffset moment) => ReportingPeriods.KeyOf(Period, LocalDay(moment));

    private DateOnly LocalDay(DateTimeOffset moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Zone).DateTime);

    private DigestOccurrence On(DateOnly day) => new(ReportingPeriods.KeyOf(Period, day), Instant(day.ToDateTime(At)));

    private DateTimeOffset Instant(DateTime local)
    {
        if (Zone.IsInvalidTime(local))
        {
            // The offset from before the jump puts the moment behind it.
            return new DateTimeOffset(local, Zone.GetUtcOffset(local.AddHours(-3))).ToUniversalTime();
        }

        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

/// <param name="Period">Key of the period it is for.</param>
/// <param name="DueAt">In UTC.</param>
public sealed record DigestOccurrence(string Period, DateTimeOffset DueAt);
