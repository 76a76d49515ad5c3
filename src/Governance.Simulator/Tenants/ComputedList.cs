using System.Collections;

namespace Governance.Simulator.Tenants;

/// <summary>A list whose items are made when asked for.</summary>
internal sealed class ComputedList<T>(int count, Func<int, T> itemAt) : IReadOnlyList<T>
{
    public int Count => count;

    public T this[int index] => itemAt(index);

    public IEnumerator<T> GetEnumerator()
    {
        for (var index = 0; index < count; index++)
        {
            yield return itemAt(index);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
