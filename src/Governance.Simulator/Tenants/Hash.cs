namespace Governance.Simulator.Tenants;

/// <summary>Random-looking numbers that are a pure function of their inputs, so that any row can be made from its index alone.</summary>
internal static class Hash
{
    /// <summary>The splitmix64 finaliser: every input bit reaches every output bit.</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    public static ulong Mix(ulong seed, ulong stream, ulong index) => Mix(Mix(seed + (stream * 0xD1B54A32D192ED03)) + index);

    /// <summary>The same for a text, so that a named thing keeps its choices when others are added beside it.</summary>
    public static ulong Mix(ulong seed, string text)
    {
        var value = Mix(seed);
        foreach (var character in text)
        {
            value = (value ^ character) * 0x100000001B3;
        }

        return Mix(value);
    }

    /// <returns>From 0 to <paramref name="bound"/> - 1.</returns>
    public static int Below(ulong hash, int bound) => (int)(((UInt128)hash * (uint)bound) >> 64);

    /// <returns>From 0 inclusive to 1 exclusive.</returns>
    public static double Fraction(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));

    public static T Pick<T>(ulong hash, IReadOnlyList<T> choices) => choices[Below(hash, choices.Count)];
}
