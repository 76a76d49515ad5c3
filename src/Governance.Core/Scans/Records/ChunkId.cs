using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Governance.Core.Scans.Records;

/// <summary>SHA-256 of a chunk's content before compression, so that another compressor does not make another chunk.</summary>
public readonly record struct ChunkId(UInt128 High, UInt128 Low)
{
    /// <summary>Length in bytes.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    public static ChunkId Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(content, hash);
        return From(hash);
    }

    /// <param name="bytes">Exactly <see cref="Size"/> bytes.</param>
    public static ChunkId From(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size
            ? new ChunkId(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[(Size / 2)..]))
            : throw new ArgumentException($"a chunk id has {Size} bytes, not {bytes.Length}", nameof(bytes));

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(Size / 2), Low);
        return bytes;
    }

    /// <returns>64 hexadecimal digits.</returns>
    public override string ToString() => Convert.ToHexStringLower(ToBytes());
}
