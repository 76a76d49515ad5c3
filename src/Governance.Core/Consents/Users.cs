namespace Governance.Core.Consents;

/// <summary>What is kept of a user: no name, no address.</summary>
/// <param name="Department">As the directory states it; null when it states none.</param>
/// <param name="Enabled">Null when the source did not say.</param>
/// <param name="Guest">True for a guest account; a missing user type counts as a member.</param>
public readonly record struct DirectoryUser(Guid Id, string? Department, bool? Enabled, bool Guest)
{
    /// <summary>True when a tenant-wide consent reaches this account: an enabled member.</summary>
    public bool Reachable => Enabled != false && !Guest;
}

/// <summary>The tenant's users in packed columns, sorted by id: 21 bytes a user.</summary>
public sealed class Users
{
    public static readonly Users Empty = new([], [], [], []);

    private const byte EnabledKnown = 1;
    private const byte IsEnabled = 2;
    private const byte IsGuest = 4;
    private readonly Guid[] _ids;
    private readonly int[] _department;
    private readonly byte[] _flags;
    private readonly string[] _departments;

    private Users(Guid[] ids, int[] department, byte[] flags, string[] departments)
    {
        _ids = ids;
        _department = department;
        _flags = flags;
        _departments = departments;
    }

    public int Count => _ids.Length;

    /// <summary>Distinct department texts as the directory states them, sorted ordinally.</summary>
    public ReadOnlySpan<string> Departments => _departments;

    /// <summary>For each user the place of the department in <see cref="Departments"/>; -1 for none.</summary>
    public ReadOnlySpan<int> DepartmentColumn => _department;

    public DirectoryUser this[int row] => new(
        _ids[row],
        _department[row] < 0 ? null : _departments[_department[row]],
        (_flags[row] & EnabledKnown) == 0 ? null : (_flags[row] & IsEnabled) != 0,
        (_flags[row] & IsGuest) != 0);

    /// <returns>The user's row, or a negative number when the user was not read.</returns>
    public int RowOf(Guid id) => Array.BinarySearch(_ids, id);

    /// <summary>Sorts users by id and merges doubles; the later one wins, as in a delta round.</summary>
    public static Users From(IEnumerable<DirectoryUser> users)
    {
        var departments = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new Chunked<(Guid Id, int Department, byte Flags)>();
        foreach (var user in users)
        {
            var department = -1;
            if (user.Department is { } text && !departments.TryGetValue(text, out department))
            {
                department = departments.Count;
                departments.Add(text, department);
            }

            var flags = (user.Enabled is null ? 0 : EnabledKnown) | (user.Enabled == true ? IsEnabled : 0) | (user.Guest ? IsGuest : 0);
            rows.Add((user.Id, user.Department is null ? -1 : department, (byte)flags));
        }

        return Pack(rows, departments);
    }

    private static Users Pack(Chunked<(Guid Id, int Department, byte Flags)> rows, Dictionary<string, int> departments)
    {
        var sorted = departments.Keys.Order(StringComparer.Ordinal).ToArray();
        var rank = new int[sorted.Length];
        for (var place = 0; place < sorted.Length; place++)
        {
            rank[departments[sorted[place]]] = place;
        }

        var last = new Dictionary<Guid, int>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            last[rows[i].Id] = i;
        }

        var ids = last.Keys.ToArray();
        Array.Sort(ids);
        var department = new int[ids.Length];
        var flags = new byte[ids.Length];
        for (var row = 0; row < ids.Length; row++)
        {
            var read = rows[last[ids[row]]];
            department[row] = read.Department < 0 ? -1 : rank[read.Department];
            flags[row] = read.Flags;
        }

        return new Users(ids, department, flags, sorted);
    }
}
