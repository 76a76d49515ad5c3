namespace Governance.Core.Consents;

/// <summary>A list that grows by chunks, so that growing never copies what is there nor holds two copies at once.</summary>
internal sealed class Chunked<T>
{
    private const int Bits = 14;
    private const int Size = 1 << Bits;
    private readonly List<T[]> _chunks = [];

    public int Count { get; private set; }

    public T this[int index] => _chunks[index >> Bits][index & (Size - 1)];

    public void Add(T item)
    {
        if (Count == _chunks.Count << Bits)
        {
            _chunks.Add(new T[Size]);
        }

        _chunks[Count >> Bits][Count & (Size - 1)] = item;
        Count++;
    }
}
