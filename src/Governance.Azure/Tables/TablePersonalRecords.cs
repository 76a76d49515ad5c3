using Azure.Data.Tables;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Removes persons and old records from the partition of their tenant, a scan after the other; a repeat goes on where one was cut short.</summary>
public sealed class TablePersonalRecords(TableClient table, TableOptions options) : IPersonalRecords
{
    /// <summary>How often a change that met a commit is made anew.</summary>
    private const int Tries = 10;

    /// <summary>Rows of scans that fit one transaction whatever they hold.</summary>
    private const int MostChanges = 5;

    public async Task<int> EraseUserAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken)
    {
        var session = new TableSession(table, TableKeys.Tenant(tenantId));
        var erased = 0;
        foreach (var generation in await InventoriesAsync(session, cancellationToken).ConfigureAwait(false))
        {
            erased += await EachTryAsync(tenantId, () => EraseAsync(session, generation, userId, cancellationToken)).ConfigureAwait(false) ? 1 : 0;
        }

        await TableScanCheckpoints.DropAsync(session, cancellationToken).ConfigureAwait(false);
        await new TableSweep(session, options.InventoriesKept).RunAsync(cancellationToken).ConfigureAwait(false);
        return erased;
    }

    public async Task<PersonTraces> FindTracesAsync(Guid tenantId, NamedPerson person, CancellationToken cancellationToken)
    {
        var session = new TableSession(table, TableKeys.Tenant(tenantId));
        var traces = await TablePersonTraces.FindAsync(session, person, cancellationToken).ConfigureAwait(false);
        var inventories = 0;
        foreach (var generation in person.Id is null ? [] : await InventoriesAsync(session, cancellationToken).ConfigureAwait(false))
        {
            if (await session.RowAsync(TableKeys.Scan(generation), cancellationToken).ConfigureAwait(false) is { } row
                && await new TableInventories(session).OfAsync(TableGeneration.From(row), cancellationToken).ConfigureAwait(false) is var (inventory, _, _)
                && !ReferenceEquals(inventory, inventory.Without(person.Id!.Value)))
            {
                inventories++;
            }
        }

        return traces with { Inventories = inventories };
    }

    public async Task<PersonTraces> EraseTracesAsync(Guid tenantId, NamedPerson person, CancellationToken cancellationToken)
    {
        var session = new TableSession(table, TableKeys.Tenant(tenantId));
        await TableScanCheckpoints.DropAsync(session, cancellationToken).ConfigureAwait(false);
        return await TablePersonTraces.EraseAsync(session, person, cancellationToken).ConfigureAwait(false);
    }

    public async Task<RetentionCounts> RetainAsync(Guid tenantId, RetentionPeriods periods, DateTimeOffset now, bool dryRun, CancellationToken cancellationToken)
    {
        var session = new TableSession(table, TableKeys.Tenant(tenantId));
        if (!dryRun)
        {
            await TableRemovals.FinishAsync(session, options.BeforeWrite, cancellationToken).ConfigureAwait(false);
        }

        // What an attempt counted first: a later one finds the less to do the more of it was done.
        RetentionCounts? first = null;
        await EachTryAsync(tenantId, async () =>
        {
            var (counts, done) = await RetainOnceAsync(session, periods, now, dryRun, cancellationToken).ConfigureAwait(false);
            first ??= counts;
            return done ? true : null;
        }).ConfigureAwait(false);
        if (!dryRun)
        {
            await TableRemovals.FinishAsync(session, options.BeforeWrite, cancellationToken).ConfigureAwait(false);
            await new TableSweep(session, options.InventoriesKept).RunAsync(cancellationToken).ConfigureAwait(false);
        }

        var runs = periods.DecisionTextDays is { } days
            ? await TablePersonTraces.RemoveRunsAsync(session, now.AddDays(-days), dryRun, cancellationToken).ConfigureAwait(false)
            : 0;
        return first! with { Runs = runs };
    }

    /// <returns>Generations whose inventory is kept, oldest first.</returns>
    private async Task<int[]> InventoriesAsync(TableSession session, CancellationToken cancellationToken)
    {
        var scans = await new TableReader(session).ScansAsync(options.InventoriesKept, cancellationToken).ConfigureAwait(false);
        return [.. scans.Where(scan => scan.Contents is not null).Select(scan => scan.Generation).Order()];
    }

    /// <returns>Null to try again; else whether the inventory had the user.</returns>
    private async Task<bool?> EraseAsync(TableSession session, int generation, Guid user, CancellationToken cancellationToken)
    {
        if (await TableRevision.BeginAsync(session, options.BeforeWrite, cancellationToken).ConfigureAwait(false) is not { } revision
            || await session.RowAsync(TableKeys.Scan(generation), cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return false;
        }

        var scan = TableGeneration.From(row);
        if (await new TableInventories(session).OfAsync(scan, cancellationToken).ConfigureAwait(false) is not var (inventory, manifest, contents))
        {
            return false;
        }

        var without = inventory.Without(user);
        if (ReferenceEquals(inventory, without))
        {
            return false;
        }

        var used = contents.Chunks.ToDictionary(blob => blob.Digest);
        var chunks = new List<(ChunkKind, int, ChunkId)>();
        var named = new Dictionary<string, TableBlob>();
        foreach (var chunk in InventoryChunks.Split(without, manifest))
        {
            var name = chunk.Id.ToString();
            chunks.Add((chunk.Kind, chunk.Rows, chunk.Id));
            if (!named.ContainsKey(name))
            {
                named[name] = used.TryGetValue(name, out var there) ? there : await revision.Writer.KeepAsync(chunk, cancellationToken).ConfigureAwait(false);
            }
        }

        var written = await revision.Writer.KeepAsync(InventoryManifest.Of(without, chunks).ToBytes(), cancellationToken).ConfigureAwait(false);
        var list = await revision.Writer.KeepAsync((contents with { Manifest = written, Chunks = [.. named.Values] }).ToBytes(), cancellationToken).ConfigureAwait(false);
        return await revision.MakeAsync([Replace(session, row, scan with { Contents = list })], cancellationToken).ConfigureAwait(false) ? true : null;
    }

    /// <returns>What there was to remove; not done when it has to be tried again.</returns>
    private async Task<(RetentionCounts Counts, bool Done)> RetainOnceAsync(TableSession session, RetentionPeriods periods, DateTimeOffset now, bool dryRun, CancellationToken cancellationToken)
    {
        if (await TableRevision.BeginAsync(session, options.BeforeWrite, cancellationToken).ConfigureAwait(false) is not { } revision
            || await new TableReader(session).SnapshotAsync(cancellationToken).ConfigureAwait(false) is not { } last)
        {
            return (new RetentionCounts(0, 0, 0, 0, 0), true);
        }

        var rows = await session.RowsAsync(TableKeys.Scans, cancellationToken).ConfigureAwait(false);
        var scans = rows.Select(row => (Row: row, Scan: TableGeneration.From(row))).Where(scan => scan.Scan.Generation != revision.Generation).ToArray();
        bool Older(TableGeneration scan, int? days) => days is { } limit && scan.Scan.StartedAt < now.AddDays(-limit);
        bool InventoryGoes(TableGeneration scan) => scan.Contents is not null && scan.Generation > revision.Generation - options.InventoriesKept && Older(scan, periods.InventoryDays);
        bool KpisGo(TableGeneration scan) => scan.Kpis is not null && Older(scan, periods.KpiDays);

        string[] findings = periods.ResolvedFindingDays is { } resolved
            ? [.. last.Findings.Where(row => new KeptRecord(row.Body ?? [], row.LastSeen).ToFinding(last.Last.Scan.StartedAt, $"finding {row.Id}").ResolvedAt < now.AddDays(-resolved)).Select(row => row.Id)]
            : [];
        var counts = new RetentionCounts(scans.Count(scan => InventoryGoes(scan.Scan)), findings.Length, scans.Count(scan => KpisGo(scan.Scan)), 0, 0);
        if (dryRun || counts.Nothing)
        {
            return (counts, true);
        }

        var changes = scans.Where(scan => InventoryGoes(scan.Scan) || KpisGo(scan.Scan)).Select(scan => Replace(
            session,
            scan.Row,
            scan.Scan with { Contents = InventoryGoes(scan.Scan) ? null : scan.Scan.Contents, Kpis = KpisGo(scan.Scan) ? null : scan.Scan.Kpis })).ToList();
        if (findings.Length > 0)
        {
            var row = rows.Single(row => row.GetInt32("Generation") == revision.Generation);
            changes.Insert(0, Replace(session, row, last.Last with { Contents = await WithoutAsync(revision, last, findings, cancellationToken).ConfigureAwait(false) }));
            changes.Insert(0, TableRemovals.Noted(session, revision.Generation, findings));
        }

        return (counts, await MakeAsync(session, revision, changes, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>More changes than one transaction holds are made one transaction after the other: each scan row stands for itself.</summary>
    private async Task<bool> MakeAsync(TableSession session, TableRevision revision, List<TableTransactionAction> changes, CancellationToken cancellationToken)
    {
        var made = 0;
        foreach (var batch in changes.Chunk(MostChanges))
        {
            var own = made == 0 ? revision : await TableRevision.BeginAsync(session, options.BeforeWrite, cancellationToken).ConfigureAwait(false);
            if (own is null || !await own.MakeAsync(batch, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            made += batch.Length;
        }

        return true;
    }

    private static async Task<TableBlob> WithoutAsync(TableRevision revision, TableSnapshot last, string[] findings, CancellationToken cancellationToken)
    {
        var gone = findings.ToHashSet(StringComparer.Ordinal);
        var known = last.Contents.Findings.DistinctBy(blob => blob.Digest).ToDictionary(blob => blob.Digest);
        var packs = new List<TableBlob>();
        foreach (var pack in TableRows.Pack([.. last.Findings.Where(row => !gone.Contains(row.Id))], last.Contents.Findings.Length))
        {
            packs.Add(await revision.Writer.KeepAsync(pack, known, cancellationToken).ConfigureAwait(false));
        }

        return await revision.Writer.KeepAsync((last.Contents with { Findings = [.. packs] }).ToBytes(), cancellationToken).ConfigureAwait(false);
    }

    private static TableTransactionAction Replace(TableSession session, TableEntity row, TableGeneration scan) =>
        new(TableTransactionActionType.UpdateReplace, scan.ToEntity(session.Partition), row.ETag);

    private static async Task<bool> EachTryAsync(Guid tenantId, Func<Task<bool?>> attempt)
    {
        for (var tries = 1; tries <= Tries; tries++)
        {
            if (await attempt().ConfigureAwait(false) is { } done)
            {
                return done;
            }
        }

        throw new StoreUnavailableException(StoreFault.Locked, $"scans of tenant {tenantId} are kept faster than they can be changed; try again");
    }
}
