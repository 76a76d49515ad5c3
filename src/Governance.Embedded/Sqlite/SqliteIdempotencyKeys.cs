using Governance.Core.Scans;

namespace Governance.Embedded.Sqlite;

/// <summary>Keeps idempotency keys in the database of the data folder.</summary>
public sealed class SqliteIdempotencyKeys(SqliteDatabase database, TimeProvider time) : IIdempotencyKeys
{
    /// <summary>A request takes seconds; whoever claimed longer ago without an answer has died.</summary>
    private static readonly TimeSpan ClaimHolds = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    private const string Key = "tenant_id = $1 AND caller = $2 AND key = $3";

    public async Task<KeyClaim> ClaimAsync(IdempotencyKey key, byte[] requestDigest, CancellationToken cancellationToken)
    {
        KeyClaim claim = new KeyClaim.Fresh();
        var now = time.GetUtcNow();
        await database.WriteAsync(session => claim = Claim(session, key, requestDigest, now), cancellationToken).ConfigureAwait(false);
        return claim;
    }

    public Task KeepAsync(IdempotencyKey key, KeptAnswer answer, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Write(
            $"UPDATE idempotency_keys SET status = $4, location = $5, body = $6 WHERE {Key}",
            SqliteScanStore.Key(key.TenantId), key.Caller, key.Key, answer.Status, answer.Location, answer.Body),
        cancellationToken);

    public Task ReleaseAsync(IdempotencyKey key, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Write($"DELETE FROM idempotency_keys WHERE {Key} AND status IS NULL", SqliteScanStore.Key(key.TenantId), key.Caller, key.Key),
        cancellationToken);

    private static KeyClaim Claim(SqliteSession session, IdempotencyKey key, byte[] digest, DateTimeOffset now)
    {
        var tenant = SqliteScanStore.Key(key.TenantId);
        session.Write(
            "DELETE FROM idempotency_keys WHERE claimed_at < $1 OR (status IS NULL AND claimed_at < $2)",
            (now - Kept).ToUnixTimeMilliseconds(), (now - ClaimHolds).ToUnixTimeMilliseconds());
        if (session.Write(
            "INSERT INTO idempotency_keys (tenant_id, caller, key, request_digest, claimed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            tenant, key.Caller, key.Key, digest, now.ToUnixTimeMilliseconds()) > 0)
        {
            return new KeyClaim.Fresh();
        }

        var (knownDigest, answer) = session.Rows(
            $"SELECT request_digest, status, location, body FROM idempotency_keys WHERE {Key}",
            row => (row.GetFieldValue<byte[]>(0), row.IsDBNull(1) ? null : new KeptAnswer(row.GetInt32(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetFieldValue<byte[]>(3))),
            tenant, key.Caller, key.Key)[0];
        return knownDigest.AsSpan().SequenceEqual(digest)
            ? answer is null ? new KeyClaim.InProgress() : new KeyClaim.Answered(answer)
            : new KeyClaim.OtherRequest();
    }
}
