using System.Security.Cryptography;
using Azure.Data.Tables;
using Governance.Core.Scans;

namespace Governance.Azure.Tables;

/// <summary>Keeps idempotency keys in the partition of their tenant.</summary>
public sealed class TableIdempotencyKeys(TableClient table, TimeProvider time) : IIdempotencyKeys
{
    /// <summary>A request takes seconds; whoever claimed longer ago without an answer has died.</summary>
    private static readonly TimeSpan ClaimHolds = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    public async Task<KeyClaim> ClaimAsync(IdempotencyKey key, byte[] requestDigest, CancellationToken cancellationToken)
    {
        var session = Session(key);
        while (true)
        {
            var now = time.GetUtcNow();
            var claim = Row(session, key, requestDigest, now);
            var known = await session.RowAsync(claim.RowKey, cancellationToken).ConfigureAwait(false);
            var dead = known is not null && Dead(known, now);
            if (known is not null && !Over(known, now) && !(dead && known.GetBinary("Request").AsSpan().SequenceEqual(requestDigest)))
            {
                return !known.GetBinary("Request").AsSpan().SequenceEqual(requestDigest)
                    ? new KeyClaim.OtherRequest()
                    : known.GetInt32("Status") is { } status
                        ? new KeyClaim.Answered(new KeptAnswer(status, known.GetString("Location"), TableBlob.ReadBytes(known, "D")))
                        : new KeyClaim.InProgress();
            }

            if (dead && known!.GetString("Mark") is { } mark)
            {
                claim["Mark"] = mark;
            }

            TableTransactionAction action = known is null
                ? new(TableTransactionActionType.Add, claim)
                : new(TableTransactionActionType.UpdateReplace, claim, known.ETag);
            if (await session.SubmitAsync([action], cancellationToken).ConfigureAwait(false))
            {
                return new KeyClaim.Fresh(claim.GetString("Mark"));
            }
        }
    }

    public async Task KeepAsync(IdempotencyKey key, KeptAnswer answer, CancellationToken cancellationToken)
    {
        var session = Session(key);
        if (await session.RowAsync(KeyOf(key), cancellationToken).ConfigureAwait(false) is not { } known)
        {
            return;
        }

        known["Status"] = answer.Status;
        known["Location"] = answer.Location;
        TableBlob.WriteBytes(known, "D", answer.Body);
        await session.SubmitAsync([new(TableTransactionActionType.UpdateReplace, known, known.ETag)], cancellationToken).ConfigureAwait(false);
    }

    public async Task ReleaseAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        var session = Session(key);
        if (await session.RowAsync(KeyOf(key), cancellationToken).ConfigureAwait(false) is { } known && known.GetInt32("Status") is null)
        {
            await session.DeleteAsync([known.RowKey], cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task AbandonAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        var session = Session(key);
        var now = time.GetUtcNow();
        if (await session.RowAsync(KeyOf(key), cancellationToken).ConfigureAwait(false) is not { } known || known.GetInt32("Status") is not null || Dead(known, now))
        {
            return;
        }

        // Whoever changed the row meanwhile has answered it or taken it over.
        known["ClaimedAt"] = now - ClaimHolds;
        await session.SubmitAsync([new(TableTransactionActionType.UpdateReplace, known, known.ETag)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a tenant's keys that no repeat can ask for any more.</summary>
    public async Task RemoveOldAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var session = new TableSession(table, TableKeys.Tenant(tenantId));
        var now = time.GetUtcNow();
        var rows = await session.RowsAsync(TableKeys.Idempotency, cancellationToken, select: ["PartitionKey", "RowKey", "ClaimedAt", "Status"]).ConfigureAwait(false);
        foreach (var batch in rows.Where(row => Over(row, now)).Select(row => row.RowKey).Chunk(TableWriter.MostEntities))
        {
            await session.DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool Over(TableEntity row, DateTimeOffset now) => row.GetDateTimeOffset("ClaimedAt") is not { } claimed || now - claimed > Kept;

    private static bool Dead(TableEntity row, DateTimeOffset now) =>
        !Over(row, now) && row.GetInt32("Status") is null && now - row.GetDateTimeOffset("ClaimedAt") >= ClaimHolds;

    private static TableEntity Row(TableSession session, IdempotencyKey key, byte[] requestDigest, DateTimeOffset now) =>
        new(session.Partition, KeyOf(key)) { ["Request"] = requestDigest, ["ClaimedAt"] = now, ["Mark"] = RandomNumberGenerator.GetHexString(32, lowercase: true) };

    private static string KeyOf(IdempotencyKey key) => $"{TableKeys.Idempotency}{TableKeys.Encode(key.Caller)}.{TableKeys.Encode(key.Key)}";

    private TableSession Session(IdempotencyKey key) => new(table, TableKeys.Tenant(key.TenantId));
}
