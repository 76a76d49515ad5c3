using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Data.Tables;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Where bytes are kept that may be larger than a property or an entity.</summary>
/// <param name="Key">Start of the row keys, up to the part.</param>
/// <param name="Parts">Entities it takes.</param>
/// <param name="Length">Bytes kept.</param>
/// <param name="Digest">SHA-256 of the content before compression, in hexadecimal: equal digests, nothing to write.</param>
internal sealed record TableBlob(string Key, int Parts, int Length, string Digest)
{
    /// <summary>A binary property holds at most 64 KiB.</summary>
    public const int PropertySize = 64 * 1024;

    /// <summary>Properties of one entity. The service takes 1 MiB; the emulator counts the base64 of it, which is a third more.</summary>
    public const int PropertiesPerEntity = 8;

    public const int EntitySize = PropertySize * PropertiesPerEntity;

    public string KeyOf(int part) => Key + part.ToString("D4", CultureInfo.InvariantCulture);

    public IEnumerable<string> Keys => Enumerable.Range(0, Parts).Select(KeyOf);

    public static string DigestOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <param name="kept">Bytes as they are to be kept.</param>
    public static (TableBlob Blob, List<TableEntity> Entities) Cut(string partition, string key, string digest, byte[] kept)
    {
        var blob = new TableBlob(key, Math.Max(1, (kept.Length + EntitySize - 1) / EntitySize), kept.Length, digest);
        var entities = new List<TableEntity>();
        for (var part = 0; part < blob.Parts; part++)
        {
            var entity = new TableEntity(partition, blob.KeyOf(part));
            var own = kept.AsSpan(part * EntitySize, Math.Min(EntitySize, kept.Length - (part * EntitySize)));
            WriteBytes(entity, "D", own);
            entities.Add(entity);
        }

        return (blob, entities);
    }

    /// <summary>The blob that a row names.</summary>
    /// <exception cref="RecordDamagedException">It names none.</exception>
    public static TableBlob In(TableEntity row, string name, string record)
    {
        try
        {
            return JsonSerializer.Deserialize(row.GetString(name) ?? "null", TableJsonContext.Default.TableBlob)
                ?? throw new RecordDamagedException(record, $"{name} is missing");
        }
        catch (JsonException fault)
        {
            throw new RecordDamagedException(record, $"{name} does not read", fault);
        }
    }

    /// <summary>Splits bytes over numbered properties.</summary>
    public static void WriteBytes(TableEntity to, string name, ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at == 0 || at < bytes.Length; at += PropertySize)
        {
            to[$"{name}{at / PropertySize}"] = bytes.Slice(at, Math.Min(PropertySize, bytes.Length - at)).ToArray();
        }
    }

    public static byte[] ReadBytes(TableEntity from, string name)
    {
        using var bytes = new MemoryStream();
        for (var n = 0; from.TryGetValue($"{name}{n}", out var value) && value is byte[] part; n++)
        {
            bytes.Write(part);
        }

        return bytes.ToArray();
    }

    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        var buffer = new byte[4 + BrotliEncoder.GetMaxCompressedLength(content.Length)];
        BitConverter.TryWriteBytes(buffer, content.Length);
        return BrotliEncoder.TryCompress(content, buffer.AsSpan(4), out var written, quality: 4, window: 22)
            ? buffer[..(4 + written)]
            : throw new InvalidOperationException($"{content.Length} bytes did not compress into {buffer.Length}");
    }

    /// <param name="digest">Digest the content must have; null when nothing is known of it.</param>
    /// <exception cref="RecordDamagedException">The bytes are not what was kept.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> kept, string? digest, string record)
    {
        var length = kept.Length >= 4 ? BitConverter.ToInt32(kept) : -1;
        // Brotli makes nothing smaller than about a millionth; a longer claim is damage and must not take the memory.
        if (length < 0 || length > Math.Max(1 << 20, (long)kept.Length << 20))
        {
            throw new RecordDamagedException(record, "it has no head that this program knows");
        }

        var content = new byte[length];
        if (!BrotliDecoder.TryDecompress(kept[4..], content, out var written) || written != length || (digest is not null && DigestOf(content) != digest))
        {
            throw new RecordDamagedException(record, "its bytes are not those that were kept");
        }

        return content;
    }
}
