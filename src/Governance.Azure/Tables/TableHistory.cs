using System.Collections.Concurrent;
using System.Collections.Immutable;
using Azure.Data.Tables;
using Governance.Core.Findings;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Events by finding. Each row names the attempt that wrote it and counts only when that attempt was committed.</summary>
internal sealed class TableHistory(TableSession session)
{
    private readonly ConcurrentDictionary<int, Task<string?>> _winners = new();

    /// <summary>Events of a finding in sequence.</summary>
    /// <param name="upTo">Last generation whose events are wanted.</param>
    public async Task<ImmutableArray<FindingEvent>> OfAsync(string findingId, CancellationToken cancellationToken, int upTo = int.MaxValue)
    {
        var rows = await session.RowsAsync(TableKeys.History(findingId), cancellationToken).ConfigureAwait(false);
        rows.RemoveAll(row => row.GetInt32("Generation") > upTo);
        var counts = await TableSession.EachAsync(rows, CountsAsync, cancellationToken).ConfigureAwait(false);
        return
        [
            .. rows.Where((_, n) => counts[n]).Select(row => Event(row, findingId)).OrderBy(happened => happened.Sequence),
        ];
    }

    /// <param name="happened">Kept as part of the attempt.</param>
    public static (TableEntity Entity, int Bytes) Row(string partition, FindingEvent happened, int generation, string attempt)
    {
        var kept = TableBlob.Compress(ScanRecords.ToBytes(happened));
        var entity = new TableEntity(partition, TableKeys.Event(happened.FindingId, happened.Sequence, generation, attempt))
        {
            ["Generation"] = generation,
            ["Attempt"] = attempt,
        };
        TableBlob.WriteBytes(entity, "D", kept.Length <= TableBlob.EntitySize
            ? kept
            : throw new ArgumentException($"event {happened.Sequence} of finding {happened.FindingId} takes {kept.Length} bytes; a row of the table holds {TableBlob.EntitySize}"));
        return (entity, kept.Length);
    }

    private async Task<bool> CountsAsync(TableEntity row, CancellationToken cancellationToken)
    {
        var generation = row.GetInt32("Generation") ?? throw new RecordDamagedException(row.RowKey, "it has no generation");
        var winner = await _winners.GetOrAdd(generation, asked => WinnerAsync(asked, cancellationToken)).ConfigureAwait(false);
        return winner is not null && winner == row.GetString("Attempt");
    }

    private async Task<string?> WinnerAsync(int generation, CancellationToken cancellationToken) =>
        (await session.RowAsync(TableKeys.Scan(generation), cancellationToken).ConfigureAwait(false))?.GetString("Attempt");

    private static FindingEvent Event(TableEntity row, string findingId)
    {
        var record = $"event {row.RowKey} of finding {findingId}";
        return ScanRecords.ToEvent(TableBlob.Decompress(TableBlob.ReadBytes(row, "D"), null, record), record);
    }
}
