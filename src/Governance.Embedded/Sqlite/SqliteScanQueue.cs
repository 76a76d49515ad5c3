using System.Collections.Immutable;
using Governance.Core.Scans.Queue;

namespace Governance.Embedded.Sqlite;

/// <summary>The queue of one machine: messages in the database of the data folder.</summary>
/// <param name="attempts">Deliveries before a message that is given back is parked.</param>
public sealed class SqliteScanQueue(SqliteDatabase database, TimeProvider time, int attempts = SqliteScanQueue.UsualAttempts) : IScanQueue
{
    public const int UsualAttempts = 5;

    /// <summary>Longest reason kept, in characters.</summary>
    private const int ReasonLimit = 500;

    private const string Held = "message_id = $1 AND state = 'leased' AND number = $2";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<bool> SendAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Id.Length, 128);
        var sent = false;
        var now = Now;
        await database.WriteAsync(
            session => sent = session.Write(
                "INSERT INTO queue_messages (message_id, tenant_id, body, state, sent_at, due_at) VALUES ($1, $2, $3, 'pending', $4, $4) ON CONFLICT DO NOTHING",
                message.Id, message.TenantId is { } tenant ? SqliteScanStore.Key(tenant) : null, message.Body.ToArray(), now) > 0,
            cancellationToken).ConfigureAwait(false);
        return sent;
    }

    public async Task<Delivery?> ReceiveAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = Now;
        var until = now + (long)lease.TotalMilliseconds;

        // Looking takes no lock of the file; only a message that is due is worth one.
        if (!await database.ReadAsync(session => Due(session, now) is not null, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        Delivery? delivery = null;
        await database.WriteAsync(session => delivery = Lease(session, now, until), cancellationToken).ConfigureAwait(false);
        return delivery;
    }

    public async Task<Delivery?> RenewAsync(Delivery delivery, TimeSpan lease, CancellationToken cancellationToken)
    {
        var until = Now + (long)lease.TotalMilliseconds;
        var settled = await SettleAsync(delivery, $"UPDATE queue_messages SET leased_until = $3 WHERE {Held}", cancellationToken, until).ConfigureAwait(false);
        return settled == Settlement.Settled ? delivery with { LeasedUntil = DateTimeOffset.FromUnixTimeMilliseconds(until) } : null;
    }

    public Task<Settlement> CompleteAsync(Delivery delivery, CancellationToken cancellationToken) => SettleAsync(
        delivery, $"UPDATE queue_messages SET state = 'done', leased_until = NULL, settled_at = $3, reason = NULL WHERE {Held}", cancellationToken, Now);

    public async Task<Settlement> ReturnAsync(Delivery delivery, string reason, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delivery.Attempt >= attempts)
        {
            var parked = await ParkAsync(delivery, reason, cancellationToken).ConfigureAwait(false);
            return parked == Settlement.Settled ? Settlement.Parked : parked;
        }

        return await SettleAsync(
            delivery, $"UPDATE queue_messages SET state = 'pending', leased_until = NULL, due_at = $3, reason = $4 WHERE {Held}", cancellationToken,
            Now + (long)delay.TotalMilliseconds, Short(reason)).ConfigureAwait(false);
    }

    public Task<Settlement> PostponeAsync(Delivery delivery, TimeSpan delay, CancellationToken cancellationToken) => SettleAsync(
        delivery, $"UPDATE queue_messages SET state = 'pending', leased_until = NULL, due_at = $3, attempts = attempts - 1 WHERE {Held}", cancellationToken,
        Now + (long)delay.TotalMilliseconds);

    public Task<Settlement> ReleaseAsync(Delivery delivery, CancellationToken cancellationToken) => PostponeAsync(delivery, TimeSpan.Zero, cancellationToken);

    public Task<Settlement> ParkAsync(Delivery delivery, string reason, CancellationToken cancellationToken) => SettleAsync(
        delivery, $"UPDATE queue_messages SET state = 'parked', leased_until = NULL, settled_at = $3, reason = $4 WHERE {Held}", cancellationToken, Now, Short(reason));

    public Task<ImmutableArray<ParkedMessage>> ParkedAsync(int limit, CancellationToken cancellationToken) => database.ReadAsync<ImmutableArray<ParkedMessage>>(
        session =>
        [
            .. session.Rows(
                "SELECT message_id, tenant_id, reason, attempts, sent_at, settled_at FROM queue_messages WHERE state = 'parked' ORDER BY settled_at, message_id LIMIT $1",
                row => new ParkedMessage(
                    row.GetString(0), row.IsDBNull(1) ? null : Guid.Parse(row.GetString(1)), row.GetString(2), row.GetInt32(3),
                    DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5))),
                limit),
        ],
        cancellationToken);

    public async Task<bool> ReplayAsync(string messageId, CancellationToken cancellationToken)
    {
        var replayed = false;
        var now = Now;
        await database.WriteAsync(
            session => replayed = session.Write(
                "UPDATE queue_messages SET state = 'pending', attempts = 0, due_at = $2, settled_at = NULL, reason = NULL WHERE message_id = $1 AND state = 'parked'",
                messageId, now) > 0,
            cancellationToken).ConfigureAwait(false);
        return replayed;
    }

    public Task<QueueCounts> CountAsync(CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var counts = session.Rows("SELECT state, count(*) FROM queue_messages GROUP BY state", row => (State: row.GetString(0), Count: row.GetInt32(1)))
                .ToDictionary(row => row.State, row => row.Count, StringComparer.Ordinal);
            var oldest = session.Single<long>("SELECT coalesce(min(sent_at), 0) FROM queue_messages WHERE state = 'pending'");
            return new QueueCounts(
                counts.GetValueOrDefault("pending"), counts.GetValueOrDefault("leased"), counts.GetValueOrDefault("parked"), counts.GetValueOrDefault("done"),
                oldest == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(oldest));
        },
        cancellationToken);

    /// <summary>Frees what an earlier server of this folder held when it died; only the server that has the folder may ask for it.</summary>
    public Task<int> ReclaimAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        return ChangeAsync("UPDATE queue_messages SET state = 'pending', leased_until = NULL, due_at = $1 WHERE state = 'leased'", cancellationToken, now);
    }

    /// <summary>Forgets messages that were handled long ago.</summary>
    public Task<int> ForgetDoneAsync(TimeSpan age, CancellationToken cancellationToken) =>
        ChangeAsync("DELETE FROM queue_messages WHERE state = 'done' AND settled_at < $1", cancellationToken, Now - (long)age.TotalMilliseconds);

    private async Task<int> ChangeAsync(string sql, CancellationToken cancellationToken, params object?[] values)
    {
        var rows = 0;
        await database.WriteAsync(session => rows = session.Write(sql, values), cancellationToken).ConfigureAwait(false);
        return rows;
    }

    /// <summary>Changes the message only while this delivery has it; whether its lease ran out matters only once another took it.</summary>
    private async Task<Settlement> SettleAsync(Delivery delivery, string sql, CancellationToken cancellationToken, params object?[] values) =>
        await ChangeAsync(sql, cancellationToken, [delivery.Message.Id, delivery.Number, .. values]).ConfigureAwait(false) > 0 ? Settlement.Settled : Settlement.Lost;

    private static string? Due(SqliteSession session, long now) => session.Single<string>(
        """
        SELECT message_id FROM (
            SELECT message_id, due_at FROM queue_messages WHERE state = 'pending' AND due_at <= $1
            UNION ALL SELECT message_id, leased_until FROM queue_messages WHERE state = 'leased' AND leased_until <= $1
        ) ORDER BY due_at, message_id LIMIT 1
        """,
        now);

    private Delivery? Lease(SqliteSession session, long now, long until)
    {
        while (Due(session, now) is { } id)
        {
            // A receiver that dies again and again with a message must not have it for ever.
            if (session.Write(
                "UPDATE queue_messages SET state = 'parked', leased_until = NULL, settled_at = $2, reason = 'its receivers stopped without an answer' WHERE message_id = $1 AND attempts >= $3",
                id, now, attempts) > 0)
            {
                continue;
            }

            session.Write(
                "UPDATE queue_messages SET state = 'leased', leased_until = $2, number = number + 1, attempts = attempts + 1 WHERE message_id = $1", id, until);
            return session.Rows(
                "SELECT message_id, tenant_id, body, number, attempts FROM queue_messages WHERE message_id = $1",
                row => new Delivery(
                    new QueueMessage(row.GetString(0), row.IsDBNull(1) ? null : Guid.Parse(row.GetString(1)), row.GetFieldValue<byte[]>(2)),
                    row.GetInt64(3), row.GetInt32(4), DateTimeOffset.FromUnixTimeMilliseconds(until)),
                id)[0];
        }

        return null;
    }

    private static string Short(string reason)
    {
        var line = reason.ReplaceLineEndings(" ");
        return line.Length <= ReasonLimit ? line : line[..ReasonLimit];
    }
}
