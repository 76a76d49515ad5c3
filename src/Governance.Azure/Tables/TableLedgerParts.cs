using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Text beside ledger entries, in rows of its own that can be deleted. The salt lies with the text and goes with it.</summary>
internal static class TableLedgerParts
{
    public static (TableBlob Blob, List<TableEntity> Rows) Cut(TableSession session, StoredEntry entry, string attempt)
    {
        var part = entry.Part!;
        byte[] content = [checked((byte)part.Salt.Length), .. part.Salt, .. Encoding.UTF8.GetBytes(part.Text)];
        return TableBlob.Cut(session.Partition, TableKeys.LedgerPart(entry.Sequence, attempt), TableBlob.DigestOf(content), TableBlob.Compress(content));
    }

    /// <param name="rows">Rows of parts by key.</param>
    /// <returns>Null when a row is gone; a part that fits no digest when its bytes are not those that were kept.</returns>
    public static StoredPart? Read(TableBlob blob, IReadOnlyDictionary<string, TableEntity> rows)
    {
        using var kept = new MemoryStream(blob.Length);
        foreach (var key in blob.Keys)
        {
            if (!rows.TryGetValue(key, out var row))
            {
                return null;
            }

            kept.Write(TableBlob.ReadBytes(row, "D"));
        }

        try
        {
            var content = TableBlob.Decompress(kept.ToArray(), blob.Digest, blob.Key);
            return new StoredPart([.. content[1..(1 + content[0])]], Encoding.UTF8.GetString(content.AsSpan(1 + content[0])));
        }
        catch (RecordDamagedException)
        {
            return new StoredPart([], string.Empty);
        }
    }

    /// <summary>Deletes the parts that were taken, and those that no entry names because the write that brought them did not count.</summary>
    public static async Task RemoveAsync(TableSession session, TableLedgerHead head, CancellationToken cancellationToken)
    {
        var entries = await session.RowsAsync(TableKeys.LedgerEntries, cancellationToken, select: ["PartitionKey", "RowKey", "Part"]).ConfigureAwait(false);
        var taken = head.Taking.ToHashSet();
        var needed = entries.Where(row => row.GetString("Part") is not null && !taken.Contains(TableKeys.PlaceOf(row.RowKey)))
            .SelectMany(row => In(row).Keys).ToHashSet(StringComparer.Ordinal);
        var rows = await session.RowsAsync(TableKeys.LedgerParts, cancellationToken, select: ["PartitionKey", "RowKey"]).ConfigureAwait(false);
        foreach (var batch in rows.Select(row => row.RowKey).Where(key => TableKeys.PlaceOf(key) <= head.Head.Count && !needed.Contains(key)).Chunk(TableWriter.MostEntities))
        {
            await session.DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    public static TableBlob In(TableEntity entry) => TableBlob.In(entry, "Part", $"ledger entry {entry.RowKey}");

    public static string Named(TableBlob blob) => JsonSerializer.Serialize(blob, TableJsonContext.Default.TableBlob);
}
