using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>Cuts an inventory into chunks that stay the same while their rows do.</summary>
/// <remarks>
/// Rows go to chunks by a hash of the id they change with: grants and assignments by who holds them, everything else by its own
/// id. One chunk is in memory at a time. The same inventory and layout give the same chunks, byte for byte.
/// </remarks>
public static class InventoryChunks
{
    /// <summary>Rows a chunk aims at, for short rows.</summary>
    internal const int ShortRows = 2_048;

    /// <summary>Rows a chunk aims at, for rows of much text.</summary>
    internal const int LongRows = 512;

    private delegate void WriteRows(ChunkWriter to, ReadOnlySpan<int> rows);

    /// <param name="previous">Inventory kept before, whose layout is kept where the sizes allow; null when there is none.</param>
    public static IEnumerable<InventoryChunk> Split(Inventory inventory, InventoryManifest? previous)
    {
        int Before(ChunkKind kind) => previous?.Of(kind).Length ?? 0;
        var principals = inventory.ServicePrincipals.Sort((a, b) => a.Id.CompareTo(b.Id));
        var events = inventory.ConsentEvents.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        var requests = inventory.ConsentRequests.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        var signIns = inventory.SignIns.Sort((a, b) => a.AppId.CompareTo(b.AppId));
        var agents = inventory.AgentIdentities.Sort((a, b) => a.Id.CompareTo(b.Id));
        Guid[] trained = [.. (inventory.TrainedUsers ?? []).Order()];
        return Cut(ChunkKind.ServicePrincipals, principals.Length, LongRows, Before(ChunkKind.ServicePrincipals),
                row => Buckets.Hash(principals[row].Id), (to, rows) => ServicePrincipalRows.Write(to, principals, rows))
            .Concat(Cut(ChunkKind.Grants, inventory.Grants.Count, ShortRows, Before(ChunkKind.Grants),
                row => Buckets.Hash(GrantRows.HolderOf(inventory.Grants, row)), (to, rows) => GrantRows.Write(to, inventory.Grants, rows)))
            .Concat(Cut(ChunkKind.Assignments, inventory.Assignments.Count, ShortRows, Before(ChunkKind.Assignments),
                row => Buckets.Hash(inventory.Assignments.All[row].PrincipalId), (to, rows) => AssignmentRows.Write(to, inventory.Assignments, rows)))
            .Concat(Cut(ChunkKind.Users, inventory.Users.Count, ShortRows, Before(ChunkKind.Users),
                row => Buckets.Hash(inventory.Users[row].Id), (to, rows) => UserRows.Write(to, inventory.Users, rows)))
            .Concat(Cut(ChunkKind.ConsentEvents, events.Length, LongRows, Before(ChunkKind.ConsentEvents),
                row => Buckets.Hash(events[row].Id), (to, rows) => ConsentEventRows.Write(to, events, rows)))
            .Concat(Cut(ChunkKind.ConsentRequests, requests.Length, LongRows, Before(ChunkKind.ConsentRequests),
                row => Buckets.Hash(requests[row].Id), (to, rows) => ConsentRequestRows.Write(to, requests, rows)))
            .Concat(Cut(ChunkKind.SignIns, signIns.Length, ShortRows, Before(ChunkKind.SignIns),
                row => Buckets.Hash(signIns[row].AppId), (to, rows) => SignInRows.Write(to, signIns, rows)))
            .Concat(Cut(ChunkKind.TrainedUsers, trained.Length, ShortRows, Before(ChunkKind.TrainedUsers),
                row => Buckets.Hash(trained[row]), (to, rows) => TrainedUserRows.Write(to, trained, rows)))
            .Concat(Cut(ChunkKind.AgentIdentities, agents.Length, ShortRows, Before(ChunkKind.AgentIdentities),
                row => Buckets.Hash(agents[row].Id), (to, rows) => AgentIdentityRows.Write(to, agents, rows)));
    }

    private static IEnumerable<InventoryChunk> Cut(ChunkKind kind, int rows, int target, int previous, Func<int, ulong> hash, WriteRows write)
    {
        var buckets = Buckets.Count(rows, target, previous);
        if (buckets == 0)
        {
            yield break;
        }

        var (order, starts) = Buckets.Arrange(rows, buckets, hash);
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var own = starts[bucket + 1] - starts[bucket];
            var writer = new ChunkWriter(kind, own);
            write(writer, order.AsSpan(starts[bucket], own));
            yield return new InventoryChunk(kind, own, writer.ToContent());
        }
    }
}
