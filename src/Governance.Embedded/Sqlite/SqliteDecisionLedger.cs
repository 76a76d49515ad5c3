using System.Collections.Immutable;
using System.Security.Cryptography;
using Governance.Core.Policy.Ledger;

namespace Governance.Embedded.Sqlite;

/// <summary>Keeps the ledger in the database file, and its head in a file beside it.</summary>
public sealed class SqliteDecisionLedger(SqliteDatabase database, SqliteOptions options) : IDecisionLedger
{
    private const int SaltBytes = 16;
    private readonly LedgerAnchor _anchor = new(Path.GetFullPath(options.Folder));

    public async Task<StoredLedger> ReadAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            // The anchor first: entries added between the two reads then only make it lag.
            var anchor = _anchor.Read(tenantId);
            options.BetweenReads?.Invoke();
            var stored = await database.ReadAsync(session => new StoredLedger(tenantId, Entries(session, tenantId), Head(session, tenantId), anchor), cancellationToken).ConfigureAwait(false);

            // It is written before the first entry: missing beside entries, it may have come between the two reads, but not a second time.
            if (anchor is not null || look > 1 || stored is { Entries.IsEmpty: true, Head: null })
            {
                return stored;
            }
        }
    }

    /// <summary>Tenants that have a ledger by the database or by a head kept apart, sorted: a ledger that was taken away whole is among them.</summary>
    public async Task<ImmutableArray<Guid>> TenantsAsync(CancellationToken cancellationToken)
    {
        var kept = await database.ReadAsync(
            session => session.Rows("SELECT tenant_id FROM ledger_heads UNION SELECT tenant_id FROM ledger_entries", row => Guid.Parse(row.GetString(0))), cancellationToken).ConfigureAwait(false);
        return [.. kept.Union(_anchor.Tenants()).Order()];
    }

    /// <summary>What is left of ledgers whose database is gone: their heads.</summary>
    public ImmutableArray<StoredLedger> WithoutDatabase() => [.. _anchor.Tenants().Order().Select(tenant => new StoredLedger(tenant, [], null, _anchor.Read(tenant)))];

    public Task<LedgerHead> HeadAsync(Guid tenantId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Head(session, tenantId) ?? LedgerHead.Empty, cancellationToken);

    public Task<LedgerHead> AppendAsync(Guid tenantId, LedgerHead expected, ImmutableArray<LedgerDraft> drafts, CancellationToken cancellationToken) =>
        WriteAsync(tenantId, expected, [], drafts, cancellationToken);

    public async Task<LedgerHead> TakePartsAsync(
        Guid tenantId, LedgerHead expected, ImmutableArray<long> parts, LedgerDraft draft, CancellationToken cancellationToken)
    {
        var head = await WriteAsync(tenantId, expected, parts, [draft], cancellationToken).ConfigureAwait(false);
        await database.EmptyLogAsync(cancellationToken).ConfigureAwait(false);
        return head;
    }

    private async Task<LedgerHead> WriteAsync(
        Guid tenantId, LedgerHead expected, ImmutableArray<long> takenParts, ImmutableArray<LedgerDraft> drafts, CancellationToken cancellationToken)
    {
        var head = expected;
        await database.WriteAsync(session => head = Write(session, tenantId, expected, takenParts, drafts), cancellationToken).ConfigureAwait(false);
        _anchor.Write(tenantId, head);
        return head;
    }

    private LedgerHead Write(SqliteSession session, Guid tenantId, LedgerHead expected, ImmutableArray<long> takenParts, ImmutableArray<LedgerDraft> drafts)
    {
        var tenant = SqliteScanStore.Key(tenantId);
        var head = Head(session, tenantId) ?? LedgerHead.Empty;
        CheckAnchor(session, tenantId, head);
        if (head != expected)
        {
            throw new LedgerMovedException(expected.Count, head.Count);
        }

        foreach (var draft in drafts)
        {
            (var entry, head) = LedgerChain.Next(tenantId, head, draft, RandomNumberGenerator.GetBytes(SaltBytes));
            session.Write("INSERT INTO ledger_entries (tenant_id, sequence, body, hash) VALUES ($1, $2, $3, $4)", tenant, entry.Sequence, entry.Body.ToArray(), entry.Hash);
            if (entry.Part is { } part)
            {
                session.Write("INSERT INTO ledger_parts (tenant_id, sequence, salt, body) VALUES ($1, $2, $3, $4)", tenant, entry.Sequence, part.Salt.ToArray(), part.Text);
            }
        }

        foreach (var sequence in takenParts)
        {
            session.Write("DELETE FROM ledger_parts WHERE tenant_id = $1 AND sequence = $2", tenant, sequence);
        }

        session.Write(
            "INSERT INTO ledger_heads (tenant_id, count, hash) VALUES ($1, $2, $3) ON CONFLICT (tenant_id) DO UPDATE SET count = excluded.count, hash = excluded.hash",
            tenant, head.Count, head.Hash);
        return head;
    }

    /// <summary>A ledger that was cut must not be continued, or the next head would cover the cut.</summary>
    private void CheckAnchor(SqliteSession session, Guid tenantId, LedgerHead head)
    {
        if (_anchor.Read(tenantId) is not { } anchor)
        {
            if (head.Count > 0)
            {
                throw new LedgerBrokenException(head.Count, "the head kept apart is missing");
            }

            // Written before the first entry, so that a missing file always means something.
            _anchor.Write(tenantId, LedgerHead.Empty);
            return;
        }

        var hash = anchor.Count == 0
            ? LedgerHead.Empty.Hash
            : session.Single<string>("SELECT hash FROM ledger_entries WHERE tenant_id = $1 AND sequence = $2", SqliteScanStore.Key(tenantId), anchor.Count);
        if (hash != anchor.Hash || anchor.Count > head.Count)
        {
            throw new LedgerBrokenException(Math.Max(1, Math.Min(anchor.Count, head.Count + 1)), "it is not what the head kept apart names");
        }
    }

    private static LedgerHead? Head(SqliteSession session, Guid tenantId) => session.Rows(
        "SELECT count, hash FROM ledger_heads WHERE tenant_id = $1", row => new LedgerHead(row.GetInt64(0), row.GetString(1)), SqliteScanStore.Key(tenantId)) is [var head] ? head : null;

    private static ImmutableArray<StoredEntry> Entries(SqliteSession session, Guid tenantId) =>
    [
        .. session.Rows(
            """
            SELECT sequence, ledger_entries.body, hash, salt, ledger_parts.body FROM ledger_entries LEFT JOIN ledger_parts USING (tenant_id, sequence)
            WHERE tenant_id = $1 ORDER BY sequence
            """,
            row => new StoredEntry(
                row.GetInt64(0),
                [.. row.GetFieldValue<byte[]>(1)],
                row.GetString(2),
                row.IsDBNull(3) ? null : new StoredPart([.. row.GetFieldValue<byte[]>(3)], row.GetString(4))),
            SqliteScanStore.Key(tenantId)),
    ];
}
