using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;

namespace Governance.Embedded.Sqlite;

/// <summary>Keeps scans in the database file of the data folder.</summary>
public sealed class SqliteScanStore(SqliteDatabase database, SqliteOptions options) : IScanStore
{
    public Task<ImmutableArray<Guid>> TenantsAsync(CancellationToken cancellationToken) => database.ReadAsync<ImmutableArray<Guid>>(
        session => [.. session.Rows("SELECT tenant_id FROM tenants", row => Guid.Parse(row.GetString(0))).Order()], cancellationToken);

    public Task<TenantState?> StateAsync(Guid tenantId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => State(session, Key(tenantId)), cancellationToken);

    public Task<KnownState?> KnownAsync(Guid tenantId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Known(session, Key(tenantId)), cancellationToken);

    public Task<bool> EachAppAsync(Guid tenantId, string scanId, Action<IEnumerable<AssessedApp>> use, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var tenant = Key(tenantId);
            var generation = session.Single<long>("SELECT generation FROM tenants WHERE tenant_id = $1", tenant);
            if (generation == 0 || Last(session, tenant, generation).Scan is not { } last || last.Id != scanId)
            {
                return false;
            }

            use(Apps(session, tenant, last.StartedAt));
            return true;
        },
        cancellationToken);

    public Task<ImmutableArray<Scan>> ScansAsync(Guid tenantId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.ReadAsync<ImmutableArray<Scan>>(
            session =>
            [
                .. session.Rows(
                    "SELECT body, scan_id FROM scans WHERE tenant_id = $1 ORDER BY generation DESC LIMIT $2",
                    row => ScanRecords.ToScan(row.GetFieldValue<byte[]>(0), $"scan {row.GetString(1)}"),
                    Key(tenantId), limit),
            ],
            cancellationToken);
    }

    public Task<Inventory?> InventoryAsync(Guid tenantId, string scanId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Replay(session, Key(tenantId), scanId, cancellationToken), cancellationToken);

    public Task<ImmutableArray<FindingEvent>> HistoryAsync(Guid tenantId, string findingId, CancellationToken cancellationToken) =>
        database.ReadAsync<ImmutableArray<FindingEvent>>(
            session =>
            [
                .. session.Rows(
                    "SELECT body, sequence FROM finding_events WHERE tenant_id = $1 AND finding_id = $2 ORDER BY sequence",
                    row => ScanRecords.ToEvent(row.GetFieldValue<byte[]>(0), $"event {row.GetInt64(1)} of finding {findingId}"),
                    Key(tenantId), findingId),
            ],
            cancellationToken);

    public Task<ImmutableArray<FindingEvent>> EventsAsync(Guid tenantId, string scanId, CancellationToken cancellationToken) =>
        database.ReadAsync<ImmutableArray<FindingEvent>>(
            session =>
            [
                .. session.Rows(
                    "SELECT body, finding_id, sequence FROM finding_events WHERE tenant_id = $1 AND scan_id = $2 ORDER BY finding_id, sequence",
                    row => ScanRecords.ToEvent(row.GetFieldValue<byte[]>(0), $"event {row.GetInt64(2)} of finding {row.GetString(1)}"),
                    Key(tenantId), scanId),
            ],
            cancellationToken);

    public Task<ImmutableArray<ScanKpis>> KpisAsync(Guid tenantId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.ReadAsync<ImmutableArray<ScanKpis>>(
            session =>
            [
                .. session.Rows(
                    "SELECT scans.body, kpis.body, scan_id FROM scans JOIN kpis USING (tenant_id, generation) WHERE tenant_id = $1 ORDER BY generation DESC LIMIT $2",
                    row => KpisOf(
                        ScanRecords.ToScan(row.GetFieldValue<byte[]>(0), $"scan {row.GetString(2)}"), row.GetFieldValue<byte[]>(1)),
                    Key(tenantId), limit),
            ],
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Committing the same scan again changes nothing, so a caller that lost the answer can simply repeat.</remarks>
    public Task CommitAsync(ScanCommit commit, CancellationToken cancellationToken)
    {
        CommitCheck.Verify(commit);
        return database.WriteAsync(session => new SqliteScanCommit(session, commit, options.InventoriesKept).Write(cancellationToken), cancellationToken);
    }

    internal static string Key(Guid id) => id.ToString("D");

    internal static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    internal static DateTimeOffset Time(string text, string record) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw new RecordDamagedException(record, "a time does not read");

    private static ScanKpis KpisOf(Scan scan, byte[] values) =>
        new(scan.Id, scan.StartedAt, scan.Status, ScanRecords.ToKpis(values, $"KPI values of scan {scan.Id}"));

    private static TenantState? State(SqliteSession session, string tenant)
    {
        var generation = session.Single<long>("SELECT generation FROM tenants WHERE tenant_id = $1", tenant);
        if (generation == 0)
        {
            return null;
        }

        var (last, kpis, policy) = Last(session, tenant, generation);
        var firstSeen = session.Each("SELECT service_principal_id, first_seen FROM apps WHERE tenant_id = $1", FirstSeen, tenant).ToImmutableDictionary();
        return new TenantState(
            last,
            [.. Apps(session, tenant, last.StartedAt)],
            Findings(session, tenant, last.StartedAt),
            firstSeen,
            ScanRecords.ToKpis(kpis, $"KPI values of scan {last.Id}"),
            Encoding.UTF8.GetString(policy));
    }

    private static KnownState? Known(SqliteSession session, string tenant)
    {
        var generation = session.Single<long>("SELECT generation FROM tenants WHERE tenant_id = $1", tenant);
        if (generation == 0)
        {
            return null;
        }

        var last = Last(session, tenant, generation).Scan;
        var apps = session.Each(
            "SELECT service_principal_id, last_seen, digest, body FROM apps WHERE tenant_id = $1 AND gone_in IS NULL",
            row => Kept(row.GetFieldValue<byte[]>(3), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(0))
                .ToKnown(last.StartedAt, $"app {row.GetString(0)}", row.GetFieldValue<byte[]>(2)),
            tenant);
        return new KnownState(
            last,
            apps.ToDictionary(app => app.Id),
            session.Each("SELECT service_principal_id, first_seen FROM apps WHERE tenant_id = $1 AND gone_in IS NOT NULL", FirstSeen, tenant).ToDictionary(),
            Findings(session, tenant, last.StartedAt));
    }

    private static (Scan Scan, byte[] Kpis, byte[] Policy) Last(SqliteSession session, string tenant, long generation) => session.Rows(
        """
        SELECT scans.body, kpis.body, policy_texts.body FROM scans JOIN kpis USING (tenant_id, generation)
        JOIN policy_texts ON policy_texts.tenant_id = scans.tenant_id AND policy_texts.digest = policy_digest
        WHERE scans.tenant_id = $1 AND generation = $2
        """,
        row => (ScanRecords.ToScan(row.GetFieldValue<byte[]>(0), $"scan {generation} of tenant {tenant}"), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)),
        tenant, generation) is [var found]
            ? found
            : throw new RecordDamagedException($"scan {generation} of tenant {tenant}", "it is missing");

    /// <remarks>Ids as text sort as they do themselves.</remarks>
    private static IEnumerable<AssessedApp> Apps(SqliteSession session, string tenant, DateTimeOffset lastStart) => session.Each(
        "SELECT service_principal_id, last_seen, body FROM apps WHERE tenant_id = $1 AND gone_in IS NULL ORDER BY service_principal_id",
        row => Kept(row.GetFieldValue<byte[]>(2), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(0)).ToApp(lastStart, $"app {row.GetString(0)}"),
        tenant);

    private static ImmutableArray<Finding> Findings(SqliteSession session, string tenant, DateTimeOffset lastStart) =>
    [
        .. session.Each(
            "SELECT finding_id, last_seen, body FROM findings WHERE tenant_id = $1",
            row => Kept(row.GetFieldValue<byte[]>(2), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(0)).ToFinding(lastStart, $"finding {row.GetString(0)}"),
            tenant).OrderBy(finding => finding.Id, StringComparer.Ordinal),
    ];

    private static KeyValuePair<Guid, DateTimeOffset> FirstSeen(Microsoft.Data.Sqlite.SqliteDataReader row) =>
        new(Guid.Parse(row.GetString(0)), Time(row.GetString(1), $"app {row.GetString(0)}"));

    private static KeptRecord Kept(byte[] body, string? lastSeen, string record) =>
        new(body, lastSeen is null ? null : Time(lastSeen, record));

    internal static Inventory? Replay(SqliteSession session, string tenant, string scanId, CancellationToken cancellationToken)
    {
        var manifest = session.Single<byte[]>(
            "SELECT manifest FROM inventories JOIN scans USING (tenant_id, generation) WHERE tenant_id = $1 AND scan_id = $2", tenant, scanId);
        if (manifest is null)
        {
            return null;
        }

        var join = new InventoryJoin(InventoryManifest.From(manifest, $"inventory of scan {scanId}"));
        foreach (var id in join.Awaited.ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (session.Single<byte[]>("SELECT content FROM chunks WHERE tenant_id = $1 AND chunk_id = $2", tenant, id.ToBytes()) is { } content)
            {
                join.Add(id, content);
            }
        }

        return join.Build();
    }
}
