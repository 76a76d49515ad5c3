using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Removes what no kept scan rests on: what was replaced, old inventories, checkpoints, and what attempts left that did not count.</summary>
/// <remarks>
/// An attempt at a generation up to the one that counts can never count any more, so its rows may go. Attempts at later ones are
/// left alone. Nothing depends on a sweep: one cut short is finished by the next.
/// </remarks>
internal sealed class TableSweep(TableSession session, int inventoriesKept)
{
    /// <summary>Generations back in which dead attempts are looked for.</summary>
    private const int JournalsLookedAt = 100;

    private readonly TableReader _reader = new(session);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var current = await _reader.GenerationAsync(cancellationToken).ConfigureAwait(false);
        var scans = await _reader.ScansAsync(Math.Max(inventoriesKept, JournalsLookedAt), cancellationToken).ConfigureAwait(false);
        await DropJournalsAsync(current, scans, cancellationToken).ConfigureAwait(false);
        await DropCheckpointsAsync(current, cancellationToken).ConfigureAwait(false);

        var needed = await NeededAsync([.. scans.Where(scan => scan.Generation > current - inventoriesKept)], current, cancellationToken).ConfigureAwait(false);
        var rows = await session.RangeAsync(
            TableKeys.Blobs, TableKeys.Generation(TableKeys.Blobs, current + 1), cancellationToken, select: ["PartitionKey", "RowKey"]).ConfigureAwait(false);
        await DeleteAsync([.. rows.Select(row => row.RowKey).Where(key => !needed.Contains(key))], cancellationToken).ConfigureAwait(false);
    }

    private async Task<HashSet<string>> NeededAsync(IReadOnlyList<TableGeneration> scans, int current, CancellationToken cancellationToken)
    {
        var contents = await TableSession.EachAsync(scans, _reader.ContentsAsync, cancellationToken).ConfigureAwait(false);
        var needed = new HashSet<string>(StringComparer.Ordinal);
        for (var n = 0; n < scans.Count; n++)
        {
            if (contents[n] is not { } its || scans[n].Contents is not { } list)
            {
                continue;
            }

            needed.UnionWith(list.Keys.Concat(its.Policy.Keys).Concat(its.Manifest.Keys).Concat(its.Chunks.SelectMany(chunk => chunk.Keys)));
            if (scans[n].Generation == current)
            {
                needed.UnionWith(its.Apps.Concat(its.Findings).SelectMany(pack => pack.Keys));
            }
        }

        return needed;
    }

    /// <summary>First the rows of the history, then the journal that names them.</summary>
    private async Task DropJournalsAsync(int current, IReadOnlyList<TableGeneration> scans, CancellationToken cancellationToken)
    {
        var winners = scans.ToDictionary(scan => scan.Generation, scan => scan.Attempt);
        var keys = await session.RangeAsync(
            TableKeys.Generation(TableKeys.Journals, Math.Max(0, current - JournalsLookedAt + 1)), TableKeys.Generation(TableKeys.Journals, current + 1), cancellationToken,
            select: ["PartitionKey", "RowKey"]).ConfigureAwait(false);
        var attempts = keys.Select(row => row.RowKey).GroupBy(key => (Generation: TableKeys.GenerationOf(key), Attempt: key.Split('.')[2]));
        foreach (var dead in attempts.Where(attempt => winners.GetValueOrDefault(attempt.Key.Generation) != attempt.Key.Attempt))
        {
            var events = await EventsAsync([.. dead.Order(StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false);
            await DeleteAsync([.. events.Select(id => TableKeys.Event(id.Finding, id.Sequence, dead.Key.Generation, dead.Key.Attempt))], cancellationToken).ConfigureAwait(false);
            await DeleteAsync([.. dead], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Readings that began before the scan that counts are of no use any more; their bodies go with the blobs of their generation.</summary>
    private async Task DropCheckpointsAsync(int current, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(TableKeys.Checkpoints, cancellationToken, select: ["PartitionKey", "RowKey", "Generation"]).ConfigureAwait(false);
        await DeleteAsync([.. rows.Where(row => row.GetInt32("Generation") <= current).Select(row => row.RowKey)], cancellationToken).ConfigureAwait(false);
    }

    /// <returns>Empty when the journal was cut short: then no row of the history was written yet.</returns>
    private async Task<List<(string Finding, int Sequence)>> EventsAsync(string[] keys, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        foreach (var key in keys)
        {
            kept.Write(await session.RowAsync(key, cancellationToken).ConfigureAwait(false) is { } part ? TableBlob.ReadBytes(part, "D") : []);
        }

        try
        {
            return
            [
                .. TableRows.Rows(TableBlob.Decompress(kept.ToArray(), null, keys[0]), keys[0])
                    .Select(row => row.Id.LastIndexOf('\n') is var at ? (row.Id[..at], int.Parse(row.Id.AsSpan(at + 1))) : default),
            ];
        }
        catch (RecordDamagedException)
        {
            return [];
        }
    }

    private async Task DeleteAsync(string[] keys, CancellationToken cancellationToken)
    {
        foreach (var batch in keys.Order(StringComparer.Ordinal).Chunk(TableWriter.MostEntities))
        {
            await session.DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }
}
