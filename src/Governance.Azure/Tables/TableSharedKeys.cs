using System.Security.Cryptography;
using Azure.Data.Tables;
using Governance.Core.Scans;

namespace Governance.Azure.Tables;

/// <summary>Random keys that all instances share: whoever asks first makes one.</summary>
public sealed class TableSharedKeys(TableClient table)
{
    private const string Partition = "keys";

    public async Task<byte[]> KeyAsync(string name, int length, CancellationToken cancellationToken)
    {
        var session = new TableSession(table, Partition);
        var key = TableKeys.Encode(name);
        if (await session.RowAsync(key, cancellationToken).ConfigureAwait(false) is null)
        {
            var made = new TableEntity(Partition, key) { ["Key"] = RandomNumberGenerator.GetBytes(length) };
            await session.SubmitAsync([new(TableTransactionActionType.Add, made)], cancellationToken).ConfigureAwait(false);
        }

        return (await session.RowAsync(key, cancellationToken).ConfigureAwait(false))?.GetBinary("Key")
            ?? throw new StoreUnavailableException(StoreFault.Damaged, $"the shared key {name} is missing from the table");
    }
}
