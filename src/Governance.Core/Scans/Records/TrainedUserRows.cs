namespace Governance.Core.Scans.Records;

/// <summary>Ids of trained users of a chunk.</summary>
internal static class TrainedUserRows
{
    public static void Write(ChunkWriter to, Guid[] users, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            to.OwnGuid(users[row]);
        }
    }

    public static void Read(ref ChunkReader from, ICollection<Guid> to)
    {
        for (var row = 0; row < from.Rows; row++)
        {
            to.Add(from.OwnGuid());
        }
    }
}
