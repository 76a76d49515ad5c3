using System.Buffers.Text;

namespace Governance.Core.Consents;

/// <summary>
/// All app role assignments read from the resource side, in packed columns (about 50 bytes each), sorted by resource, principal,
/// role and id. Built by <see cref="AppRoleAssignmentsBuilder"/>.
/// </summary>
public sealed class AppRoleAssignments
{
    public static readonly AppRoleAssignments Empty = new([]);

    private const int GuidBytes = 16;
    private readonly PackedAssignments _rows;
    private readonly Guid[] _holders;
    private readonly int[] _heldOffsets;
    private readonly int[] _heldRows;

    /// <summary>Sorts the rows; a row read twice counts once.</summary>
    public AppRoleAssignments(IEnumerable<AppRoleAssignment> rows)
        : this(AppRoleAssignmentsBuilder.Pack(rows))
    {
    }

    internal AppRoleAssignments(PackedAssignments rows)
    {
        _rows = rows;
        (_holders, _heldOffsets, _heldRows) = IndexHolders(rows);
    }

    public int Count => _rows.Principal.Length;

    public AppRoleAssignmentRows All => new(this, 0, Count);

    /// <summary>Apps that somebody or something is assigned to, sorted.</summary>
    internal ReadOnlySpan<Guid> Resources => _rows.Resources;

    /// <summary>Service principals that hold an application permission, sorted.</summary>
    public IEnumerable<Guid> Holders => _holders;

    public AppRoleAssignment this[int row]
    {
        get
        {
            var resource = Array.BinarySearch(_rows.Offsets, 0, _rows.Resources.Length, row);
            return At(row, _rows.Resources[resource < 0 ? ~resource - 1 : resource]);
        }
    }

    /// <summary>Who was assigned to a resource.</summary>
    public AppRoleAssignmentRows On(Guid resource)
    {
        var at = Array.BinarySearch(_rows.Resources, resource);
        return at < 0 ? new AppRoleAssignmentRows(this, 0, 0) : new AppRoleAssignmentRows(this, _rows.Offsets[at], _rows.Offsets[at + 1] - _rows.Offsets[at]);
    }

    /// <summary>Application permissions that a service principal holds.</summary>
    public IEnumerable<AppRoleAssignment> HeldBy(Guid servicePrincipal)
    {
        var at = Array.BinarySearch(_holders, servicePrincipal);
        for (var i = at < 0 ? 0 : _heldOffsets[at]; at >= 0 && i < _heldOffsets[at + 1]; i++)
        {
            yield return this[_heldRows[i]];
        }
    }

    /// <summary>Graph's usual id: url-safe base64 of the principal's id and 16 bytes of no known meaning.</summary>
    internal static string IdOf(Guid principal, Guid tail)
    {
        Span<byte> bytes = stackalloc byte[2 * GuidBytes];
        principal.TryWriteBytes(bytes);
        tail.TryWriteBytes(bytes[GuidBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    private AppRoleAssignment At(int row, Guid resource) => new(
        _rows.OtherIds.At(row) ?? IdOf(_rows.Principal[row], _rows.Tail[row]),
        resource,
        _rows.Principal[row],
        (AssigneeKind)_rows.Kind[row],
        _rows.Roles[_rows.Role[row]],
        _rows.CreatedTicks[row] == PackedAssignments.NotSaid ? null : new DateTimeOffset(_rows.CreatedTicks[row], TimeSpan.Zero));

    private static (Guid[] Holders, int[] Offsets, int[] Rows) IndexHolders(PackedAssignments rows)
    {
        var held = new List<int>();
        for (var row = 0; row < rows.Principal.Length; row++)
        {
            if (rows.Kind[row] == (byte)AssigneeKind.ServicePrincipal && rows.Roles[rows.Role[row]] != Guid.Empty)
            {
                held.Add(row);
            }
        }

        held.Sort((a, b) => rows.Principal[a].CompareTo(rows.Principal[b]) is var order and not 0 ? order : a.CompareTo(b));
        var holders = new List<Guid>();
        var offsets = new List<int>();
        for (var i = 0; i < held.Count; i++)
        {
            var principal = rows.Principal[held[i]];
            if (holders.Count == 0 || holders[^1] != principal)
            {
                holders.Add(principal);
                offsets.Add(i);
            }
        }

        offsets.Add(held.Count);
        return ([.. holders], [.. offsets], [.. held]);
    }
}

/// <summary>The columns of <see cref="AppRoleAssignments"/>.</summary>
/// <param name="Offsets">Rows of the resource at i are those from Offsets[i] to Offsets[i + 1].</param>
/// <param name="Role">Place of the role in <paramref name="Roles"/>.</param>
/// <param name="Tail">Second half of the id where it has the usual form.</param>
/// <param name="CreatedTicks">UTC ticks, or <see cref="NotSaid"/>.</param>
internal sealed record PackedAssignments(
    Guid[] Resources, int[] Offsets, Guid[] Roles, Guid[] Principal, int[] Role, Guid[] Tail, long[] CreatedTicks, byte[] Kind, SparseText OtherIds)
{
    public const long NotSaid = long.MinValue;
}
