using System.Text;

namespace Governance.Core.Consents;

/// <summary>Gathers users as pages arrive and packs them once. Not safe for several threads at once.</summary>
/// <remarks>
/// A user read twice with different facts counts as enabled rather than not, as member rather than guest, and with the first
/// department by ordinal order: the reading that hides nothing, whichever came first.
/// </remarks>
public sealed class UsersBuilder
{
    private const int NoDepartment = -1;
    private readonly InternedText _departments = new();
    private readonly Chunked<Row> _rows = new();

    private readonly record struct Row(Guid Id, int Department, byte Flags);

    /// <summary>Rows added, doubles included.</summary>
    public int Added => _rows.Count;

    /// <param name="department">In UTF-8 with JSON escapes already undone; empty for none.</param>
    /// <param name="enabled">Null when the source did not say.</param>
    public void Add(Guid id, ReadOnlySpan<byte> department, bool? enabled, bool guest) =>
        _rows.Add(new Row(id, department.IsEmpty ? NoDepartment : _departments.IndexOf(department), Users.Flags(enabled, guest)));

    public void Add(DirectoryUser user) => Add(user.Id, Encoding.UTF8.GetBytes(user.Department ?? string.Empty), user.Enabled, user.Guest);

    /// <summary>Packs rows from the one numbered <paramref name="from"/> on; the builder goes on as before.</summary>
    public Users Since(int from)
    {
        var segment = new UsersBuilder();
        for (var i = from; i < _rows.Count; i++)
        {
            var department = _rows[i].Department;
            segment._rows.Add(_rows[i] with { Department = department < 0 ? department : segment._departments.IndexOf(Encoding.UTF8.GetBytes(_departments[department])) });
        }

        return segment.Build();
    }

    /// <summary>Packs what was added; the builder is not to be used afterwards.</summary>
    public Users Build()
    {
        var used = new int[_rows.Count];
        var ids = new Guid[_rows.Count];
        var order = new int[_rows.Count];
        var count = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = _rows[i].Id;
            order[i] = i;
            if (_rows[i].Department >= 0)
            {
                used[count++] = _rows[i].Department;
            }
        }

        var (departments, rank) = _departments.Sorted(used.AsSpan(0, count));
        Array.Sort(ids, order);
        var department = new int[ids.Length];
        var flags = new byte[ids.Length];
        var rows = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            var row = _rows[order[i]];
            var place = row.Department < 0 ? NoDepartment : rank[row.Department];
            if (rows > 0 && ids[rows - 1] == ids[i])
            {
                department[rows - 1] = department[rows - 1] < 0 ? place : place < 0 ? department[rows - 1] : Math.Min(place, department[rows - 1]);
                flags[rows - 1] = Users.Merge(flags[rows - 1], row.Flags);
                continue;
            }

            ids[rows] = ids[i];
            department[rows] = place;
            flags[rows] = row.Flags;
            rows++;
        }

        return rows == ids.Length ? Users.Packed(ids, department, flags, departments) : Users.Packed(ids[..rows], department[..rows], flags[..rows], departments);
    }
}
