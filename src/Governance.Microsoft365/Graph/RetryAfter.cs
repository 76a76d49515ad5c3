using System.Globalization;

namespace Governance.Microsoft365.Graph;

/// <summary>Reads how long an answer asks to wait.</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Takes whole seconds, decimals, and dates in GMT measured against <paramref name="now"/>; of several the longest.</summary>
    /// <returns>Null when none is stated, or none that can be read or lies ahead.</returns>
    public static TimeSpan? Of(HttpResponseMessage answer, DateTimeOffset now)
    {
        TimeSpan? wait = null;
        if (answer.Headers.NonValidated.TryGetValues("Retry-After", out var values))
        {
            foreach (var value in values)
            {
                if (Read(value.Trim(), now) is { } one && one > TimeSpan.Zero && !(wait >= one))
                {
                    wait = one;
                }
            }
        }

        return wait;
    }

    /// <summary>One value of the header; null when it cannot be read. May lie in the past.</summary>
    public static TimeSpan? Read(string value, DateTimeOffset now)
    {
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds >= Longest.TotalSeconds ? Longest : TimeSpan.FromTicks((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond));
        }

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date - now > Longest ? Longest : date - now
            : null;
    }
}
