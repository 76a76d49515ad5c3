using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Records;
using Governance.Core.Scans.Runs;

namespace Governance.Embedded.Sqlite;

/// <summary>Removes persons and old records from the database file, freed pages and write-ahead log included.</summary>
public sealed class SqlitePersonalRecords(SqliteDatabase database) : IPersonalRecords
{
    public async Task<int> EraseUserAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken)
    {
        var changed = 0;
        await database.WriteAsync(session => changed = Erase(session, SqliteScanStore.Key(tenantId), userId, cancellationToken), cancellationToken).ConfigureAwait(false);
        await database.EmptyLogAsync(cancellationToken).ConfigureAwait(false);
        return changed;
    }

    public Task<PersonTraces> FindTracesAsync(Guid tenantId, NamedPerson person, CancellationToken cancellationToken)
    {
        var tenant = SqliteScanStore.Key(tenantId);
        return database.ReadAsync(
            session => Found(session, tenant, person).Counts with { Inventories = person.Id is { } id ? With(session, tenant, id, cancellationToken).Count() : 0 }, cancellationToken);
    }

    public async Task<PersonTraces> EraseTracesAsync(Guid tenantId, NamedPerson person, CancellationToken cancellationToken)
    {
        var changed = PersonTraces.None;
        await database.WriteAsync(session => changed = EraseTraces(session, SqliteScanStore.Key(tenantId), person), cancellationToken).ConfigureAwait(false);
        await database.EmptyLogAsync(cancellationToken).ConfigureAwait(false);
        return changed;
    }

    public async Task<RetentionCounts> RetainAsync(Guid tenantId, RetentionPeriods periods, DateTimeOffset now, bool dryRun, CancellationToken cancellationToken)
    {
        var tenant = SqliteScanStore.Key(tenantId);
        if (dryRun)
        {
            return await database.ReadAsync(session => Old(session, tenant, periods, now).Counts, cancellationToken).ConfigureAwait(false);
        }

        var counts = new RetentionCounts(0, 0, 0, 0, 0);
        await database.WriteAsync(session => counts = Remove(session, tenant, Old(session, tenant, periods, now)), cancellationToken).ConfigureAwait(false);
        await database.EmptyLogAsync(cancellationToken).ConfigureAwait(false);
        return counts;
    }

    private static int Erase(SqliteSession session, string tenant, Guid user, CancellationToken cancellationToken)
    {
        var changed = 0;
        foreach (var (generation, without) in With(session, tenant, user, cancellationToken))
        {
            var chunks = new List<(ChunkKind, int, ChunkId)>();
            foreach (var chunk in InventoryChunks.Split(without, null))
            {
                chunks.Add((chunk.Kind, chunk.Rows, chunk.Id));
                session.Write("INSERT OR IGNORE INTO chunks (tenant_id, chunk_id, content) VALUES ($1, $2, $3)", tenant, chunk.Id.ToBytes(), chunk.Compressed());
            }

            session.Write(
                "UPDATE inventories SET manifest = $3 WHERE tenant_id = $1 AND generation = $2", tenant, generation, InventoryManifest.Of(without, chunks).ToBytes());
            changed++;
        }

        // An unfinished reading may hold the user too; it begins anew.
        session.Write("DELETE FROM checkpoints WHERE tenant_id = $1", tenant);
        DropUnusedChunks(session, tenant);
        return changed;
    }

    /// <returns>Each inventory that has the user, as it is without them.</returns>
    private static IEnumerable<(long Generation, Inventory Without)> With(SqliteSession session, string tenant, Guid user, CancellationToken cancellationToken)
    {
        foreach (var (generation, scanId) in session.Rows(
            "SELECT generation, scan_id FROM inventories JOIN scans USING (tenant_id, generation) WHERE tenant_id = $1 ORDER BY generation",
            row => (row.GetInt64(0), row.GetString(1)), tenant))
        {
            var kept = SqliteScanStore.Replay(session, tenant, scanId, cancellationToken)!;
            var without = kept.Without(user);
            if (!ReferenceEquals(kept, without))
            {
                yield return (generation, without);
            }
        }
    }

    private static PersonTraces EraseTraces(SqliteSession session, string tenant, NamedPerson person)
    {
        // A reading that a stop left behind holds users as they came; it begins anew.
        session.Write("DELETE FROM checkpoints WHERE tenant_id = $1", tenant);
        var found = Found(session, tenant, person);
        foreach (var (caller, key, _) in found.Answers)
        {
            session.Write("DELETE FROM idempotency_keys WHERE tenant_id = $1 AND caller = $2 AND key = $3", tenant, caller, key);
        }

        foreach (var run in found.Runs)
        {
            session.Write(
                "UPDATE scan_runs SET body = $3 WHERE tenant_id = $1 AND run_id = $2", tenant, run.Id, RunRecords.ToBytes(run with { RequestedBy = IPersonalRecords.Erased, Version = run.Version + 1 }));
        }

        foreach (var (sequence, by, reason) in found.Confirmations)
        {
            var (newBy, newReason) = person.Without(by, reason)!.Value;
            session.Write("UPDATE learned_apps SET confirmed_by = $3, reason = $4 WHERE tenant_id = $1 AND sequence = $2", tenant, sequence, newBy, newReason);
        }

        return found.Counts;
    }

    private static FoundRecords Found(SqliteSession session, string tenant, NamedPerson person)
    {
        var answers = session.Rows(
            "SELECT caller, key, CAST(body AS BLOB) FROM idempotency_keys WHERE tenant_id = $1",
            row => (Caller: row.GetString(0), Key: row.GetString(1), Body: row.IsDBNull(2) ? [] : row.GetFieldValue<byte[]>(2)), tenant)
            .Select(row => (row.Caller, row.Key, Own: person.Is(row.Caller), Named: person.StandsIn(row.Key) || person.StandsInJson(row.Body)))
            .Where(row => row.Own || row.Named);
        var runs = session.Rows("SELECT body, run_id FROM scan_runs WHERE tenant_id = $1", row => RunRecords.ToRun(row.GetFieldValue<byte[]>(0), $"run {row.GetString(1)}"), tenant)
            .Where(run => person.Is(run.RequestedBy));
        var confirmations = session.Rows(
            "SELECT sequence, confirmed_by, reason FROM learned_apps WHERE tenant_id = $1", row => (row.GetInt64(0), By: row.GetString(1), Reason: row.GetString(2)), tenant)
            .Where(row => person.Without(row.By, row.Reason) is not null);
        return new FoundRecords(person, [.. answers.Select(row => (row.Caller, row.Key, row.Own))], [.. runs], [.. confirmations]);
    }

    private static OldRecords Old(SqliteSession session, string tenant, RetentionPeriods periods, DateTimeOffset now)
    {
        var last = session.Single<long>("SELECT generation FROM tenants WHERE tenant_id = $1", tenant);
        var scans = session.Rows(
            "SELECT generation, body FROM scans WHERE tenant_id = $1",
            row => (Generation: row.GetInt64(0), ScanRecords.ToScan(row.GetFieldValue<byte[]>(1), $"scan {row.GetInt64(0)}").StartedAt),
            tenant);
        var inventories = session.Rows("SELECT generation FROM inventories WHERE tenant_id = $1", row => row.GetInt64(0), tenant).ToHashSet();
        var kpis = session.Rows("SELECT generation FROM kpis WHERE tenant_id = $1", row => row.GetInt64(0), tenant).ToHashSet();
        long[] OlderThan(int? days, HashSet<long> kept) => days is { } limit
            ? [.. scans.Where(scan => scan.Generation != last && scan.StartedAt < now.AddDays(-limit) && kept.Contains(scan.Generation)).Select(scan => scan.Generation)]
            : [];
        string[] findings = periods.ResolvedFindingDays is { } resolved
            ? [.. session.Rows(
                    "SELECT body, finding_id FROM findings WHERE tenant_id = $1",
                    row => new KeptRecord(row.GetFieldValue<byte[]>(0), now).ToFinding(now, $"finding {row.GetString(1)}"),
                    tenant)
                .Where(finding => finding.ResolvedAt < now.AddDays(-resolved)).Select(finding => finding.Id)]
            : [];
        string[] runs = periods.DecisionTextDays is { } days
            ? [.. session.Rows(
                "SELECT run_id FROM scan_runs WHERE tenant_id = $1 AND live = 0 AND requested_at < $2", row => row.GetString(0), tenant, now.AddDays(-days).ToUnixTimeMilliseconds())]
            : [];
        return new OldRecords(OlderThan(periods.InventoryDays, inventories), findings, OlderThan(periods.KpiDays, kpis), runs);
    }

    private static RetentionCounts Remove(SqliteSession session, string tenant, OldRecords old)
    {
        foreach (var generation in old.Inventories)
        {
            session.Write("DELETE FROM inventories WHERE tenant_id = $1 AND generation = $2", tenant, generation);
        }

        foreach (var finding in old.Findings)
        {
            session.Write("DELETE FROM finding_events WHERE tenant_id = $1 AND finding_id = $2", tenant, finding);
            session.Write("DELETE FROM findings WHERE tenant_id = $1 AND finding_id = $2", tenant, finding);
        }

        foreach (var generation in old.Kpis)
        {
            session.Write("DELETE FROM kpis WHERE tenant_id = $1 AND generation = $2", tenant, generation);
        }

        foreach (var run in old.Runs)
        {
            session.Write("DELETE FROM scan_runs WHERE tenant_id = $1 AND run_id = $2 AND live = 0", tenant, run);
        }

        DropUnusedChunks(session, tenant);
        return old.Counts;
    }

    private static void DropUnusedChunks(SqliteSession session, string tenant)
    {
        var used = session.Rows(
            "SELECT generation, manifest FROM inventories WHERE tenant_id = $1",
            row => InventoryManifest.From(row.GetFieldValue<byte[]>(1), $"inventory of scan {row.GetInt64(0)} of tenant {tenant}"),
            tenant).SelectMany(manifest => manifest.Chunks).Select(id => Convert.ToHexString(id.ToBytes())).ToHashSet(StringComparer.Ordinal);
        foreach (var id in session.Rows("SELECT chunk_id FROM chunks WHERE tenant_id = $1", row => row.GetFieldValue<byte[]>(0), tenant))
        {
            if (!used.Contains(Convert.ToHexString(id)))
            {
                session.Write("DELETE FROM chunks WHERE tenant_id = $1 AND chunk_id = $2", tenant, id);
            }
        }
    }

    private sealed record FoundRecords(NamedPerson Person, (string Caller, string Key, bool Own)[] Answers, ScanRun[] Runs, (long Sequence, string By, string Reason)[] Confirmations)
    {
        public PersonTraces Counts
        {
            get
            {
                var (answers, confirmations) = (Answers.Count(answer => answer.Own), Confirmations.Count(known => Person.Is(known.By)));
                return new PersonTraces(0, Runs.Length, answers, confirmations, Answers.Length - answers + Confirmations.Length - confirmations);
            }
        }
    }

    private sealed record OldRecords(long[] Inventories, string[] Findings, long[] Kpis, string[] Runs)
    {
        public RetentionCounts Counts => new(Inventories.Length, Findings.Length, Kpis.Length, 0, 0) { Runs = Runs.Length };
    }
}
