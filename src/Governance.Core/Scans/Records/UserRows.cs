using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>Users of a chunk, column after column.</summary>
internal static class UserRows
{
    public static void Write(ChunkWriter to, Users users, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            to.OwnGuid(users[row].Id);
        }

        foreach (var row in rows)
        {
            to.Text(users[row].Department);
        }

        foreach (var row in rows)
        {
            to.Answer(users[row].Enabled);
            to.Answer(users[row].Guest);
        }
    }

    public static void Read(ref ChunkReader from, ICollection<DirectoryUser> to)
    {
        var ids = new Guid[from.Rows];
        var departments = new string?[from.Rows];
        for (var row = 0; row < ids.Length; row++)
        {
            ids[row] = from.OwnGuid();
        }

        for (var row = 0; row < ids.Length; row++)
        {
            departments[row] = from.Text();
        }

        for (var row = 0; row < ids.Length; row++)
        {
            to.Add(new DirectoryUser(ids[row], departments[row], from.Answer(), from.Answer() == true));
        }
    }
}
