using System.Buffers.Text;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>App role assignments of a chunk, one after another.</summary>
/// <remarks>
/// Graph's ids are url-safe base64 of 32 bytes, the first 16 of them usually the principal's id (observed, undocumented). Such an
/// id takes 16 or 32 bytes here; any other is kept as text.
/// </remarks>
internal static class AssignmentRows
{
    private const byte TextId = 0;
    private const byte PrincipalAndGuid = 1;
    private const byte TwoGuids = 2;

    public static void Write(ChunkWriter to, AppRoleAssignments assignments, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            var assignment = assignments.All[row];
            to.SharedGuid(assignment.ResourceId);
            to.SharedGuid(assignment.PrincipalId);
            to.Byte((byte)assignment.Assignee);
            to.SharedGuid(assignment.RoleId);
            to.Time(assignment.CreatedAt);
            WriteId(to, assignment);
        }
    }

    public static void Read(ref ChunkReader from, ICollection<AppRoleAssignment> to)
    {
        for (var row = 0; row < from.Rows; row++)
        {
            var resource = from.NeededGuid();
            var principal = from.NeededGuid();
            var assignee = (AssigneeKind)from.Byte();
            if (!Enum.IsDefined(assignee))
            {
                throw from.Damaged($"assignee kind {(int)assignee} is unknown");
            }

            var role = from.NeededGuid();
            var createdAt = from.Time();
            to.Add(new AppRoleAssignment(ReadId(ref from, principal), resource, principal, assignee, role, createdAt));
        }
    }

    private static void WriteId(ChunkWriter to, AppRoleAssignment assignment)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (assignment.Id.Length != 43 || !Base64Url.IsValid(assignment.Id) || !Base64Url.TryDecodeFromChars(assignment.Id, bytes, out var written)
            || written != 32 || Base64Url.EncodeToString(bytes) != assignment.Id)
        {
            to.Byte(TextId);
            to.Text(assignment.Id);
            return;
        }

        var first = new Guid(bytes[..16]);
        to.Byte(first == assignment.PrincipalId ? PrincipalAndGuid : TwoGuids);
        if (first != assignment.PrincipalId)
        {
            to.OwnGuid(first);
        }

        to.OwnGuid(new Guid(bytes[16..]));
    }

    private static string ReadId(ref ChunkReader from, Guid principal) => from.Byte() switch
    {
        TextId => from.NeededText(),
        PrincipalAndGuid => Id(principal, from.OwnGuid()),
        TwoGuids => Id(from.OwnGuid(), from.OwnGuid()),
        var form => throw from.Damaged($"id form {form} is unknown"),
    };

    private static string Id(Guid first, Guid second)
    {
        Span<byte> bytes = stackalloc byte[32];
        first.TryWriteBytes(bytes);
        second.TryWriteBytes(bytes[16..]);
        return Base64Url.EncodeToString(bytes);
    }
}
