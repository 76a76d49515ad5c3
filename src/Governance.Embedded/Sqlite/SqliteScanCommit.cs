using System.Security.Cryptography;
using System.Text;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;
using Governance.Core.Scans.Runs;

namespace Governance.Embedded.Sqlite;

/// <summary>Writes one scan inside an open transaction: what differs from what is kept, and nothing else.</summary>
internal sealed class SqliteScanCommit(SqliteSession session, ScanCommit commit, int inventoriesKept)
{
    private readonly string _tenant = SqliteScanStore.Key(commit.Scan.TenantId);
    private readonly int _generation = commit.Scan.Generation;

    /// <exception cref="StaleScanException">Another scan was committed since the one this was based on.</exception>
    public void Write(CancellationToken cancellationToken)
    {
        var current = (int)session.Single<long>("SELECT generation FROM tenants WHERE tenant_id = $1", _tenant);
        if (session.Single<string>("SELECT scan_id FROM scans WHERE tenant_id = $1 AND generation = $2", _tenant, _generation) == commit.Scan.Id)
        {
            return;
        }

        if (current != commit.BasedOn)
        {
            throw new StaleScanException(commit.BasedOn, current);
        }

        if (commit.Fence is { } fence
            && SqliteScanRuns.Change(session, commit.Scan.TenantId, fence.RunId, run => run.Committing(fence.Number, commit.Scan.Id)) is null)
        {
            throw new FencedOffException(fence.RunId);
        }

        var before = LastScan(current);
        WriteScan();
        WriteApps(before?.StartedAt);
        cancellationToken.ThrowIfCancellationRequested();
        WriteFindings(before?.StartedAt);
        WriteEvents();
        session.Write("INSERT INTO kpis (tenant_id, generation, body) VALUES ($1, $2, $3)", _tenant, _generation, ScanRecords.ToBytes(commit.Kpis));
        WriteInventory(cancellationToken);
        DropOldInventories();
        session.Write("DELETE FROM checkpoints WHERE tenant_id = $1", _tenant);
    }

    private Scan? LastScan(int generation) =>
        session.Single<byte[]>("SELECT body FROM scans WHERE tenant_id = $1 AND generation = $2", _tenant, generation) is { } body
            ? ScanRecords.ToScan(body, $"scan {generation} of tenant {_tenant}")
            : null;

    private void WriteScan()
    {
        session.Write(
            "INSERT INTO tenants (tenant_id, generation) VALUES ($1, $2) ON CONFLICT (tenant_id) DO UPDATE SET generation = excluded.generation",
            _tenant, _generation);
        var policy = Encoding.UTF8.GetBytes(commit.PolicyText);
        var digest = SHA256.HashData(policy);
        session.Write("INSERT OR IGNORE INTO policy_texts (tenant_id, digest, body) VALUES ($1, $2, $3)", _tenant, digest, policy);
        session.Write(
            "INSERT INTO scans (tenant_id, generation, scan_id, policy_digest, body) VALUES ($1, $2, $3, $4, $5)",
            _tenant, _generation, commit.Scan.Id, digest, ScanRecords.ToBytes(commit.Scan));
    }

    private void WriteApps(DateTimeOffset? scanBefore)
    {
        var kept = session.Rows(
            "SELECT service_principal_id, digest FROM apps WHERE tenant_id = $1 AND gone_in IS NULL",
            row => (Id: row.GetString(0), Digest: row.GetFieldValue<byte[]>(1)),
            _tenant).ToDictionary(row => row.Id, row => row.Digest, StringComparer.Ordinal);
        foreach (var record in commit.Apps.All)
        {
            var app = record.App;
            var id = SqliteScanStore.Key(app.Id);
            if (!CommitCheck.Differs(record, kept.Remove(id, out var known) ? known : []))
            {
                continue;
            }

            session.Write(
                """
                INSERT INTO apps (tenant_id, service_principal_id, first_seen, last_seen, gone_in, digest, body) VALUES ($1, $2, $3, $4, NULL, $5, $6)
                ON CONFLICT (tenant_id, service_principal_id) DO UPDATE SET
                    first_seen = excluded.first_seen, last_seen = excluded.last_seen, gone_in = NULL, digest = excluded.digest, body = excluded.body
                """,
                _tenant, id, SqliteScanStore.Text(app.FirstSeen), LastSeen(record.LastSeen), app.Digest, record.Body);
        }

        foreach (var id in kept.Keys)
        {
            session.Write(
                "UPDATE apps SET gone_in = $3, last_seen = coalesce(last_seen, $4), digest = NULL, body = NULL WHERE tenant_id = $1 AND service_principal_id = $2",
                _tenant, id, _generation, SqliteScanStore.Text(scanBefore ?? commit.Scan.StartedAt));
        }
    }

    private void WriteFindings(DateTimeOffset? scanBefore)
    {
        var kept = session.Rows(
            "SELECT finding_id, digest FROM findings WHERE tenant_id = $1",
            row => (Id: row.GetString(0), Digest: row.GetFieldValue<byte[]>(1)),
            _tenant).ToDictionary(row => row.Id, row => row.Digest, StringComparer.Ordinal);
        foreach (var finding in commit.Findings)
        {
            var record = KeptRecord.Of(finding, commit.Scan.StartedAt);
            var digest = record.Digest();
            if (kept.Remove(finding.Id, out var known) && known.AsSpan().SequenceEqual(digest))
            {
                continue;
            }

            session.Write(
                """
                INSERT INTO findings (tenant_id, finding_id, last_seen, digest, body) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (tenant_id, finding_id) DO UPDATE SET last_seen = excluded.last_seen, digest = excluded.digest, body = excluded.body
                """,
                _tenant, finding.Id, LastSeen(record.LastSeen), digest, record.Body);
        }

        // A finding the scan does not mention stays as it is: it was last seen by the scan before, not by this one.
        foreach (var id in kept.Keys)
        {
            var body = session.Single<byte[]>("SELECT body FROM findings WHERE tenant_id = $1 AND finding_id = $2 AND last_seen IS NULL", _tenant, id);
            if (body is not null && scanBefore is { } seen)
            {
                session.Write(
                    "UPDATE findings SET last_seen = $3, digest = $4 WHERE tenant_id = $1 AND finding_id = $2",
                    _tenant, id, SqliteScanStore.Text(seen), new KeptRecord(body, seen).Digest());
            }
        }
    }

    private void WriteEvents()
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var happened in commit.Events)
        {
            if (!last.TryGetValue(happened.FindingId, out var sequence))
            {
                sequence = (int)session.Single<long>("SELECT max(sequence) FROM finding_events WHERE tenant_id = $1 AND finding_id = $2", _tenant, happened.FindingId);
            }

            CommitCheck.Follows(happened, sequence);
            last[happened.FindingId] = happened.Sequence;
            session.Write(
                "INSERT INTO finding_events (tenant_id, finding_id, sequence, scan_id, body) VALUES ($1, $2, $3, $4, $5)",
                _tenant, happened.FindingId, happened.Sequence, happened.ScanId, ScanRecords.ToBytes(happened));
        }
    }

    private void WriteInventory(CancellationToken cancellationToken)
    {
        var before = session.Single<byte[]>("SELECT manifest FROM inventories WHERE tenant_id = $1 AND generation = $2", _tenant, commit.BasedOn);
        var previous = before is null ? null : InventoryManifest.From(before, $"inventory of scan {commit.BasedOn} of tenant {_tenant}");
        var known = previous?.Chunks.ToHashSet() ?? [];
        var chunks = new List<(ChunkKind, int, ChunkId)>();
        foreach (var chunk in InventoryChunks.Split(commit.Inventory, previous))
        {
            cancellationToken.ThrowIfCancellationRequested();
            chunks.Add((chunk.Kind, chunk.Rows, chunk.Id));
            if (known.Add(chunk.Id))
            {
                session.Write(
                    "INSERT OR IGNORE INTO chunks (tenant_id, chunk_id, content) VALUES ($1, $2, $3)", _tenant, chunk.Id.ToBytes(), chunk.Compressed());
            }
        }

        session.Write(
            "INSERT INTO inventories (tenant_id, generation, manifest) VALUES ($1, $2, $3)",
            _tenant, _generation, InventoryManifest.Of(commit.Inventory, chunks).ToBytes());
    }

    private void DropOldInventories()
    {
        var oldestKept = _generation - inventoriesKept + 1;
        var dropped = Manifests("SELECT generation, manifest FROM inventories WHERE tenant_id = $1 AND generation < $2", oldestKept);
        if (dropped.Count == 0)
        {
            return;
        }

        var unused = dropped.SelectMany(manifest => manifest.Chunks).ToHashSet();
        foreach (var manifest in Manifests("SELECT generation, manifest FROM inventories WHERE tenant_id = $1 AND generation >= $2", oldestKept))
        {
            unused.ExceptWith(manifest.Chunks);
        }

        session.Write("DELETE FROM inventories WHERE tenant_id = $1 AND generation < $2", _tenant, oldestKept);
        foreach (var id in unused)
        {
            session.Write("DELETE FROM chunks WHERE tenant_id = $1 AND chunk_id = $2", _tenant, id.ToBytes());
        }
    }

    private List<InventoryManifest> Manifests(string sql, int generation) => session.Rows(
        sql,
        row => InventoryManifest.From(row.GetFieldValue<byte[]>(1), $"inventory of scan {row.GetInt64(0)} of tenant {_tenant}"),
        _tenant, generation);

    private static string? LastSeen(DateTimeOffset? lastSeen) => lastSeen is { } seen ? SqliteScanStore.Text(seen) : null;
}
