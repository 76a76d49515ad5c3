using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Governance.Core.Consents;

/// <summary>Gathers app role assignments as pages arrive and packs them once. Not safe for several threads at once.</summary>
public sealed class AppRoleAssignmentsBuilder
{
    private const int GuidBytes = 16;
    private const int UsualIdLength = 43;
    private readonly Interned<Guid> _resources = new();
    private readonly Interned<Guid> _roles = new();
    private readonly Chunked<Row> _rows = new();
    private readonly List<(int Row, string Text)> _otherIds = [];

    private readonly record struct Row(Guid Principal, Guid Tail, long CreatedTicks, int Resource, int Role, AssigneeKind Kind);

    /// <summary>Rows added, doubles included.</summary>
    public int Added => _rows.Count;

    /// <param name="id">Graph id in UTF-8; empty when the source gave none.</param>
    /// <param name="createdAt">Null when the source did not say.</param>
    public void Add(ReadOnlySpan<byte> id, Guid resource, Guid principal, AssigneeKind assignee, Guid role, DateTimeOffset? createdAt)
    {
        if (!TryReadTail(id, principal, out var tail))
        {
            _otherIds.Add((_rows.Count, Encoding.UTF8.GetString(id)));
        }

        _rows.Add(new Row(principal, tail, createdAt?.UtcTicks ?? PackedAssignments.NotSaid, _resources.IndexOf(resource), _roles.IndexOf(role), assignee));
    }

    public void Add(AppRoleAssignment assignment) => Add(
        Encoding.UTF8.GetBytes(assignment.Id), assignment.ResourceId, assignment.PrincipalId, assignment.Assignee, assignment.RoleId, assignment.CreatedAt);

    /// <summary>Packs rows from the one numbered <paramref name="from"/> on; the builder goes on as before.</summary>
    public AppRoleAssignments Since(int from)
    {
        var resources = _resources.InOrder();
        var roles = _roles.InOrder();
        var segment = new AppRoleAssignmentsBuilder();
        for (var i = from; i < _rows.Count; i++)
        {
            segment._rows.Add(_rows[i] with { Resource = segment._resources.IndexOf(resources[_rows[i].Resource]), Role = segment._roles.IndexOf(roles[_rows[i].Role]) });
        }

        segment._otherIds.AddRange(_otherIds.Where(other => other.Row >= from).Select(other => (other.Row - from, other.Text)));
        return segment.Build();
    }

    /// <summary>Packs what was added; the builder is not to be used afterwards.</summary>
    public AppRoleAssignments Build() => new(Pack());

    internal static PackedAssignments Pack(IEnumerable<AppRoleAssignment> rows)
    {
        var builder = new AppRoleAssignmentsBuilder();
        foreach (var row in rows)
        {
            builder.Add(row);
        }

        return builder.Pack();
    }

    private PackedAssignments Pack()
    {
        var (resources, resourceRank) = _resources.Sorted();
        var (roles, roleRank) = _roles.Sorted();
        var ids = SparseText.From(_otherIds);
        var order = Sorted(resourceRank, roleRank, ids);

        var offsets = new int[resources.Length + 1];
        for (var i = 0; i < order.Length; i++)
        {
            offsets[resourceRank[_rows[order[i]].Resource] + 1]++;
        }

        for (var i = 1; i < offsets.Length; i++)
        {
            offsets[i] += offsets[i - 1];
        }

        var packed = new PackedAssignments(
            resources, offsets, roles, new Guid[order.Length], new int[order.Length], new Guid[order.Length], new long[order.Length], new byte[order.Length], SparseText.None);
        var otherIds = new List<(int Row, string Text)>(_otherIds.Count);
        for (var i = 0; i < order.Length; i++)
        {
            var row = _rows[order[i]];
            packed.Principal[i] = row.Principal;
            packed.Role[i] = roleRank[row.Role];
            packed.Tail[i] = row.Tail;
            packed.CreatedTicks[i] = row.CreatedTicks;
            packed.Kind[i] = (byte)row.Kind;
            if (ids.At(order[i]) is { } other)
            {
                otherIds.Add((i, other));
            }
        }

        return packed with { OtherIds = SparseText.From(otherIds) };
    }

    /// <returns>Row numbers in order, doubles left out: of two readings of one row the one that knows more stays.</returns>
    private int[] Sorted(int[] resourceRank, int[] roleRank, SparseText ids)
    {
        var keys = new Key[_rows.Count];
        var order = new int[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            var row = _rows[i];
            keys[i] = new Key(((ulong)resourceRank[row.Resource] << 32) | (uint)roleRank[row.Role], row.Principal);
            order[i] = i;
        }

        Array.Sort(keys, order);
        for (var start = 0; start < order.Length;)
        {
            // Rows of one holder and one role are rare; only they need their ids looked at.
            var end = start + 1;
            while (end < order.Length && keys[end].CompareTo(keys[start]) == 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                order.AsSpan(start, end - start).Sort(Thorough);
            }

            start = end;
        }

        var count = 0;
        for (var i = 0; i < order.Length; i++)
        {
            if (count == 0 || keys[i].CompareTo(keys[i - 1]) != 0 || !string.Equals(Id(order[count - 1]), Id(order[i]), StringComparison.Ordinal))
            {
                order[count++] = order[i];
            }
        }

        return count == order.Length ? order : order[..count];

        int Thorough(int a, int b)
        {
            var id = string.CompareOrdinal(Id(a), Id(b));
            var created = id != 0 ? id : Known(_rows[a].CreatedTicks).CompareTo(Known(_rows[b].CreatedTicks));
            return created != 0 ? created : _rows[b].Kind.CompareTo(_rows[a].Kind);
        }

        static long Known(long ticks) => ticks == PackedAssignments.NotSaid ? long.MaxValue : ticks;

        string Id(int row) => ids.At(row) ?? AppRoleAssignments.IdOf(_rows[row].Principal, _rows[row].Tail);
    }

    /// <summary>Order of rows: by resource, holder and role.</summary>
    /// <param name="Places">Rank of the resource above that of the role.</param>
    private readonly record struct Key(ulong Places, Guid Principal) : IComparable<Key>
    {
        public int CompareTo(Key other)
        {
            var resource = (Places >> 32).CompareTo(other.Places >> 32);
            var principal = resource != 0 ? resource : Principal.CompareTo(other.Principal);
            return principal != 0 ? principal : ((uint)Places).CompareTo((uint)other.Places);
        }
    }

    /// <returns>False when the id has not the usual form and must be kept as it is.</returns>
    private static bool TryReadTail(ReadOnlySpan<byte> id, Guid principal, out Guid tail)
    {
        tail = default;
        Span<byte> bytes = stackalloc byte[2 * GuidBytes];
        if (id.Length != UsualIdLength || Base64Url.DecodeFromUtf8(id, bytes, out _, out var written) != OperationStatus.Done
            || written != bytes.Length || new Guid(bytes[..GuidBytes]) != principal)
        {
            return false;
        }

        Span<byte> again = stackalloc byte[UsualIdLength];
        tail = new Guid(bytes[GuidBytes..]);
        return Base64Url.TryEncodeToUtf8(bytes, again, out _) && again.SequenceEqual(id);
    }
}
