namespace Governance.Core.Scans.Records;

/// <summary>Lets equal values that many records repeat be one object.</summary>
/// <remarks>The pool is small and forgets: a value that lost its place is simply held twice. Safe for many threads.</remarks>
internal static class Shared<T>
    where T : class
{
    private const int Slots = 16384;

    private static readonly T?[] Pool = new T?[Slots];

    /// <returns>An equal object that was given before, else the one given.</returns>
    public static T Of(T value)
    {
        ref var slot = ref Pool[(uint)value.GetHashCode() % Slots];
        if (Volatile.Read(ref slot) is { } known && known.Equals(value))
        {
            return known;
        }

        Volatile.Write(ref slot, value);
        return value;
    }
}
