using System.Collections.Immutable;
using System.Security.Cryptography;
using Azure.Data.Tables;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;
using Microsoft.Extensions.Logging;

namespace Governance.Azure.Tables;

/// <summary>Keeps the ledger in the partition of its tenant, and its head once more in the table apart and in the log.</summary>
/// <remarks>
/// Entries, their parts and the head are one transaction, on the condition that the head is the row that was read: an entry is added
/// only behind the one its author looked at. Entries are never updated or deleted; parts lie in rows of their own.
/// </remarks>
public sealed class TableDecisionLedger(TableClient table, ApartTable apart, TableOptions options, ILogger<TableDecisionLedger> logger) : IDecisionLedger
{
    private const int SaltBytes = 16;

    /// <summary>Entries added at once; with head and parts they must fit one transaction.</summary>
    private const int MostDrafts = 40;

    /// <summary>How often a reader or writer whom only the deletion of parts came in between begins anew.</summary>
    private const int Tries = 10;

    private readonly TableLedgerAnchor _anchor = new(apart);

    public async Task<StoredLedger> ReadAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var session = Session(tenantId);
        for (var tries = 1; tries <= Tries; tries++)
        {
            // The anchor first: entries added between the two reads then only make it lag.
            var anchor = await _anchor.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false);
            options.BetweenReads?.Invoke();
            var head = await TableLedgerHead.ReadAsync(session, cancellationToken).ConfigureAwait(false);
            var parts = await session.RowsAsync(TableKeys.LedgerParts, cancellationToken).ConfigureAwait(false);
            var entries = await session.RowsAsync(TableKeys.LedgerEntries, cancellationToken).ConfigureAwait(false);
            var after = await TableLedgerHead.ReadAsync(session, cancellationToken).ConfigureAwait(false);
            if (anchor is null && tries == 1 && (head is not null || entries.Count > 0))
            {
                // It is written before the first entry: it may have come between the reads, but not a second time.
                continue;
            }

            if (head?.Takes == after?.Takes)
            {
                // What was added meanwhile is left out, with the head of then; behind a head that did not move nothing may stand.
                var moved = head?.Attempt != after?.Attempt;
                return new StoredLedger(tenantId, Entries(entries, parts, head, moved ? head?.Head.Count ?? 0 : long.MaxValue), head?.Head, anchor);
            }
        }

        throw Contended(tenantId);
    }

    public async Task<LedgerHead> HeadAsync(Guid tenantId, CancellationToken cancellationToken) =>
        (await TableLedgerHead.ReadAsync(Session(tenantId), cancellationToken).ConfigureAwait(false))?.Head ?? LedgerHead.Empty;

    public Task<LedgerHead> AppendAsync(Guid tenantId, LedgerHead expected, ImmutableArray<LedgerDraft> drafts, CancellationToken cancellationToken) =>
        WriteAsync(tenantId, expected, [], drafts, cancellationToken);

    public Task<LedgerHead> TakePartsAsync(Guid tenantId, LedgerHead expected, ImmutableArray<long> parts, LedgerDraft draft, CancellationToken cancellationToken) =>
        WriteAsync(tenantId, expected, parts, [draft], cancellationToken);

    /// <summary>Deletes the rows of parts that count as taken, where the process that took them was stopped before it could.</summary>
    public async Task FinishTakingAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var session = Session(tenantId);
        if (await TableLedgerHead.ReadAsync(session, cancellationToken).ConfigureAwait(false) is { Taking.Length: > 0 } head)
        {
            await FinishAsync(session, head, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<LedgerHead> WriteAsync(
        Guid tenantId, LedgerHead expected, ImmutableArray<long> taken, ImmutableArray<LedgerDraft> drafts, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(drafts.Length, MostDrafts);
        var session = Session(tenantId);
        for (var tries = 1; tries <= Tries; tries++)
        {
            var anchor = await _anchor.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false);
            options.BetweenReads?.Invoke();
            var known = await TableLedgerHead.ReadAsync(session, cancellationToken).ConfigureAwait(false);
            var head = known?.Head ?? LedgerHead.Empty;
            if (anchor is null && tries == 1 && head.Count > 0)
            {
                // The first act may have come between the two reads; only a head that is missing again is one that was taken away.
                continue;
            }

            await CheckAnchorAsync(session, anchor, head, cancellationToken).ConfigureAwait(false);
            if (head != expected)
            {
                throw new LedgerMovedException(expected.Count, head.Count);
            }

            if (known is { Taking.Length: > 0 })
            {
                await FinishAsync(session, known, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (await TryWriteAsync(session, known, expected, taken, drafts, cancellationToken).ConfigureAwait(false) is { } written)
            {
                // What counts is not undone by a stop: head apart, log and deletion follow it.
                logger.LedgerHeadMoved(tenantId, written.Head.Count, written.Head.Hash);
                await _anchor.WriteAsync(tenantId, written.Head, CancellationToken.None).ConfigureAwait(false);
                if (written.Taking.Length > 0)
                {
                    await FinishAsync(session, written, CancellationToken.None).ConfigureAwait(false);
                }

                return written.Head;
            }
        }

        throw Contended(tenantId);
    }

    /// <returns>Null when the head was not the row that was read.</returns>
    private async Task<TableLedgerHead?> TryWriteAsync(
        TableSession session, TableLedgerHead? known, LedgerHead head, ImmutableArray<long> taken, ImmutableArray<LedgerDraft> drafts, CancellationToken cancellationToken)
    {
        var attempt = Guid.NewGuid().ToString("N");
        var actions = new List<TableTransactionAction>();
        var parts = new List<TableEntity>();
        var bytes = 0;
        foreach (var draft in drafts)
        {
            (var entry, head) = LedgerChain.Next(Guid.Parse(session.Partition), head, draft, RandomNumberGenerator.GetBytes(SaltBytes));
            actions.Add(new(TableTransactionActionType.Add, Row(session, entry, attempt, parts, ref bytes)));
        }

        var ownParts = parts.Count > 0 && (actions.Count + parts.Count + 1 > TableWriter.MostEntities || bytes > TableWriter.MostBytes);
        var writer = new TableWriter(session, 0, attempt, options.BeforeWrite);
        if (ownParts)
        {
            // Too much for one transaction. Until an entry names them nobody reads them.
            foreach (var part in parts)
            {
                await writer.AddAsync(part, TableBlob.EntitySize, cancellationToken).ConfigureAwait(false);
            }

            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            actions.AddRange(parts.Select(part => new TableTransactionAction(TableTransactionActionType.UpsertReplace, part)));
        }

        actions.Add(TableLedgerHead.Move(session, known, head, attempt, taken));
        writer.AboutToWrite();
        cancellationToken.ThrowIfCancellationRequested();
        await session.SubmitAsync(actions, cancellationToken).ConfigureAwait(false);

        // Not by the answer alone: the client library repeats a request whose answer was lost, and then meets its own head.
        if (await TableLedgerHead.ReadAsync(session, cancellationToken).ConfigureAwait(false) is { } now && now.Attempt == attempt)
        {
            return now;
        }

        if (await EntryAsync(session, head.Count, cancellationToken).ConfigureAwait(false) is { } last && last.GetString("Attempt") == attempt)
        {
            // It counts, and another one was added since: nothing is left to be done but by that one.
            return new TableLedgerHead(head, attempt, 0, [], last);
        }

        if (ownParts)
        {
            await session.DeleteAsync([.. parts.Select(part => part.RowKey)], cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private static TableEntity Row(TableSession session, StoredEntry entry, string attempt, List<TableEntity> parts, ref int bytes)
    {
        if (entry.Body.Length > TableBlob.EntitySize)
        {
            throw new ArgumentException($"an entry takes {entry.Body.Length} bytes; a row of the table holds {TableBlob.EntitySize}", nameof(entry));
        }

        var row = new TableEntity(session.Partition, TableKeys.LedgerEntry(entry.Sequence)) { ["Hash"] = entry.Hash, ["Attempt"] = attempt };
        TableBlob.WriteBytes(row, "D", entry.Body.AsSpan());
        bytes += entry.Body.Length;
        if (entry.Part is not null)
        {
            var (blob, rows) = TableLedgerParts.Cut(session, entry, attempt);
            row["Part"] = TableLedgerParts.Named(blob);
            parts.AddRange(rows);
            bytes += blob.Length;
        }

        return row;
    }

    /// <summary>A ledger that was cut must not be continued, or the next head would cover the cut.</summary>
    private async Task CheckAnchorAsync(TableSession session, LedgerHead? anchor, LedgerHead head, CancellationToken cancellationToken)
    {
        if (anchor is null)
        {
            if (head.Count > 0)
            {
                throw new LedgerBrokenException(head.Count, "the head kept apart is missing");
            }

            // Written before the first entry, so that a missing row always means something.
            await _anchor.WriteAsync(Guid.Parse(session.Partition), LedgerHead.Empty, cancellationToken).ConfigureAwait(false);
            return;
        }

        var hash = anchor.Count == 0 ? LedgerHead.Empty.Hash : (await EntryAsync(session, anchor.Count, cancellationToken).ConfigureAwait(false))?.GetString("Hash");
        if (hash != anchor.Hash || anchor.Count > head.Count)
        {
            throw new LedgerBrokenException(Math.Max(1, Math.Min(anchor.Count, head.Count + 1)), "it is not what the head kept apart names");
        }
    }

    private static async Task FinishAsync(TableSession session, TableLedgerHead head, CancellationToken cancellationToken)
    {
        await TableLedgerParts.RemoveAsync(session, head, cancellationToken).ConfigureAwait(false);

        // False when another process finished it as well.
        await session.SubmitAsync([head.Taken(session)], cancellationToken).ConfigureAwait(false);
    }

    private static Task<TableEntity?> EntryAsync(TableSession session, long sequence, CancellationToken cancellationToken) =>
        session.RowAsync(TableKeys.LedgerEntry(sequence), cancellationToken);

    private static ImmutableArray<StoredEntry> Entries(List<TableEntity> entries, List<TableEntity> parts, TableLedgerHead? head, long upTo)
    {
        var byKey = parts.ToDictionary(row => row.RowKey, StringComparer.Ordinal);
        var taken = (head?.Taking ?? []).ToHashSet();
        return [.. entries.Select(row => (Row: row, Sequence: TableKeys.PlaceOf(row.RowKey))).Where(entry => entry.Sequence <= upTo).Select(entry => new StoredEntry(
            entry.Sequence,
            [.. TableBlob.ReadBytes(entry.Row, "D")],
            entry.Row.GetString("Hash") ?? string.Empty,
            entry.Row.GetString("Part") is null || taken.Contains(entry.Sequence) ? null : Part(entry.Row, byKey)))];
    }

    private static StoredPart? Part(TableEntity entry, Dictionary<string, TableEntity> rows)
    {
        try
        {
            return TableLedgerParts.Read(TableLedgerParts.In(entry), rows);
        }
        catch (RecordDamagedException)
        {
            return null;
        }
    }

    private static StoreUnavailableException Contended(Guid tenantId) =>
        new(StoreFault.Locked, $"the decision ledger of tenant {tenantId} changes faster than it can be read; try again");

    private TableSession Session(Guid tenantId) => new(table, TableKeys.Tenant(tenantId));
}
