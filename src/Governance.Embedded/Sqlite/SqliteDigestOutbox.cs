using System.Collections.Immutable;
using Governance.Core.Digest;
using Governance.Core.Scans.Records;
using Microsoft.Data.Sqlite;

namespace Governance.Embedded.Sqlite;

/// <summary>Keeps the outbox of digests in the database file of the data folder.</summary>
public sealed class SqliteDigestOutbox(SqliteDatabase database) : IDigestOutbox
{
    private const string Columns = "channel, audience, period, state, attempt, scan_id, changed_at, detail, run_id, progress";

    public async Task<DigestClaim> ClaimAsync(DigestSlot slot, string scanId, DateTimeOffset now, bool again, CancellationToken cancellationToken)
    {
        DigestClaim? claim = null;
        await database.WriteAsync(
            session =>
            {
                var known = Find(session, slot);
                if (known is not null && !known.MayBeClaimed(now, again))
                {
                    claim = new DigestClaim.Refused(known);
                    return;
                }

                var entry = DigestEntry.Claim(slot, known, scanId, now);
                Write(session, entry);
                claim = new DigestClaim.Granted(entry);
            },
            cancellationToken).ConfigureAwait(false);
        return claim!;
    }

    public Task RecordAsync(DigestEntry entry, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            if (Find(session, entry.Slot) is not { } known || !known.MayBecome(entry))
            {
                throw new DigestClaimLostException(entry.Slot, entry.Attempt);
            }

            Write(session, entry);
        },
        cancellationToken);

    public Task<ImmutableArray<DigestEntry>> ListAsync(Guid tenantId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.ReadAsync<ImmutableArray<DigestEntry>>(
            session =>
            [
                .. session.Rows(
                        $"SELECT {Columns} FROM digest_outbox WHERE tenant_id = $1", row => Entry(row, tenantId), SqliteScanStore.Key(tenantId))
                    .OrderByDescending(entry => entry.ChangedAt).ThenBy(entry => entry.Slot.Channel, StringComparer.Ordinal)
                    .ThenBy(entry => entry.Slot.Period, StringComparer.Ordinal).ThenBy(entry => entry.Slot.Audience).Take(limit),
            ],
            cancellationToken);
    }

    private static DigestEntry? Find(SqliteSession session, DigestSlot slot) => session.Rows(
        $"SELECT {Columns} FROM digest_outbox WHERE tenant_id = $1 AND channel = $2 AND audience = $3 AND period = $4",
        row => Entry(row, slot.TenantId),
        SqliteScanStore.Key(slot.TenantId), slot.Channel, slot.Audience.ToString(), slot.Period).SingleOrDefault();

    private static void Write(SqliteSession session, DigestEntry entry) => session.Write(
        """
        INSERT INTO digest_outbox (tenant_id, channel, audience, period, state, attempt, scan_id, changed_at, detail, run_id, progress)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (tenant_id, channel, audience, period) DO UPDATE SET
            state = excluded.state, attempt = excluded.attempt, scan_id = excluded.scan_id,
            changed_at = excluded.changed_at, detail = excluded.detail, run_id = excluded.run_id, progress = excluded.progress
        """,
        SqliteScanStore.Key(entry.Slot.TenantId), entry.Slot.Channel, entry.Slot.Audience.ToString(), entry.Slot.Period,
        entry.State.ToString(), entry.Attempt, entry.ScanId, SqliteScanStore.Text(entry.ChangedAt), entry.Detail, entry.RunId, entry.Progress?.ToString());

    private static DigestEntry Entry(SqliteDataReader row, Guid tenantId)
    {
        var period = row.GetString(2);
        var record = $"digest {period} for {row.GetString(0)}";
        return new DigestEntry(
            new DigestSlot(tenantId, row.GetString(0), Named<DigestAudience>(row.GetString(1), record), period),
            Named<DigestState>(row.GetString(3), record),
            row.GetInt32(4),
            row.GetString(5),
            SqliteScanStore.Time(row.GetString(6), record),
            row.GetString(7),
            row.IsDBNull(8) ? null : row.GetString(8))
        {
            Progress = row.IsDBNull(9) ? null : DigestProgress.Parse(row.GetString(9)) ?? throw new RecordDamagedException(record, "its progress does not read"),
        };
    }

    private static T Named<T>(string name, string record)
        where T : struct, Enum =>
        Enum.TryParse<T>(name, out var value) && Enum.IsDefined(value) ? value : throw new RecordDamagedException(record, $"'{name}' is no {typeof(T).Name}");
}
