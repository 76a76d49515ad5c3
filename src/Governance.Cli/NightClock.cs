namespace Governance.Cli;

/// <summary>A clock set to a moment of a made-up history; it runs on from there at the usual pace.</summary>
internal sealed class NightClock(TimeProvider real) : TimeProvider
{
    private DateTimeOffset _setTo = real.GetUtcNow();
    private long _setAt = real.GetTimestamp();

    public override long TimestampFrequency => real.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public void Set(DateTimeOffset moment)
    {
        _setTo = moment;
        _setAt = real.GetTimestamp();
    }

    public override DateTimeOffset GetUtcNow() => _setTo + real.GetElapsedTime(_setAt);

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        real.CreateTimer(callback, state, dueTime, period);
}
