using Azure;
using Azure.Data.Tables;
using Azure.Identity;
using Governance.Core.Scans;

namespace Governance.Azure.Tables;

/// <summary>Requests to one partition of the table, with faults said in the product's own words.</summary>
internal sealed class TableSession(TableClient table, string partition)
{
    /// <summary>Point reads under way at once.</summary>
    private const int Readers = 16;

    public string Partition => partition;

    public TableSession Of(string other) => new(table, other);

    /// <returns>Null when there is no such row.</returns>
    public Task<TableEntity?> RowAsync(string key, CancellationToken cancellationToken) => SaidAsync(async () =>
    {
        var answer = await table.GetEntityIfExistsAsync<TableEntity>(partition, key, cancellationToken: cancellationToken).ConfigureAwait(false);
        return answer.HasValue ? answer.Value : null;
    });

    /// <summary>Rows whose key starts with <paramref name="prefix"/>, in the order of their keys, through every continuation token.</summary>
    /// <param name="limit">Most rows to read; null for all.</param>
    /// <param name="select">Properties to read; null for all.</param>
    public Task<List<TableEntity>> RowsAsync(string prefix, CancellationToken cancellationToken, int? limit = null, string[]? select = null) =>
        RangeAsync(prefix, TableKeys.End(prefix), cancellationToken, limit, select);

    /// <inheritdoc cref="RowsAsync"/>
    public Task<List<TableEntity>> RangeAsync(string from, string below, CancellationToken cancellationToken, int? limit = null, string[]? select = null) =>
        SaidAsync(async () =>
        {
            var rows = new List<TableEntity>();
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {below}");
            await foreach (var row in table.QueryAsync<TableEntity>(filter, limit is < 1000 ? limit : null, select, cancellationToken).ConfigureAwait(false))
            {
                rows.Add(row);
                if (rows.Count == limit)
                {
                    break;
                }
            }

            return rows;
        });

    /// <returns>The bytes kept; null when an entity of it is gone.</returns>
    public async Task<byte[]?> BlobAsync(TableBlob blob, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream(blob.Length);
        foreach (var key in blob.Keys)
        {
            if (await RowAsync(key, cancellationToken).ConfigureAwait(false) is not { } part)
            {
                return null;
            }

            bytes.Write(TableBlob.ReadBytes(part, "D"));
        }

        return bytes.ToArray();
    }

    /// <summary>Does something for each, several at once, and gives the results in the order of <paramref name="items"/>.</summary>
    public static async Task<TResult[]> EachAsync<T, TResult>(
        IReadOnlyList<T> items, Func<T, CancellationToken, Task<TResult>> act, CancellationToken cancellationToken)
    {
        var results = new TResult[items.Count];
        await Parallel.ForAsync(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellationToken },
            async (n, token) => results[n] = await act(items[n], token).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }

    /// <summary>All of it or nothing.</summary>
    /// <returns>False when a condition did not hold: a row changed since it was read (412), or is there already (409).</returns>
    public Task<bool> SubmitAsync(IReadOnlyCollection<TableTransactionAction> actions, CancellationToken cancellationToken) => SaidAsync(async () =>
    {
        try
        {
            await table.SubmitTransactionAsync(actions, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException fault) when (fault.Status is 409 or 412)
        {
            return false;
        }
    });

    /// <param name="keys">At most 100; one that is gone already is passed over.</param>
    public Task DeleteAsync(string[] keys, CancellationToken cancellationToken) => SaidAsync(async () =>
    {
        try
        {
            await table.SubmitTransactionAsync(
                keys.Select(key => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, key), ETag.All)), cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            foreach (var key in keys)
            {
                await table.DeleteEntityAsync(partition, key, ETag.All, cancellationToken).ConfigureAwait(false);
            }
        }

        return true;
    });

    private static async Task<T> SaidAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (RequestFailedException fault)
        {
            throw TableFaults.Of(fault);
        }
        catch (AuthenticationFailedException fault)
        {
            throw new StoreUnavailableException(StoreFault.NotWritable, "the store gave no access: no token could be had for the identity configured", fault);
        }
    }
}
