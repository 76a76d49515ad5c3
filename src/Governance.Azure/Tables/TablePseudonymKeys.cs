using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Azure.Data.Tables;
using Governance.Core.Policy;
using Governance.Core.Scans;

namespace Governance.Azure.Tables;

/// <summary>Each tenant's keys for pseudonyms, in the table apart, so that a copy of the state alone tells nothing.</summary>
internal sealed class TablePseudonymKeys(ApartTable apart)
{
    private const string Keys = "pseudonyms.";

    /// <summary>How often a key that met another one is numbered anew.</summary>
    private const int Tries = 50;

    /// <summary>All keys, newest first; the first one is made when there is none.</summary>
    /// <exception cref="StoreUnavailableException">A row is no key.</exception>
    public async Task<ImmutableArray<byte[]>> OfAsync(Guid tenant, CancellationToken cancellationToken)
    {
        var keys = await ReadAsync(tenant, cancellationToken).ConfigureAwait(false);
        if (keys.IsEmpty)
        {
            await AddAsync(tenant, 1, cancellationToken).ConfigureAwait(false);
            keys = await ReadAsync(tenant, cancellationToken).ConfigureAwait(false);
        }

        return keys;
    }

    /// <returns>How many keys there are now.</returns>
    public async Task<int> RotateAsync(Guid tenant, CancellationToken cancellationToken)
    {
        for (var tries = 1; tries <= Tries; tries++)
        {
            var rows = await RowsAsync(tenant, cancellationToken).ConfigureAwait(false);
            if (await AddAsync(tenant, rows.Count == 0 ? 1 : NumberOf(rows[0]) + 1, cancellationToken).ConfigureAwait(false))
            {
                return rows.Count + 1;
            }
        }

        throw new StoreUnavailableException(StoreFault.Locked, $"pseudonym keys of tenant {tenant} are made by many at once; try again");
    }

    /// <returns>How many keys were destroyed.</returns>
    public async Task<int> DestroyEarlierAsync(Guid tenant, CancellationToken cancellationToken)
    {
        var earlier = (await RowsAsync(tenant, cancellationToken).ConfigureAwait(false)).Skip(1).Select(row => row.RowKey).ToArray();
        foreach (var batch in earlier.Chunk(TableWriter.MostEntities))
        {
            await Session(tenant).DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        return earlier.Length;
    }

    /// <summary>Newest first.</summary>
    private async Task<List<TableEntity>> RowsAsync(Guid tenant, CancellationToken cancellationToken) =>
        [.. (await Session(tenant).RowsAsync(Keys, cancellationToken).ConfigureAwait(false)).OrderByDescending(row => row.RowKey, StringComparer.Ordinal)];

    private static int NumberOf(TableEntity row) => int.Parse(row.RowKey.AsSpan(Keys.Length), NumberStyles.None, CultureInfo.InvariantCulture);

    private async Task<ImmutableArray<byte[]>> ReadAsync(Guid tenant, CancellationToken cancellationToken)
    {
        return
        [
            .. (await RowsAsync(tenant, cancellationToken).ConfigureAwait(false)).Select(row => row.GetBinary("Key") is { Length: Pseudonym.KeyBytes } key
                ? key
                : throw new StoreUnavailableException(StoreFault.Damaged, $"the pseudonym key {row.RowKey} of tenant {tenant} cannot be read; restore the row")),
        ];
    }

    private Task<bool> AddAsync(Guid tenant, int number, CancellationToken cancellationToken)
    {
        var session = Session(tenant);
        var row = new TableEntity(session.Partition, Keys + number.ToString("D10", CultureInfo.InvariantCulture)) { ["Key"] = RandomNumberGenerator.GetBytes(Pseudonym.KeyBytes) };
        return session.SubmitAsync([new(TableTransactionActionType.Add, row)], cancellationToken);
    }

    private TableSession Session(Guid tenant) => new(apart.Client, TableKeys.Tenant(tenant));
}
