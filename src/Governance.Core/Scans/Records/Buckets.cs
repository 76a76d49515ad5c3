using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Governance.Core.Scans.Records;

/// <summary>Deals rows out to buckets by the leading bits of a hash of their id, so that a changed row touches one bucket.</summary>
internal static class Buckets
{
    /// <summary>A power of two that puts half of <paramref name="target"/> to <paramref name="target"/> rows in a bucket.</summary>
    /// <param name="previous">Count used before, 0 for none: it is kept while buckets hold a quarter of the target to twice the target.</param>
    public static int Count(int rows, int target, int previous)
    {
        if (rows == 0)
        {
            return 0;
        }

        if (previous > 0 && BitOperations.IsPow2(previous) && rows <= 2L * target * previous && (previous == 1 || 4L * rows >= (long)target * previous))
        {
            return previous;
        }

        return (int)BitOperations.RoundUpToPowerOf2((uint)((rows + target - 1) / target));
    }

    /// <returns>Row numbers bucket after bucket, ascending in each, and where each bucket starts.</returns>
    public static (int[] Order, int[] Starts) Arrange(int rows, int buckets, Func<int, ulong> hash)
    {
        var shift = 64 - BitOperations.Log2((uint)buckets);
        var bucketOf = new int[rows];
        var starts = new int[buckets + 1];
        for (var row = 0; row < rows; row++)
        {
            var bucket = buckets == 1 ? 0 : (int)(hash(row) >> shift);
            bucketOf[row] = bucket;
            starts[bucket + 1]++;
        }

        for (var bucket = 1; bucket <= buckets; bucket++)
        {
            starts[bucket] += starts[bucket - 1];
        }

        var order = new int[rows];
        var next = starts.AsSpan(0, buckets).ToArray();
        for (var row = 0; row < rows; row++)
        {
            order[next[bucketOf[row]]++] = row;
        }

        return (order, starts);
    }

    public static ulong Hash(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])));
    }

    /// <summary>FNV-1a over UTF-8, mixed.</summary>
    public static ulong Hash(string id)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var value in Encoding.UTF8.GetBytes(id))
        {
            hash = (hash ^ value) * 0x100000001B3UL;
        }

        return Mix(hash);
    }

    /// <summary>The finaliser of splitmix64: every bit of the result depends on every bit of the value.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
