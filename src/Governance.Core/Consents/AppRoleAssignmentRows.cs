using System.Collections;

namespace Governance.Core.Consents;

/// <summary>A run of <see cref="AppRoleAssignments"/>; each row is made when asked for.</summary>
public readonly struct AppRoleAssignmentRows : IReadOnlyList<AppRoleAssignment>
{
    private readonly AppRoleAssignments _all;
    private readonly int _start;

    internal AppRoleAssignmentRows(AppRoleAssignments all, int start, int count)
    {
        _all = all;
        _start = start;
        Count = count;
    }

    public int Count { get; }

    public AppRoleAssignment this[int index] =>
        (uint)index < (uint)Count ? _all[_start + index] : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<AppRoleAssignment> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
