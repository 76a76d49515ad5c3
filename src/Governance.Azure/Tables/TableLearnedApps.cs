using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using Governance.Core.Catalogue;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Keeps confirmations in the partition of their tenant, a row for each.</summary>
public sealed class TableLearnedApps(TableClient table) : ILearnedApps
{
    /// <summary>How often a confirmation that met another one is numbered anew.</summary>
    private const int Tries = 50;

    public async Task<ImmutableArray<Confirmation>> ConfirmationsAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var rows = await Session(tenantId).RowsAsync(TableKeys.Confirmations, cancellationToken).ConfigureAwait(false);
        return [.. rows.OrderBy(row => row.GetInt32("Sequence")).Select(Confirmation)];
    }

    public async Task ConfirmAsync(Guid tenantId, Confirmation confirmation, CancellationToken cancellationToken)
    {
        var session = Session(tenantId);
        var body = TableBlob.Compress(JsonSerializer.SerializeToUtf8Bytes(confirmation, ConfirmationJson.Default.Confirmation));
        if (body.Length > TableBlob.EntitySize)
        {
            throw new ArgumentException($"a confirmation takes {body.Length} bytes; a row of the table holds {TableBlob.EntitySize}", nameof(confirmation));
        }

        var attempt = Guid.NewGuid().ToString("N");
        for (var tries = 1; tries <= Tries; tries++)
        {
            var last = await session.RowsAsync(TableKeys.Confirmations, cancellationToken, limit: 1).ConfigureAwait(false);
            var sequence = (last.FirstOrDefault()?.GetInt32("Sequence") ?? 0) + 1;
            var row = new TableEntity(session.Partition, TableKeys.Confirmation(sequence)) { ["Sequence"] = sequence, ["Attempt"] = attempt };
            TableBlob.WriteBytes(row, "D", body);
            if (await session.SubmitAsync([new(TableTransactionActionType.Add, row)], cancellationToken).ConfigureAwait(false)
                || (await session.RowAsync(row.RowKey, cancellationToken).ConfigureAwait(false))?.GetString("Attempt") == attempt)
            {
                return;
            }
        }

        throw new StoreUnavailableException(StoreFault.Locked, $"confirmations of tenant {tenantId} come faster than one can be kept; try again");
    }

    internal static Confirmation Confirmation(TableEntity row)
    {
        var record = $"confirmation {row.RowKey}";
        try
        {
            return JsonSerializer.Deserialize(TableBlob.Decompress(TableBlob.ReadBytes(row, "D"), null, record), ConfirmationJson.Default.Confirmation)
                ?? throw new RecordDamagedException(record, "it is empty");
        }
        catch (JsonException fault)
        {
            throw new RecordDamagedException(record, "it does not read", fault);
        }
    }

    /// <summary>A row with another confirmation in its place.</summary>
    internal static TableEntity Written(TableEntity row, Confirmation confirmation)
    {
        var written = new TableEntity(row.PartitionKey, row.RowKey) { ["Sequence"] = row.GetInt32("Sequence"), ["Attempt"] = row.GetString("Attempt") };
        TableBlob.WriteBytes(written, "D", TableBlob.Compress(JsonSerializer.SerializeToUtf8Bytes(confirmation, ConfirmationJson.Default.Confirmation)));
        return written;
    }

    private TableSession Session(Guid tenantId) => new(table, TableKeys.Tenant(tenantId));
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Confirmation))]
internal sealed partial class ConfirmationJson : JsonSerializerContext;
