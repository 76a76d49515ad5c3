using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Consents;
using Governance.Core.Scans;

namespace Governance.Embedded.Sqlite;

/// <summary>Keeps unfinished readings beside the scans, in a table that no reader of scans looks at.</summary>
public sealed class SqliteScanCheckpoints(SqliteDatabase database) : IScanCheckpoints
{
    public async Task<ImmutableArray<ScanCheckpoint>> FindAsync(string reading, CancellationToken cancellationToken)
    {
        if (!File.Exists(database.Path))
        {
            return [];
        }

        return await database.ReadAsync<ImmutableArray<ScanCheckpoint>>(
            session =>
            [
                .. session.Rows(
                    """
                    SELECT tenant_id, started_at, part, sequence, body FROM checkpoints
                    WHERE reading = $1 AND started_at = (SELECT max(started_at) FROM checkpoints WHERE reading = $1) ORDER BY part, sequence
                    """,
                    row => new ScanCheckpoint(
                        reading,
                        Guid.Parse(row.GetString(0)),
                        DateTimeOffset.Parse(row.GetString(1), CultureInfo.InvariantCulture),
                        (InventoryPart)row.GetInt32(2),
                        row.GetInt32(3),
                        row.GetFieldValue<byte[]>(4)),
                    reading),
            ],
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> KeepAsync(ScanCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var kept = false;
        await database.WriteAsync(
            session => kept = session.Write(
                "INSERT OR IGNORE INTO checkpoints (reading, started_at, part, sequence, tenant_id, body) VALUES ($1, $2, $3, $4, $5, $6)",
                checkpoint.Reading, SqliteScanStore.Text(checkpoint.StartedAt), (int)checkpoint.Part, checkpoint.Sequence,
                SqliteScanStore.Key(checkpoint.TenantId), checkpoint.Body) == 1,
            cancellationToken).ConfigureAwait(false);
        return kept;
    }

    public Task ForgetAsync(string reading, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Write("DELETE FROM checkpoints WHERE reading = $1", reading), cancellationToken);
}
