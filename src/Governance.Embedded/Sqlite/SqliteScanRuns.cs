using System.Collections.Immutable;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;
using Governance.Core.Scans.Runs;

namespace Governance.Embedded.Sqlite;

/// <summary>Keeps the scans that were asked for in the database of the data folder.</summary>
public sealed class SqliteScanRuns(SqliteDatabase database) : IScanRuns
{
    public async Task<ScanRun> StartOrJoinAsync(ScanRun run, CancellationToken cancellationToken)
    {
        var joined = run;
        await database.WriteAsync(session => joined = StartOrJoin(session, run), cancellationToken).ConfigureAwait(false);
        return joined;
    }

    public Task<ScanRun?> FindAsync(Guid tenantId, string runId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, tenantId, runId), cancellationToken);

    public Task<ImmutableArray<ScanRun>> RecentAsync(Guid tenantId, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<ImmutableArray<ScanRun>>(
            session =>
            [
                .. session.Rows(
                    "SELECT body, run_id FROM scan_runs WHERE tenant_id = $1 ORDER BY requested_at DESC, run_id DESC LIMIT $2", Run, SqliteScanStore.Key(tenantId), limit),
            ],
            cancellationToken);

    public async Task<LiveRuns> LiveAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            session => session.Rows(
                "SELECT tenant_id, run_id, body FROM scan_runs WHERE live = 1 ORDER BY requested_at, tenant_id",
                row => (Tenant: Guid.Parse(row.GetString(0)), Id: row.GetString(1), Body: row.GetFieldValue<byte[]>(2))),
            cancellationToken).ConfigureAwait(false);
        var runs = ImmutableArray.CreateBuilder<ScanRun>(rows.Count);
        var unreadable = ImmutableArray.CreateBuilder<TenantFailure>();
        foreach (var (tenant, id, body) in rows)
        {
            try
            {
                runs.Add(RunRecords.ToRun(body, $"run {id}"));
            }
            catch (RecordDamagedException fault)
            {
                unreadable.Add(new TenantFailure(tenant, fault));
            }
        }

        return new LiveRuns(runs.DrainToImmutable(), unreadable.DrainToImmutable());
    }

    public async Task<ScanRun?> ChangeAsync(Guid tenantId, string runId, Func<ScanRun, ScanRun> change, CancellationToken cancellationToken)
    {
        // A change that leaves the run as it is costs no write.
        var known = await FindAsync(tenantId, runId, cancellationToken).ConfigureAwait(false);
        if (known is null || ReferenceEquals(change(known), known))
        {
            return known;
        }

        await database.WriteAsync(session => known = Change(session, tenantId, runId, change), cancellationToken).ConfigureAwait(false);
        return known;
    }

    /// <summary>Changes a run inside an open transaction.</summary>
    internal static ScanRun? Change(SqliteSession session, Guid tenantId, string runId, Func<ScanRun, ScanRun> change)
    {
        if (Find(session, tenantId, runId) is not { } known)
        {
            return null;
        }

        var changed = change(known);
        if (ReferenceEquals(changed, known))
        {
            return known;
        }

        if (changed.Live && !known.Live && LiveOf(session, tenantId) is not null)
        {
            throw new AnotherRunLiveException(tenantId);
        }

        changed = changed with { Version = known.Version + 1 };
        session.Write(
            "UPDATE scan_runs SET live = $3, body = $4 WHERE tenant_id = $1 AND run_id = $2", SqliteScanStore.Key(tenantId), runId, changed.Live ? 1 : 0, RunRecords.ToBytes(changed));
        return changed;
    }

    private static ScanRun StartOrJoin(SqliteSession session, ScanRun run)
    {
        if ((Find(session, run.TenantId, run.Id) ?? LiveOf(session, run.TenantId)) is { } known)
        {
            return known;
        }

        var first = run with { Version = 1 };
        session.Write(
            "INSERT INTO scan_runs (tenant_id, run_id, requested_at, live, body) VALUES ($1, $2, $3, $4, $5)",
            SqliteScanStore.Key(run.TenantId), run.Id, run.RequestedAt.ToUnixTimeMilliseconds(), first.Live ? 1 : 0, RunRecords.ToBytes(first));
        return first;
    }

    private static ScanRun? LiveOf(SqliteSession session, Guid tenantId) =>
        session.Rows("SELECT body, run_id FROM scan_runs WHERE tenant_id = $1 AND live = 1", Run, SqliteScanStore.Key(tenantId)).FirstOrDefault();

    private static ScanRun? Find(SqliteSession session, Guid tenantId, string runId) =>
        session.Rows("SELECT body, run_id FROM scan_runs WHERE tenant_id = $1 AND run_id = $2", Run, SqliteScanStore.Key(tenantId), runId).FirstOrDefault();

    private static ScanRun Run(Microsoft.Data.Sqlite.SqliteDataReader row) => RunRecords.ToRun(row.GetFieldValue<byte[]>(0), $"run {row.GetString(1)}");
}
