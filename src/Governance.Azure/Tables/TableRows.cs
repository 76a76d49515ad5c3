using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>One app, finding or event among others of its kind.</summary>
/// <param name="FirstSeen">Null where the kind has no such time.</param>
/// <param name="LastSeen">As in <see cref="KeptRecord"/>: null for the start of the last committed scan.</param>
/// <param name="Body">Null for an app that is gone.</param>
internal sealed record TableRow(string Id, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen, byte[]? Body);

/// <summary>Packs rows into few blobs, because a transaction of Table storage costs the same for one row as for a blob of them.</summary>
/// <remarks>A row's place depends on its id alone, so an unchanged row leaves its pack unchanged and the pack is not written again.</remarks>
internal static class TableRows
{
    private const byte Format = 1;

    /// <summary>Rows a pack aims at.</summary>
    private const int Target = 128;

    /// <param name="previous">Packs used before, 0 for none: kept while packs hold a quarter of the target to twice the target.</param>
    public static List<byte[]> Pack(IReadOnlyCollection<TableRow> rows, int previous)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var keep = previous > 0 && rows.Count <= 2L * Target * previous && (previous == 1 || 4L * rows.Count >= (long)Target * previous);
        var packs = keep ? previous : (int)BitOperations.RoundUpToPowerOf2((uint)((rows.Count + Target - 1) / Target));
        return
        [
            .. rows.GroupBy(row => BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(row.Id))) & (uint)(packs - 1))
                .ToDictionary(group => group.Key) is var groups
                ? Enumerable.Range(0, packs).Select(pack => Bytes(groups.TryGetValue((uint)pack, out var own) ? own : []))
                : [],
        ];
    }

    public static byte[] Bytes(IEnumerable<TableRow> rows)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Format);
        foreach (var row in rows.OrderBy(row => row.Id, StringComparer.Ordinal))
        {
            writer.Write(true);
            writer.Write(row.Id);
            Write(writer, row.FirstSeen);
            Write(writer, row.LastSeen);
            writer.Write(row.Body?.Length ?? -1);
            writer.Write(row.Body ?? []);
        }

        writer.Write(false);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <exception cref="RecordDamagedException">The bytes are not a pack.</exception>
    public static List<TableRow> Rows(byte[] pack, string record)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(pack), Encoding.UTF8);
            if (reader.ReadByte() != Format)
            {
                throw new RecordDamagedException(record, "its format is unknown");
            }

            var rows = new List<TableRow>();
            while (reader.ReadBoolean())
            {
                rows.Add(new TableRow(reader.ReadString(), Time(reader), Time(reader), Body(reader)));
            }

            return rows;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or FormatException)
        {
            throw new RecordDamagedException(record, "it does not read as rows", fault);
        }
    }

    private static byte[]? Body(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        if (length > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new EndOfStreamException();
        }

        return length < 0 ? null : reader.ReadBytes(length);
    }

    private static void Write(BinaryWriter writer, DateTimeOffset? time)
    {
        writer.Write(time?.Ticks + 1 ?? 0);
        writer.Write((short)(time?.TotalOffsetMinutes ?? 0));
    }

    private static DateTimeOffset? Time(BinaryReader reader)
    {
        var (ticks, offset) = (reader.ReadInt64(), reader.ReadInt16());
        return ticks == 0 ? null : new DateTimeOffset(ticks - 1, TimeSpan.FromMinutes(offset));
    }
}
