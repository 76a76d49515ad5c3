using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>The chunks of one kind.</summary>
/// <param name="Rows">Rows in all of them.</param>
/// <param name="Chunks">In bucket order; their number is a power of two, or 0 when there are no rows.</param>
public sealed record ManifestEntry(ChunkKind Kind, int Rows, ImmutableArray<ChunkId> Chunks);

/// <summary>What an inventory is made of: the few facts of its own, and the chunks that hold the rest.</summary>
/// <param name="UserConsent">Null when it was not read.</param>
/// <param name="TrainedUsersRead">Tells a training group without members from one that was not read.</param>
/// <param name="Entries">One for each kind that has rows, in the order of the kinds.</param>
/// <param name="Cursors">Kept with the rows they cover; null when there are none.</param>
public sealed record InventoryManifest(
    Organization Organization,
    DateTimeOffset ReadAt,
    ImmutableArray<PartReading> Parts,
    UserConsentPolicy? UserConsent,
    bool TrainedUsersRead,
    ImmutableArray<ManifestEntry> Entries,
    DeltaCursors? Cursors = null)
{
    private const int Format = 1;
    private const int HeadSize = 4 + SHA256.HashSizeInBytes;

    /// <param name="chunks">All chunks of the inventory in the order <see cref="InventoryChunks.Split"/> gives them.</param>
    public static InventoryManifest Of(Inventory inventory, IEnumerable<(ChunkKind Kind, int Rows, ChunkId Id)> chunks) => new(
        inventory.Organization,
        inventory.ReadAt,
        inventory.Parts,
        inventory.UserConsent,
        inventory.TrainedUsers is not null,
        [.. chunks.GroupBy(chunk => chunk.Kind).OrderBy(kind => kind.Key)
            .Select(kind => new ManifestEntry(kind.Key, kind.Sum(chunk => chunk.Rows), [.. kind.Select(chunk => chunk.Id)]))],
        inventory.Cursors);

    /// <summary>Every chunk, in order; one that several buckets share comes several times.</summary>
    public IEnumerable<ChunkId> Chunks => Entries.SelectMany(entry => entry.Chunks);

    /// <summary>Chunks of a kind; empty when it has no rows.</summary>
    public ImmutableArray<ChunkId> Of(ChunkKind kind) => Entries.FirstOrDefault(entry => entry.Kind == kind)?.Chunks ?? [];

    /// <summary>Bytes to keep: "GVM1", SHA-256 of the rest, the rest as JSON.</summary>
    public byte[] ToBytes()
    {
        var document = new ManifestDocument(Format, Organization, ReadAt, Parts, UserConsent, TrainedUsersRead,
            [.. Entries.Select(entry => new ManifestEntryDocument(entry.Kind, entry.Rows, [.. entry.Chunks.SelectMany(chunk => chunk.ToBytes())]))], Cursors);
        var json = RecordJson.Write(document);
        return [.. "GVM1"u8, .. SHA256.HashData(json), .. json];
    }

    /// <param name="record">Names the manifest in errors.</param>
    /// <exception cref="RecordDamagedException">A byte of it is not what was kept.</exception>
    public static InventoryManifest From(ReadOnlySpan<byte> kept, string record)
    {
        if (kept.Length < HeadSize || !kept.StartsWith("GVM1"u8))
        {
            throw new RecordDamagedException(record, "it has no head that this program knows");
        }

        if (!SHA256.HashData(kept[HeadSize..]).AsSpan().SequenceEqual(kept[4..HeadSize]))
        {
            throw new RecordDamagedException(record, "its bytes are not those that were kept");
        }

        var document = RecordJson.Read<ManifestDocument>(kept[HeadSize..], record);
        if (document.Format != Format)
        {
            throw new RecordDamagedException(record, $"format {document.Format} is unknown");
        }

        return new InventoryManifest(document.Organization, document.ReadAt, document.Parts, document.UserConsent, document.TrainedUsersRead,
            [.. document.Entries.Select(entry => new ManifestEntry(entry.Kind, entry.Rows, Ids(entry.Chunks, record)))], document.Cursors);
    }

    private static ImmutableArray<ChunkId> Ids(byte[] bytes, string record)
    {
        if (bytes.Length % ChunkId.Size != 0)
        {
            throw new RecordDamagedException(record, "a chunk id is cut");
        }

        var ids = new ChunkId[bytes.Length / ChunkId.Size];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = ChunkId.From(bytes.AsSpan(i * ChunkId.Size, ChunkId.Size));
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(ids);
    }
}
