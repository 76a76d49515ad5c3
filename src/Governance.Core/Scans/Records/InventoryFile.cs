using System.Buffers.Binary;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>An inventory in one stream: its manifest, then its chunks, each with its length before it.</summary>
/// <remarks>Every byte is under a checksum, so a cut or altered file is refused, never read as a smaller tenant.</remarks>
public static class InventoryFile
{
    private const int Longest = 256 * 1024 * 1024;

    /// <summary>First bytes of such a file.</summary>
    public static ReadOnlySpan<byte> Mark => "GVI1"u8;

    public static void Write(Stream to, Inventory inventory)
    {
        var chunks = InventoryChunks.Split(inventory, null).ToArray();
        to.Write(Mark);
        WritePiece(to, InventoryManifest.Of(inventory, chunks.Select(chunk => (chunk.Kind, chunk.Rows, chunk.Id))).ToBytes());
        foreach (var chunk in chunks)
        {
            WritePiece(to, chunk.Compressed());
        }
    }

    /// <param name="name">Names the file in errors.</param>
    /// <exception cref="RecordDamagedException">It is not such a file, or not whole.</exception>
    public static Inventory Read(Stream from, string name)
    {
        var mark = new byte[Mark.Length];
        if (from.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) < mark.Length || !mark.AsSpan().SequenceEqual(Mark))
        {
            throw new RecordDamagedException(name, "it is not a file that 'export --inventory' wrote");
        }

        var manifest = InventoryManifest.From(ReadPiece(from, name), name);
        var join = new InventoryJoin(manifest);
        var given = new HashSet<ChunkId>();
        foreach (var id in manifest.Chunks)
        {
            var piece = ReadPiece(from, name);
            if (given.Add(id))
            {
                join.Add(id, piece);
            }
        }

        return from.ReadByte() < 0 ? join.Build() : throw new RecordDamagedException(name, "something follows its end");
    }

    private static void WritePiece(Stream to, byte[] piece)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, piece.Length);
        to.Write(length);
        to.Write(piece);
    }

    private static byte[] ReadPiece(Stream from, string name)
    {
        Span<byte> head = stackalloc byte[4];
        var length = from.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 ? BinaryPrimitives.ReadInt32LittleEndian(head) : -1;
        if (length is < 0 or > Longest)
        {
            throw new RecordDamagedException(name, "it ends too early");
        }

        var piece = new byte[length];
        return from.ReadAtLeast(piece, length, throwOnEndOfStream: false) == length ? piece : throw new RecordDamagedException(name, "it ends too early");
    }
}
