using Azure.Data.Tables;
using Governance.Core.Scans;

namespace Governance.Azure.Tables;

/// <summary>Deletes the history of findings that were removed for their age. What is to be deleted is noted in the transaction that removes them.</summary>
internal static class TableRemovals
{
    /// <summary>How often a journal that was changed meanwhile is read anew.</summary>
    private const int Tries = 10;

    public static TableTransactionAction Noted(TableSession session, int generation, IReadOnlyCollection<string> findings)
    {
        var kept = TableBlob.Compress(TableRows.Bytes(findings.Select(id => new TableRow(id, null, null, null))));
        if (kept.Length > TableBlob.EntitySize)
        {
            throw new ArgumentException($"{findings.Count} findings cannot be removed at once", nameof(findings));
        }

        var row = new TableEntity(session.Partition, $"{TableKeys.Removals}{TableKeys.Number(generation)}.{Guid.NewGuid():N}") { ["Generation"] = generation };
        TableBlob.WriteBytes(row, "D", kept);
        return new(TableTransactionActionType.Add, row);
    }

    /// <summary>Deletes what is noted; nothing else may be committed before, or a finding that opens again would meet its old history.</summary>
    public static async Task FinishAsync(TableSession session, Action<int>? beforeWrite, CancellationToken cancellationToken)
    {
        foreach (var note in await session.RowsAsync(TableKeys.Removals, cancellationToken).ConfigureAwait(false))
        {
            var upTo = note.GetInt32("Generation") ?? 0;
            var findings = TableRows.Rows(TableBlob.Decompress(TableBlob.ReadBytes(note, "D"), null, note.RowKey), note.RowKey).Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
            var events = await EventsAsync(session, findings, upTo, cancellationToken).ConfigureAwait(false);
            foreach (var generation in events.Select(TableKeys.GenerationOfEvent).Distinct().Order())
            {
                await RewriteJournalAsync(session, generation, findings, beforeWrite, cancellationToken).ConfigureAwait(false);
            }

            foreach (var batch in events.Chunk(TableWriter.MostEntities))
            {
                await session.DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
            }

            await session.DeleteAsync([note.RowKey], cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<string[]> EventsAsync(TableSession session, HashSet<string> findings, int upTo, CancellationToken cancellationToken)
    {
        var rows = await TableSession.EachAsync(
            [.. findings],
            (finding, token) => session.RowsAsync(TableKeys.History(finding), token, select: ["PartitionKey", "RowKey"]),
            cancellationToken).ConfigureAwait(false);
        return [.. rows.SelectMany(own => own).Select(row => row.RowKey).Where(key => TableKeys.GenerationOfEvent(key) <= upTo)];
    }

    private static async Task RewriteJournalAsync(TableSession session, int generation, HashSet<string> findings, Action<int>? beforeWrite, CancellationToken cancellationToken)
    {
        for (var tries = 1; tries <= Tries; tries++)
        {
            if (await session.RowAsync(TableKeys.Scan(generation), cancellationToken).ConfigureAwait(false) is not { } row)
            {
                return;
            }

            var scan = TableGeneration.From(row);
            var journal = await new TableReader(session).RowsAsync(scan.Events, cancellationToken).ConfigureAwait(false) ?? [];
            var kept = journal.Where(happened => !findings.Contains(happened.Id[..happened.Id.LastIndexOf('\n')])).ToArray();
            var named = kept.Length == journal.Count ? scan.Events : await ReplaceAsync(session, row, scan, kept, beforeWrite, cancellationToken).ConfigureAwait(false);
            if (named is not null)
            {
                await DropAsync(session, scan, named, cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        throw new StoreUnavailableException(StoreFault.Locked, $"scan {generation} of tenant {session.Partition} is changed by many at once; try again");
    }

    /// <returns>Null when the row changed meanwhile.</returns>
    private static async Task<TableBlob?> ReplaceAsync(
        TableSession session, TableEntity row, TableGeneration scan, TableRow[] kept, Action<int>? beforeWrite, CancellationToken cancellationToken)
    {
        var writer = new TableWriter(session, scan.Generation, Guid.NewGuid().ToString("N"), beforeWrite);
        var journal = await writer.KeepJournalAsync(scan.Generation, scan.Attempt, TableRows.Bytes(kept), cancellationToken).ConfigureAwait(false);
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        writer.AboutToWrite();
        return await session.SubmitAsync(
            [new(TableTransactionActionType.UpdateReplace, (scan with { Events = journal }).ToEntity(session.Partition), row.ETag)], cancellationToken).ConfigureAwait(false)
            || (await session.RowAsync(row.RowKey, cancellationToken).ConfigureAwait(false) is { } now && TableGeneration.From(now).Events == journal)
                ? journal
                : null;
    }

    /// <summary>Every journal of the scan but the one it names.</summary>
    private static async Task DropAsync(TableSession session, TableGeneration scan, TableBlob named, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(TableKeys.Attempt(TableKeys.Journals, scan.Generation, scan.Attempt), cancellationToken, select: ["PartitionKey", "RowKey"]).ConfigureAwait(false);
        foreach (var batch in rows.Select(row => row.RowKey).Except(named.Keys).Chunk(TableWriter.MostEntities))
        {
            await session.DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }
}
