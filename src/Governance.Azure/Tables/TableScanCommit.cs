using System.Collections.Immutable;
using System.Text;
using Azure.Data.Tables;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;
using Governance.Core.Scans.Runs;

namespace Governance.Azure.Tables;

/// <summary>Keeps one scan: everything it consists of first, under keys of this attempt, and then the mark that makes it count.</summary>
internal sealed class TableScanCommit(TableSession session, ScanCommit commit, string attempt, TableOptions options)
{
    /// <summary>How often the mark is tried while only the run it is for was changed meanwhile.</summary>
    private const int MarkTries = 10;

    private readonly int _generation = commit.Scan.Generation;
    private readonly TableReader _reader = new(session);
    private readonly TableWriter _writer = new(session, commit.Scan.Generation, attempt, options.BeforeWrite);

    /// <returns>False when the scan was kept before and nothing was to do.</returns>
    /// <exception cref="StaleScanException">Another scan was committed since the one this was based on.</exception>
    public async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        if (await KeptAsync(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await TableRemovals.FinishAsync(session, null, cancellationToken).ConfigureAwait(false);
        var mark = await session.RowAsync(TableKeys.Mark, cancellationToken).ConfigureAwait(false);
        var current = mark?.GetInt32("Generation") ?? 0;
        if (current != commit.BasedOn)
        {
            throw new StaleScanException(commit.BasedOn, current);
        }

        var before = await _reader.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        if ((before?.Last.Generation ?? 0) != commit.BasedOn)
        {
            throw new StaleScanException(commit.BasedOn, before?.Last.Generation ?? 0);
        }

        if (commit.Fence is { } asked)
        {
            await RunAsync(asked, cancellationToken).ConfigureAwait(false);
        }

        await CheckEventsAsync(cancellationToken).ConfigureAwait(false);
        if (before is null)
        {
            await ListTenantAsync(committed: false, cancellationToken).ConfigureAwait(false);
        }

        var events = await WriteEventsAsync(cancellationToken).ConfigureAwait(false);
        var contents = await WriteContentsAsync(before, cancellationToken).ConfigureAwait(false);
        await MarkAsync(mark, new TableGeneration(_generation, attempt, commit.Scan, ScanRecords.ToBytes(commit.Kpis), contents, events), cancellationToken).ConfigureAwait(false);
        if (before is null)
        {
            await ListTenantAsync(committed: true, cancellationToken).ConfigureAwait(false);
        }

        _writer.AboutToWrite();
        return true;
    }

    private async Task<bool> KeptAsync(CancellationToken cancellationToken) =>
        (await session.RowAsync(TableKeys.ScanId(commit.Scan.Id), cancellationToken).ConfigureAwait(false))?.GetInt32("Generation") == _generation;

    private Task<TableTransactionAction?> RunAsync(ScanFence fence, CancellationToken cancellationToken) =>
        TableScanRuns.CommittingAsync(session, fence, commit.Scan.Id, cancellationToken);

    private async Task CheckEventsAsync(CancellationToken cancellationToken)
    {
        var history = new TableHistory(session);
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        string[] findings = [.. commit.Events.Select(happened => happened.FindingId).Distinct(StringComparer.Ordinal)];
        var known = commit.BasedOn == 0
            ? new int[findings.Length]
            : await TableSession.EachAsync(
                findings, async (id, token) => (await history.OfAsync(id, token, commit.BasedOn).ConfigureAwait(false)).LastOrDefault()?.Sequence ?? 0, cancellationToken).ConfigureAwait(false);
        for (var n = 0; n < findings.Length; n++)
        {
            last[findings[n]] = known[n];
        }

        foreach (var happened in commit.Events)
        {
            CommitCheck.Follows(happened, last[happened.FindingId]);
            last[happened.FindingId] = happened.Sequence;
        }
    }

    /// <summary>The tenant stands in the list before its first scan counts, so that none is ever missing; readers look at the mark until it is said to be committed.</summary>
    private async Task ListTenantAsync(bool committed, CancellationToken cancellationToken)
    {
        _writer.AboutToWrite();
        var tenants = session.Of(TableKeys.Tenants);
        var row = new TableEntity(tenants.Partition, session.Partition) { ["Committed"] = committed };
        await tenants.SubmitAsync([new TableTransactionAction(TableTransactionActionType.UpsertMerge, row)], cancellationToken).ConfigureAwait(false);
    }

    /// <remarks>The journal comes first: should this attempt die, it names every row of the history that has to go.</remarks>
    private async Task<TableBlob> WriteEventsAsync(CancellationToken cancellationToken)
    {
        var journal = await _writer.KeepJournalAsync(
            TableRows.Bytes(commit.Events.Select(happened => new TableRow($"{happened.FindingId}\n{TableKeys.Number(happened.Sequence)}", null, null, ScanRecords.ToBytes(happened)))),
            cancellationToken).ConfigureAwait(false);
        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        foreach (var happened in commit.Events)
        {
            var (row, bytes) = TableHistory.Row(session.Partition, happened, _generation, attempt);
            await _writer.AddAsync(row, bytes, cancellationToken).ConfigureAwait(false);
        }

        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        return journal;
    }

    private async Task<TableBlob> WriteContentsAsync(TableSnapshot? before, CancellationToken cancellationToken)
    {
        var known = before is null ? [] : ((ImmutableArray<TableBlob>)[before.Contents.Policy, .. before.Contents.Apps, .. before.Contents.Findings])
            .DistinctBy(blob => blob.Digest).ToDictionary(blob => blob.Digest);
        var apps = await PackAsync(Apps(before), before?.Contents.Apps.Length ?? 0, known, cancellationToken).ConfigureAwait(false);
        var findings = await PackAsync(Findings(before), before?.Contents.Findings.Length ?? 0, known, cancellationToken).ConfigureAwait(false);
        var policy = await _writer.KeepAsync(Encoding.UTF8.GetBytes(commit.PolicyText), known, cancellationToken).ConfigureAwait(false);
        var (manifest, chunks) = await WriteInventoryAsync(before, cancellationToken).ConfigureAwait(false);
        var contents = await _writer.KeepAsync(new TableContents(policy, apps, findings, manifest, chunks).ToBytes(), cancellationToken).ConfigureAwait(false);
        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        return contents;
    }

    private async Task<ImmutableArray<TableBlob>> PackAsync(
        IReadOnlyCollection<TableRow> rows, int previous, Dictionary<string, TableBlob> known, CancellationToken cancellationToken)
    {
        var blobs = ImmutableArray.CreateBuilder<TableBlob>();
        foreach (var pack in TableRows.Pack(rows, previous))
        {
            blobs.Add(await _writer.KeepAsync(pack, known, cancellationToken).ConfigureAwait(false));
        }

        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        return blobs.ToImmutable();
    }

    private List<TableRow> Apps(TableSnapshot? before)
    {
        var kept = (before?.Apps ?? []).ToDictionary(row => row.Id, StringComparer.Ordinal);
        var rows = new List<TableRow>(kept.Count + commit.Apps.Count);
        foreach (var record in commit.Apps.All)
        {
            var id = record.App.Id.ToString("D");
            var known = kept.Remove(id, out var row) && row.Body is { } body ? new KeptRecord(body, row.LastSeen).Digest() : [];
            rows.Add(CommitCheck.Differs(record, known) ? new TableRow(id, record.App.FirstSeen, record.LastSeen, record.Body) : row!);
        }

        rows.AddRange(kept.Values.Select(row => row with { LastSeen = null, Body = null }));
        return rows;
    }

    /// <remarks>A finding the scan does not mention stays as it is: it was last seen by the scan before, not by this one.</remarks>
    private List<TableRow> Findings(TableSnapshot? before)
    {
        var rows = commit.Findings.Select(finding => (finding.Id, Kept: KeptRecord.Of(finding, commit.Scan.StartedAt)))
            .Select(finding => new TableRow(finding.Id, null, finding.Kept.LastSeen, finding.Kept.Body)).ToList();
        var mentioned = rows.Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        rows.AddRange((before?.Findings ?? []).Where(row => !mentioned.Contains(row.Id))
            .Select(row => row with { LastSeen = row.LastSeen ?? before!.Last.Scan.StartedAt }));
        return rows;
    }

    private async Task<(TableBlob Manifest, ImmutableArray<TableBlob> Chunks)> WriteInventoryAsync(TableSnapshot? before, CancellationToken cancellationToken)
    {
        var kept = before is null ? null : await _reader.ContentAsync(before.Contents.Manifest, cancellationToken).ConfigureAwait(false);
        var previous = kept is null ? null : InventoryManifest.From(kept, $"inventory of scan {commit.BasedOn} of tenant {session.Partition}");
        var known = (before?.Contents.Chunks ?? []).ToDictionary(blob => blob.Digest);
        var used = new Dictionary<string, TableBlob>();
        var chunks = new List<(ChunkKind, int, ChunkId)>();
        foreach (var chunk in InventoryChunks.Split(commit.Inventory, previous))
        {
            cancellationToken.ThrowIfCancellationRequested();
            chunks.Add((chunk.Kind, chunk.Rows, chunk.Id));
            var name = chunk.Id.ToString();
            if (!used.ContainsKey(name))
            {
                used[name] = known.TryGetValue(name, out var there) ? there : await _writer.KeepAsync(chunk, cancellationToken).ConfigureAwait(false);
            }
        }

        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        var manifest = await _writer.KeepAsync(InventoryManifest.Of(commit.Inventory, chunks).ToBytes(), cancellationToken).ConfigureAwait(false);
        return (manifest, [.. used.Values]);
    }

    private async Task MarkAsync(TableEntity? mark, TableGeneration scan, CancellationToken cancellationToken)
    {
        var row = new TableEntity(session.Partition, TableKeys.Mark) { ["Generation"] = _generation, ["Attempt"] = attempt };
        var byId = new TableEntity(session.Partition, TableKeys.ScanId(commit.Scan.Id)) { ["Generation"] = _generation };
        _writer.AboutToWrite();
        cancellationToken.ThrowIfCancellationRequested();
        List<TableTransactionAction> actions =
            [
                mark is null
                    ? new TableTransactionAction(TableTransactionActionType.Add, row)
                    : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, mark.ETag),
                new TableTransactionAction(TableTransactionActionType.Add, scan.ToEntity(session.Partition)),
                new TableTransactionAction(TableTransactionActionType.Add, byId),
            ];

        // Progress of the run is stored every second and may come in between; then it is read again. A stale mark stays stale.
        var written = false;
        for (var tries = 1; !written && tries <= MarkTries; tries++)
        {
            var run = commit.Fence is { } fence ? await RunAsync(fence, cancellationToken).ConfigureAwait(false) : null;
            written = await session.SubmitAsync(run is null ? actions : [.. actions, run], cancellationToken).ConfigureAwait(false);
            if (run is null || await KeptAsync(cancellationToken).ConfigureAwait(false)
                || await _reader.GenerationAsync(cancellationToken).ConfigureAwait(false) != commit.BasedOn)
            {
                break;
            }
        }

        // The client library repeats a request whose answer was lost, and then meets its own mark.
        if (!written && (await _reader.ScanAsync(_generation, cancellationToken).ConfigureAwait(false))?.Attempt != attempt)
        {
            throw new StaleScanException(commit.BasedOn, await _reader.GenerationAsync(cancellationToken).ConfigureAwait(false));
        }
    }
}
