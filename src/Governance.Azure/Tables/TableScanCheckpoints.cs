using System.Collections.Immutable;
using System.Text.Json;
using Azure.Data.Tables;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Keeps unfinished readings in the partition of their tenant, for the generation that they are to become.</summary>
/// <remarks>
/// The mark that makes a scan count therefore ends every checkpoint before it, whether the sweep came to remove it or not. Bodies are
/// blobs of that coming generation, so a sweep removes those that no row names too.
/// </remarks>
public sealed class TableScanCheckpoints(TableClient table, TableOptions options) : IScanCheckpoints
{
    public async Task<ImmutableArray<ScanCheckpoint>> FindAsync(string reading, CancellationToken cancellationToken)
    {
        var found = new List<(TableSession Session, TableEntity Row)>();
        foreach (var session in await TenantsAsync(reading, cancellationToken).ConfigureAwait(false))
        {
            // The rows before the mark: what a commit in between ended must not count.
            var rows = await session.RowsAsync(TableKeys.Reading(reading), cancellationToken).ConfigureAwait(false);
            var coming = await ComingAsync(session, cancellationToken).ConfigureAwait(false);
            found.AddRange(rows.Where(row => row.GetInt32("Generation") == coming).Select(row => (session, row)));
        }

        var newest = found.Select(checkpoint => TableKeys.CheckpointOf(checkpoint.Row.RowKey).StartedAt).DefaultIfEmpty().Max();
        return
        [
            .. await TableSession.EachAsync(
                [.. found.Where(checkpoint => TableKeys.CheckpointOf(checkpoint.Row.RowKey).StartedAt == newest).OrderBy(checkpoint => checkpoint.Row.RowKey, StringComparer.Ordinal)],
                (checkpoint, token) => CheckpointAsync(checkpoint.Session, checkpoint.Row, reading, token),
                cancellationToken).ConfigureAwait(false),
        ];
    }

    public async Task<bool> KeepAsync(ScanCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var session = new TableSession(table, TableKeys.Tenant(checkpoint.TenantId));
        var coming = await ComingAsync(session, cancellationToken).ConfigureAwait(false);
        var place = TableKeys.Checkpoint(checkpoint);
        var known = await session.RowAsync(place, cancellationToken).ConfigureAwait(false);
        if (known?.GetInt32("Generation") == coming)
        {
            return false;
        }

        var attempt = Guid.NewGuid().ToString("N");
        var writer = new TableWriter(session, coming, attempt, options.BeforeWrite);
        writer.AboutToWrite();
        await session.Of(TableKeys.Readings).SubmitAsync(
            [new(TableTransactionActionType.UpsertMerge, new TableEntity(TableKeys.Readings, Listed(checkpoint.Reading, session)))], cancellationToken).ConfigureAwait(false);
        var body = await writer.KeepAsync(checkpoint.Body, cancellationToken).ConfigureAwait(false);
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        var row = new TableEntity(session.Partition, place)
        {
            ["Generation"] = coming,
            ["Body"] = JsonSerializer.Serialize(body, TableJsonContext.Default.TableBlob),
        };
        writer.AboutToWrite();
        if (await session.SubmitAsync([known is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, known.ETag)], cancellationToken).ConfigureAwait(false))
        {
            return true;
        }

        // The client library repeats a request whose answer was lost, and then meets its own row.
        return (await session.RowAsync(place, cancellationToken).ConfigureAwait(false))?.GetString("Body") == (string)row["Body"];
    }

    public async Task ForgetAsync(string reading, CancellationToken cancellationToken)
    {
        foreach (var session in await TenantsAsync(reading, cancellationToken).ConfigureAwait(false))
        {
            await DropAsync(session, TableKeys.Reading(reading), cancellationToken).ConfigureAwait(false);
            await session.Of(TableKeys.Readings).DeleteAsync([Listed(reading, session)], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes every checkpoint of a tenant.</summary>
    internal static Task DropAsync(TableSession session, CancellationToken cancellationToken) => DropAsync(session, TableKeys.Checkpoints, cancellationToken);

    private static async Task DropAsync(TableSession session, string prefix, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(prefix, cancellationToken).ConfigureAwait(false);
        foreach (var batch in rows.SelectMany(row => Body(row).Keys.Append(row.RowKey)).Chunk(TableWriter.MostEntities))
        {
            await session.DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IEnumerable<TableSession>> TenantsAsync(string reading, CancellationToken cancellationToken)
    {
        var prefix = TableKeys.Encode(reading) + '.';
        var rows = await new TableSession(table, TableKeys.Readings).RowsAsync(prefix, cancellationToken).ConfigureAwait(false);
        return rows.Select(row => new TableSession(table, row.RowKey[prefix.Length..]));
    }

    private static string Listed(string reading, TableSession session) => $"{TableKeys.Encode(reading)}.{session.Partition}";

    /// <summary>Generation that the next commit of the tenant makes.</summary>
    private static async Task<int> ComingAsync(TableSession session, CancellationToken cancellationToken) =>
        await new TableReader(session).GenerationAsync(cancellationToken).ConfigureAwait(false) + 1;

    private static TableBlob Body(TableEntity row) => TableBlob.In(row, "Body", $"checkpoint {row.RowKey}");

    /// <remarks>A body that is gone or damaged comes as an empty one, of which the source says that it is cut: then only its part is read anew.</remarks>
    private static async Task<ScanCheckpoint> CheckpointAsync(TableSession session, TableEntity row, string reading, CancellationToken cancellationToken)
    {
        var (startedAt, part, sequence) = TableKeys.CheckpointOf(row.RowKey);
        byte[]? content = null;
        try
        {
            content = await new TableReader(session).ContentAsync(Body(row), cancellationToken).ConfigureAwait(false);
        }
        catch (RecordDamagedException)
        {
            // Said by the empty body.
        }

        return new ScanCheckpoint(reading, Guid.Parse(session.Partition), startedAt, (InventoryPart)part, sequence, content ?? []);
    }
}
