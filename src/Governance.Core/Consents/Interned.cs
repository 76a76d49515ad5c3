using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Governance.Core.Consents;

/// <summary>Gives each distinct value a small number, in the order first seen.</summary>
internal sealed class Interned<T>
    where T : struct, IComparable<T>
{
    private readonly Dictionary<T, int> _index = [];
    private T _last;
    private int _lastIndex = -1;

    public int Count => _index.Count;

    public int IndexOf(T value)
    {
        if (_lastIndex >= 0 && EqualityComparer<T>.Default.Equals(value, _last))
        {
            return _lastIndex;
        }

        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_index, value, out var known);
        if (!known)
        {
            slot = _index.Count - 1;
        }

        _last = value;
        _lastIndex = slot;
        return slot;
    }

    /// <summary>The values in the order of their numbers.</summary>
    public T[] InOrder()
    {
        var values = new T[_index.Count];
        foreach (var (value, number) in _index)
        {
            values[number] = value;
        }

        return values;
    }

    /// <returns>The values sorted, and for each number given out its place among them.</returns>
    public (T[] Values, int[] Rank) Sorted()
    {
        var values = new T[_index.Count];
        var numbers = new int[_index.Count];
        foreach (var (value, number) in _index)
        {
            values[number] = value;
            numbers[number] = number;
        }

        Array.Sort(values, numbers);
        var rank = new int[values.Length];
        for (var place = 0; place < numbers.Length; place++)
        {
            rank[numbers[place]] = place;
        }

        return (values, rank);
    }
}

/// <summary>Gives each distinct UTF-8 text a small number without making a string for one already known.</summary>
internal sealed class InternedText
{
    private readonly Dictionary<Key, int> _index = new(new KeyComparer());
    private readonly Dictionary<Key, int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<string> _texts = [];

    private readonly record struct Key(byte[] Bytes);

    public InternedText() => _lookup = _index.GetAlternateLookup<ReadOnlySpan<byte>>();

    public string this[int number] => _texts[number];

    public int IndexOf(ReadOnlySpan<byte> utf8)
    {
        if (_lookup.TryGetValue(utf8, out var number))
        {
            return number;
        }

        _texts.Add(Encoding.UTF8.GetString(utf8));
        _index.Add(new Key(utf8.ToArray()), _texts.Count - 1);
        return _texts.Count - 1;
    }

    /// <returns>The texts in use, sorted ordinally, and for each number its place among them (-1 when not in use).</returns>
    public (string[] Texts, int[] Rank) Sorted(ReadOnlySpan<int> used)
    {
        var rank = new int[_texts.Count];
        Array.Fill(rank, -1);
        foreach (var number in used)
        {
            rank[number] = 0;
        }

        var numbers = Enumerable.Range(0, rank.Length).Where(number => rank[number] == 0).ToArray();
        Array.Sort(numbers, (a, b) => string.CompareOrdinal(_texts[a], _texts[b]));
        for (var place = 0; place < numbers.Length; place++)
        {
            rank[numbers[place]] = place;
        }

        return ([.. numbers.Select(number => _texts[number])], rank);
    }

    private sealed class KeyComparer : IEqualityComparer<Key>, IAlternateEqualityComparer<ReadOnlySpan<byte>, Key>
    {
        private static readonly ulong Secret = ((ulong)(uint)HashCode.Combine(1) << 32) | (uint)HashCode.Combine(2);
        private static readonly ulong Factor = (((ulong)(uint)HashCode.Combine(3) << 32) | (uint)HashCode.Combine(4)) | 1;

        public bool Equals(Key x, Key y) => x.Bytes.AsSpan().SequenceEqual(y.Bytes);

        public bool Equals(ReadOnlySpan<byte> alternate, Key other) => alternate.SequenceEqual(other.Bytes);

        public int GetHashCode(Key key) => GetHashCode(key.Bytes.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            // Eight bytes at a step, under a secret of this process: the texts come from whoever wrote an app.
            var hash = Secret + (ulong)alternate.Length;
            while (alternate.Length > sizeof(ulong))
            {
                hash = Mixed(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(alternate));
                alternate = alternate[sizeof(ulong)..];
            }

            var rest = 0ul;
            for (var i = 0; i < alternate.Length; i++)
            {
                rest |= (ulong)alternate[i] << (8 * i);
            }

            hash = Mixed(hash ^ rest);
            return (int)(hash ^ (hash >> 32));
        }

        private static ulong Mixed(ulong hash)
        {
            var high = Math.BigMul(hash, Factor, out var low);
            return high ^ low;
        }

        public Key Create(ReadOnlySpan<byte> alternate) => new(alternate.ToArray());
    }
}
