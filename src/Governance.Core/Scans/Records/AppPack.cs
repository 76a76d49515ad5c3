using System.Buffers;
using System.Collections.Immutable;
using System.IO.Compression;
using Governance.Core.Findings;

namespace Governance.Core.Scans.Records;

/// <summary>Some records one after another, compressed: apps resemble each other.</summary>
internal sealed class AppPack
{
    /// <summary>Apps in a pack.</summary>
    public const int Size = 64;

    private const int Quality = 1;
    private const int WindowBits = 18;
    private const int Unchanged = -1;
    private readonly int[] _lengths;
    private readonly byte[] _compressed;

    private AppPack(ImmutableArray<KnownApp> apps, int[] lengths, byte[] compressed)
    {
        Apps = apps;
        _lengths = lengths;
        _compressed = compressed;
    }

    public ImmutableArray<KnownApp> Apps { get; }

    /// <param name="known">What is kept; records that are the same are not packed. Null when nothing is kept.</param>
    public static AppPack Of(IReadOnlyCollection<AssessedApp> apps, DateTimeOffset scanStart, IReadOnlyDictionary<Guid, KnownApp>? known)
    {
        var lengths = new int[apps.Count];
        var entries = ImmutableArray.CreateBuilder<KnownApp>(apps.Count);
        var bodies = new ArrayBufferWriter<byte>(1 << 16);
        foreach (var app in apps)
        {
            var record = KeptRecord.Of(app, scanStart);
            var digest = record.Digest();
            var same = known is not null && known.TryGetValue(app.Id, out var before) && before.Digest.AsSpan().SequenceEqual(digest);
            lengths[entries.Count] = same ? Unchanged : record.Body.Length;
            entries.Add(KnownApp.Of(app, digest));
            if (!same)
            {
                bodies.Write(record.Body);
            }
        }

        return new AppPack(entries.MoveToImmutable(), lengths, Compress(bodies.WrittenSpan));
    }

    /// <param name="scanStart">Start of the scan that shows the apps.</param>
    public IEnumerable<AppRecord> Open(DateTimeOffset scanStart)
    {
        var bodies = new byte[_lengths.Where(length => length > 0).Sum()];
        if (bodies.Length > 0 && (!BrotliDecoder.TryDecompress(_compressed, bodies, out var written) || written != bodies.Length))
        {
            throw new InvalidOperationException("records packed in memory did not unpack");
        }

        var at = 0;
        for (var entry = 0; entry < Apps.Length; entry++)
        {
            var app = Apps[entry];
            var body = _lengths[entry] == Unchanged ? null : bodies.AsSpan(at, _lengths[entry]).ToArray();
            at += body?.Length ?? 0;
            yield return new AppRecord(app, app.LastSeen.EqualsExact(scanStart) ? null : app.LastSeen, body);
        }
    }

    private static byte[] Compress(ReadOnlySpan<byte> bodies)
    {
        if (bodies.IsEmpty)
        {
            return [];
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(bodies.Length));
        try
        {
            return BrotliEncoder.TryCompress(bodies, buffer, out var written, Quality, WindowBits)
                ? buffer.AsSpan(0, written).ToArray()
                : throw new InvalidOperationException($"{bodies.Length} bytes did not compress into {buffer.Length}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
