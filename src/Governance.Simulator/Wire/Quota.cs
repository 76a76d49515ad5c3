namespace Governance.Simulator.Wire;

/// <summary>A bucket of resource units that refills evenly over ten seconds.</summary>
internal sealed class Quota(int capacity, TimeProvider clock)
{
    private const double WindowSeconds = 10;

    private readonly Lock taking = new();
    private double available = capacity;
    private long last = clock.GetTimestamp();

    /// <returns>Zero when the units were taken, else the seconds until they can be.</returns>
    public int Take(int units)
    {
        lock (taking)
        {
            var now = clock.GetTimestamp();
            var rate = capacity / WindowSeconds;
            available = Math.Min(capacity, available + (clock.GetElapsedTime(last, now).TotalSeconds * rate));
            last = now;
            if (available >= units)
            {
                available -= units;
                return 0;
            }

            return Math.Max(1, (int)Math.Ceiling((units - available) / rate));
        }
    }
}
