using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using Governance.Core.Digest;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Keeps the outbox of digests in the partition of their tenant, a row for each slot.</summary>
public sealed class TableDigestOutbox(TableClient table) : IDigestOutbox
{
    /// <summary>How often a claim that met another one is looked at anew.</summary>
    private const int Tries = 20;

    public async Task<DigestClaim> ClaimAsync(DigestSlot slot, string scanId, DateTimeOffset now, bool again, CancellationToken cancellationToken)
    {
        var session = Session(slot.TenantId);
        for (var tries = 1; tries <= Tries; tries++)
        {
            var row = await session.RowAsync(KeyOf(slot), cancellationToken).ConfigureAwait(false);
            var known = row is null ? null : Entry(row, slot.TenantId);
            if (known is not null && !known.MayBeClaimed(now, again))
            {
                return new DigestClaim.Refused(known);
            }

            var entry = DigestEntry.Claim(slot, known, scanId, now);
            if (await WriteAsync(session, entry, row, cancellationToken).ConfigureAwait(false))
            {
                return new DigestClaim.Granted(entry);
            }
        }

        throw new StoreUnavailableException(StoreFault.Locked, $"the digest {slot.Period} is claimed by many at once; try again");
    }

    public async Task RecordAsync(DigestEntry entry, CancellationToken cancellationToken)
    {
        var session = Session(entry.Slot.TenantId);
        var row = await session.RowAsync(KeyOf(entry.Slot), cancellationToken).ConfigureAwait(false);
        var known = row is null ? null : Entry(row, entry.Slot.TenantId);
        if (known is null || !known.MayBecome(entry)
            || !await WriteAsync(session, entry, row, cancellationToken).ConfigureAwait(false))
        {
            throw new DigestClaimLostException(entry.Slot, entry.Attempt);
        }
    }

    public async Task<ImmutableArray<DigestEntry>> ListAsync(Guid tenantId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var rows = await Session(tenantId).RowsAsync(TableKeys.Digests, cancellationToken).ConfigureAwait(false);
        return
        [
            .. rows.Select(row => Entry(row, tenantId)).OrderByDescending(entry => entry.ChangedAt).ThenBy(entry => entry.Slot.Channel, StringComparer.Ordinal)
                .ThenBy(entry => entry.Slot.Period, StringComparer.Ordinal).ThenBy(entry => entry.Slot.Audience).Take(limit),
        ];
    }

    private static Task<bool> WriteAsync(TableSession session, DigestEntry entry, TableEntity? before, CancellationToken cancellationToken)
    {
        var row = new TableEntity(session.Partition, KeyOf(entry.Slot))
        {
            ["Channel"] = entry.Slot.Channel,
            ["Audience"] = entry.Slot.Audience.ToString(),
            ["Period"] = entry.Slot.Period,
            ["State"] = entry.State.ToString(),
            ["Attempt"] = entry.Attempt,
            ["ScanId"] = entry.ScanId,
            ["ChangedAt"] = entry.ChangedAt.ToString("O", CultureInfo.InvariantCulture),
            ["Detail"] = entry.Detail,
            ["RunId"] = entry.RunId,
            ["Progress"] = entry.Progress?.ToString(),
        };
        return session.SubmitAsync(
            [before is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, before.ETag)], cancellationToken);
    }

    private static DigestEntry Entry(TableEntity row, Guid tenantId)
    {
        var record = $"digest {row.RowKey}";
        string Text(string name) => row.GetString(name) ?? throw new RecordDamagedException(record, $"{name} is missing");
        return new DigestEntry(
            new DigestSlot(tenantId, Text("Channel"), Named<DigestAudience>(Text("Audience"), record), Text("Period")),
            Named<DigestState>(Text("State"), record),
            row.GetInt32("Attempt") ?? throw new RecordDamagedException(record, "the attempt is missing"),
            Text("ScanId"),
            DateTimeOffset.TryParseExact(Text("ChangedAt"), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : throw new RecordDamagedException(record, "a time does not read"),
            Text("Detail"),
            row.GetString("RunId"))
        {
            Progress = row.GetString("Progress") is { } progress ? DigestProgress.Parse(progress) ?? throw new RecordDamagedException(record, "its progress does not read") : null,
        };
    }

    private static T Named<T>(string name, string record)
        where T : struct, Enum =>
        Enum.TryParse<T>(name, out var value) && Enum.IsDefined(value) ? value : throw new RecordDamagedException(record, $"'{name}' is no {typeof(T).Name}");

    private static string KeyOf(DigestSlot slot) =>
        $"{TableKeys.Digests}{TableKeys.Encode(slot.Channel)}.{slot.Audience}.{TableKeys.Encode(slot.Period)}";

    private TableSession Session(Guid tenantId) => new(table, TableKeys.Tenant(tenantId));
}
