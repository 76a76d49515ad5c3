using System.Collections.Immutable;
using System.Text;
using Azure.Data.Tables;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;
using Microsoft.Extensions.Logging;

namespace Governance.Azure.Tables;

/// <summary>Keeps scans in one table, a partition for each tenant.</summary>
public sealed class TableScanStore(TableClient table, TableOptions options, ILogger<TableScanStore> logger) : IScanStore
{
    public async Task<ImmutableArray<Guid>> TenantsAsync(CancellationToken cancellationToken)
    {
        var rows = await new TableSession(table, TableKeys.Tenants).RowsAsync(string.Empty, cancellationToken).ConfigureAwait(false);
        var counts = await TableSession.EachAsync(
            rows,
            async (row, token) => row.GetBoolean("Committed") == true || await Reader(Guid.Parse(row.RowKey)).GenerationAsync(token).ConfigureAwait(false) > 0,
            cancellationToken).ConfigureAwait(false);
        return [.. rows.Where((_, n) => counts[n]).Select(row => Guid.Parse(row.RowKey)).Order()];
    }

    public async Task<TenantState?> StateAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        if (await Reader(tenantId).SnapshotAsync(cancellationToken).ConfigureAwait(false) is not { } snapshot)
        {
            return null;
        }

        return new TenantState(
            snapshot.Last.Scan,
            [.. Apps(snapshot)],
            Findings(snapshot),
            FirstSeen(snapshot.Apps).ToImmutableDictionary(),
            snapshot.Last.ToKpis()?.Values ?? throw new RecordDamagedException($"scan {snapshot.Last.Scan.Id}", "its KPI values are missing"),
            Encoding.UTF8.GetString(snapshot.Policy));
    }

    public async Task<KnownState?> KnownAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        if (await Reader(tenantId).SnapshotAsync(cancellationToken).ConfigureAwait(false) is not { } snapshot)
        {
            return null;
        }

        var scan = snapshot.Last.Scan;
        return new KnownState(
            scan,
            snapshot.Apps.Where(row => row.Body is not null)
                .Select(row => new KeptRecord(row.Body!, row.LastSeen).ToKnown(scan.StartedAt, $"app {row.Id}")).ToDictionary(app => app.Id),
            FirstSeen(snapshot.Apps.Where(row => row.Body is null)).ToDictionary(),
            Findings(snapshot));
    }

    public async Task<bool> EachAppAsync(Guid tenantId, string scanId, Action<IEnumerable<AssessedApp>> use, CancellationToken cancellationToken)
    {
        if (await Reader(tenantId).SnapshotAsync(cancellationToken).ConfigureAwait(false) is not { } snapshot || snapshot.Last.Scan.Id != scanId)
        {
            return false;
        }

        use(Apps(snapshot));
        return true;
    }

    public async Task<ImmutableArray<Scan>> ScansAsync(Guid tenantId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return [.. (await Reader(tenantId).ScansAsync(limit, cancellationToken).ConfigureAwait(false)).Select(scan => scan.Scan)];
    }

    public Task<Inventory?> InventoryAsync(Guid tenantId, string scanId, CancellationToken cancellationToken) =>
        new TableInventories(Session(tenantId)).OfAsync(scanId, cancellationToken);

    public Task<ImmutableArray<FindingEvent>> HistoryAsync(Guid tenantId, string findingId, CancellationToken cancellationToken) =>
        new TableHistory(Session(tenantId)).OfAsync(findingId, cancellationToken);

    public async Task<ImmutableArray<FindingEvent>> EventsAsync(Guid tenantId, string scanId, CancellationToken cancellationToken)
    {
        var reader = Reader(tenantId);
        var record = $"events of scan {scanId}";
        TableBlob? missing = null;
        while (await reader.ScanAsync(scanId, cancellationToken).ConfigureAwait(false) is { } scan)
        {
            if (await reader.RowsAsync(scan.Events, cancellationToken).ConfigureAwait(false) is { } rows)
            {
                return
                [
                    .. rows.Select(row => ScanRecords.ToEvent(row.Body, record))
                        .OrderBy(happened => happened.FindingId, StringComparer.Ordinal).ThenBy(happened => happened.Sequence),
                ];
            }

            // Gone because others took its place; or for good, when the row still names it.
            missing = missing == scan.Events ? throw new RecordDamagedException(record, "they are missing") : scan.Events;
        }

        return [];
    }

    public async Task<ImmutableArray<ScanKpis>> KpisAsync(Guid tenantId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var scans = await Reader(tenantId).ScansAsync(limit, cancellationToken).ConfigureAwait(false);
        if (scans.Length == limit && scans.Any(scan => scan.Kpis is null))
        {
            // Some were removed for their age; older ones may have been kept.
            scans = await Reader(tenantId).ScansAsync(int.MaxValue, cancellationToken).ConfigureAwait(false);
        }

        return [.. scans.Select(scan => scan.ToKpis()).OfType<ScanKpis>().Take(limit)];
    }

    /// <inheritdoc/>
    /// <remarks>Committing the same scan again changes nothing, so a caller that lost the answer can simply repeat.</remarks>
    public async Task CommitAsync(ScanCommit commit, CancellationToken cancellationToken)
    {
        CommitCheck.Verify(commit);
        var session = Session(commit.Scan.TenantId);
        if (!await new TableScanCommit(session, commit, Guid.NewGuid().ToString("N"), options).WriteAsync(cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            await new TableSweep(session, options.InventoriesKept).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OperationCanceledException)
        {
            // The scan counts already; the next commit sweeps again.
            logger.SweepCutShort(commit.Scan.TenantId, commit.Scan.Generation, fault.GetType().Name);
        }
    }

    private static IEnumerable<AssessedApp> Apps(TableSnapshot snapshot) => snapshot.Apps.Where(row => row.Body is not null)
        .OrderBy(row => row.Id, StringComparer.Ordinal)
        .Select(row => new KeptRecord(row.Body!, row.LastSeen).ToApp(snapshot.Last.Scan.StartedAt, $"app {row.Id}"));

    private static ImmutableArray<Finding> Findings(TableSnapshot snapshot) =>
    [
        .. snapshot.Findings.Select(row => new KeptRecord(row.Body ?? [], row.LastSeen).ToFinding(snapshot.Last.Scan.StartedAt, $"finding {row.Id}"))
            .OrderBy(finding => finding.Id, StringComparer.Ordinal),
    ];

    private static IEnumerable<KeyValuePair<Guid, DateTimeOffset>> FirstSeen(IEnumerable<TableRow> apps) =>
        apps.Select(row => KeyValuePair.Create(Guid.Parse(row.Id), row.FirstSeen ?? throw new RecordDamagedException($"app {row.Id}", "it has no time")));

    private TableSession Session(Guid tenantId) => new(table, TableKeys.Tenant(tenantId));

    private TableReader Reader(Guid tenantId) => new(Session(tenantId));
}
