using System.Security.Cryptography;
using System.Text;
using Governance.Core.Scans;

namespace Governance.Embedded.Sqlite;

/// <summary>Keeps idempotency keys in the database of the data folder.</summary>
/// <remarks>While a key has no answer its body holds the mark of the request.</remarks>
public sealed class SqliteIdempotencyKeys(SqliteDatabase database, TimeProvider time) : IIdempotencyKeys
{
    /// <summary>A request takes seconds; whoever claimed longer ago without an answer has died.</summary>
    private static readonly TimeSpan ClaimHolds = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    private const string Key = "tenant_id = $1 AND caller = $2 AND key = $3";

    public async Task<KeyClaim> ClaimAsync(IdempotencyKey key, byte[] requestDigest, CancellationToken cancellationToken)
    {
        KeyClaim? claim = null;
        var now = time.GetUtcNow();
        await database.WriteAsync(session => claim = Claim(session, key, requestDigest, now), cancellationToken).ConfigureAwait(false);
        return claim!;
    }

    public Task KeepAsync(IdempotencyKey key, KeptAnswer answer, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Write(
            $"UPDATE idempotency_keys SET status = $4, location = $5, body = $6 WHERE {Key}",
            SqliteScanStore.Key(key.TenantId), key.Caller, key.Key, answer.Status, answer.Location, answer.Body),
        cancellationToken);

    public Task ReleaseAsync(IdempotencyKey key, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Write($"DELETE FROM idempotency_keys WHERE {Key} AND status IS NULL", SqliteScanStore.Key(key.TenantId), key.Caller, key.Key),
        cancellationToken);

    public Task AbandonAsync(IdempotencyKey key, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Write(
            $"UPDATE idempotency_keys SET claimed_at = $4 WHERE {Key} AND status IS NULL AND claimed_at > $4",
            SqliteScanStore.Key(key.TenantId), key.Caller, key.Key, (time.GetUtcNow() - ClaimHolds).ToUnixTimeMilliseconds()),
        cancellationToken);

    /// <summary>Frees the claims that an earlier server of this folder left when it died; only the server that has the folder may ask for it.</summary>
    public Task ReclaimAsync(CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Write("UPDATE idempotency_keys SET claimed_at = claimed_at - $1 WHERE status IS NULL", (long)ClaimHolds.TotalMilliseconds), cancellationToken);

    private static KeyClaim Claim(SqliteSession session, IdempotencyKey key, byte[] digest, DateTimeOffset now)
    {
        var tenant = SqliteScanStore.Key(key.TenantId);
        var mark = RandomNumberGenerator.GetHexString(32, lowercase: true);
        session.Write("DELETE FROM idempotency_keys WHERE claimed_at < $1", (now - Kept).ToUnixTimeMilliseconds());
        if (session.Write(
            "INSERT INTO idempotency_keys (tenant_id, caller, key, request_digest, claimed_at, body) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            tenant, key.Caller, key.Key, digest, now.ToUnixTimeMilliseconds(), Encoding.ASCII.GetBytes(mark)) > 0)
        {
            return new KeyClaim.Fresh(mark);
        }

        var known = session.Rows(
            $"SELECT request_digest, status, location, body, claimed_at FROM idempotency_keys WHERE {Key}",
            row => (
                Digest: row.GetFieldValue<byte[]>(0),
                Status: row.IsDBNull(1) ? (int?)null : row.GetInt32(1),
                Location: row.IsDBNull(2) ? null : row.GetString(2),
                Body: row.IsDBNull(3) ? [] : row.GetFieldValue<byte[]>(3),
                Dead: row.GetInt64(4) <= (now - ClaimHolds).ToUnixTimeMilliseconds()),
            tenant, key.Caller, key.Key)[0];
        if (!known.Digest.AsSpan().SequenceEqual(digest))
        {
            return new KeyClaim.OtherRequest();
        }

        if (known.Status is { } status)
        {
            return new KeyClaim.Answered(new KeptAnswer(status, known.Location, known.Body));
        }

        if (!known.Dead)
        {
            return new KeyClaim.InProgress();
        }

        session.Write($"UPDATE idempotency_keys SET claimed_at = $4 WHERE {Key}", tenant, key.Caller, key.Key, now.ToUnixTimeMilliseconds());
        return new KeyClaim.Fresh(known.Body.Length == 0 ? mark : Encoding.ASCII.GetString(known.Body));
    }
}
