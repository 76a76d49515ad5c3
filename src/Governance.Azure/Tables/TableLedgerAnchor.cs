using Azure.Data.Tables;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;

namespace Governance.Azure.Tables;

/// <summary>Keeps each tenant's ledger head in the table apart, so that a cut tail shows.</summary>
internal sealed class TableLedgerAnchor(ApartTable apart)
{
    /// <summary>How often a head that met another one is looked at anew; each time a later one was written.</summary>
    private const int Tries = 100;

    /// <returns>Null when there is none; a head that fits nothing when the row cannot be read as one.</returns>
    public async Task<LedgerHead?> ReadAsync(Guid tenant, CancellationToken cancellationToken) =>
        await Session(tenant).RowAsync(TableKeys.LedgerHead, cancellationToken).ConfigureAwait(false) is { } row ? Head(row) : null;

    /// <summary>Never takes the count back.</summary>
    /// <exception cref="StoreUnavailableException">The row cannot be written; the entries themselves are kept.</exception>
    public async Task WriteAsync(Guid tenant, LedgerHead head, CancellationToken cancellationToken)
    {
        var session = Session(tenant);
        for (var tries = 1; tries <= Tries; tries++)
        {
            var known = await session.RowAsync(TableKeys.LedgerHead, cancellationToken).ConfigureAwait(false);
            if (known is not null && Head(known).Count >= head.Count)
            {
                return;
            }

            var row = new TableEntity(session.Partition, TableKeys.LedgerHead) { ["Count"] = head.Count, ["Hash"] = head.Hash };
            if (await session.SubmitAsync(
                [known is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, known.ETag)], cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        throw new StoreUnavailableException(StoreFault.Locked, "the entry was kept, but its head could not be written to the table apart; many write it at once");
    }

    private static LedgerHead Head(TableEntity row) =>
        row.GetInt64("Count") is { } count && row.GetString("Hash") is { } hash ? new LedgerHead(count, hash) : new LedgerHead(0, "unreadable");

    private TableSession Session(Guid tenant) => new(apart.Client, TableKeys.Tenant(tenant));
}
