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

    /// <summary>Sorts users by id and merges doubles as <see cref="UsersBuilder"/> does.</summary>
    public static Users From(IEnumerable<DirectoryUser> users)
    {
        var builder = new UsersBuilder();
        foreach (var user in users)
        {
            builder.Add(user);
        }

        return builder.Build();
    }

    internal static Users Packed(Guid[] ids, int[] department, byte[] flags, string[] departments) => new(ids, department, flags, departments);

    /// <summary>What the flag column holds for a user.</summary>
    internal static byte Flags(bool? enabled, bool guest) =>
        (byte)((enabled is null ? 0 : EnabledKnown) | (enabled == true ? IsEnabled : 0) | (guest ? IsGuest : 0));

    /// <summary>Flags of two readings of one user.</summary>
    internal static byte Merge(byte one, byte other) => (byte)(((one | other) & (EnabledKnown | IsEnabled)) | (one & other & IsGuest));
}
