using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Governance.Core.Scans.Records;

/// <summary>Some rows of one kind of an inventory, named by their content.</summary>
public sealed class InventoryChunk
{
    private const int HeadSize = 16;
    private const int CheckSize = 8;
    private const int Quality = 4;
    private const int WindowBits = 22;
    private readonly byte[] _content;

    internal InventoryChunk(ChunkKind kind, int rows, byte[] content)
    {
        Kind = kind;
        Rows = rows;
        _content = content;
        Id = ChunkId.Of(content);
    }

    public ChunkKind Kind { get; }

    public int Rows { get; }

    public ChunkId Id { get; }

    /// <summary>Bytes to keep: "GVC1", length of the content, a check of everything else, the content compressed with Brotli.</summary>
    /// <remarks>Compressed at each call: ask only for a chunk that is not kept yet.</remarks>
    public byte[] Compressed()
    {
        var buffer = new byte[HeadSize + BrotliEncoder.GetMaxCompressedLength(_content.Length)];
        "GVC1"u8.CopyTo(buffer);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(4), _content.Length);
        if (!BrotliEncoder.TryCompress(_content, buffer.AsSpan(HeadSize), out var written, Quality, WindowBits))
        {
            throw new InvalidOperationException($"{_content.Length} bytes did not compress into {buffer.Length}");
        }

        var kept = buffer[..(HeadSize + written)];
        WriteCheck(kept, kept.AsSpan(8, CheckSize));
        return kept;
    }

    /// <summary>The content of a kept chunk.</summary>
    /// <exception cref="RecordDamagedException">A byte of it is not what was kept.</exception>
    internal static byte[] Open(ChunkId id, ReadOnlySpan<byte> kept)
    {
        Span<byte> check = stackalloc byte[CheckSize];
        if (kept.Length < HeadSize || !kept.StartsWith("GVC1"u8))
        {
            throw Damaged(id, "it has no head that this program knows");
        }

        WriteCheck(kept, check);
        var length = BinaryPrimitives.ReadInt32LittleEndian(kept[4..]);
        if (!check.SequenceEqual(kept.Slice(8, CheckSize)) || length < 0)
        {
            throw Damaged(id, "its bytes are not those that were kept");
        }

        var content = new byte[length];
        if (!BrotliDecoder.TryDecompress(kept[HeadSize..], content, out var written) || written != length || ChunkId.Of(content) != id)
        {
            throw Damaged(id, "its content is not the one it is named for");
        }

        return content;
    }

    internal static string NameOf(ChunkId id) => $"inventory chunk {id}";

    private static RecordDamagedException Damaged(ChunkId id, string problem) => new(NameOf(id), problem);

    private static void WriteCheck(ReadOnlySpan<byte> kept, Span<byte> check)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(kept[..8]);
        hash.AppendData(kept[HeadSize..]);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        whole[..CheckSize].CopyTo(check);
    }
}
