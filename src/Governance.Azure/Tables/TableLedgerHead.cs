using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>The row in which every write to a ledger meets every other one.</summary>
/// <param name="Attempt">Write that made it.</param>
/// <param name="Takes">How often parts were taken away so far.</param>
/// <param name="Taking">Entries whose parts count as gone and whose rows are still to be deleted.</param>
internal sealed record TableLedgerHead(LedgerHead Head, string Attempt, int Takes, long[] Taking, TableEntity Row)
{
    public static async Task<TableLedgerHead?> ReadAsync(TableSession session, CancellationToken cancellationToken) =>
        await session.RowAsync(TableKeys.LedgerHead, cancellationToken).ConfigureAwait(false) is { } row ? From(row) : null;

    /// <param name="known">The row it replaces; null for none.</param>
    public static TableTransactionAction Move(TableSession session, TableLedgerHead? known, LedgerHead to, string attempt, IReadOnlyCollection<long> taking)
    {
        var row = new TableEntity(session.Partition, TableKeys.LedgerHead)
        {
            ["Count"] = to.Count,
            ["Hash"] = to.Hash,
            ["Attempt"] = attempt,
            ["Takes"] = (known?.Takes ?? 0) + (taking.Count > 0 ? 1 : 0),
        };
        if (taking.Count > 0)
        {
            var kept = TableBlob.Compress(Encoding.ASCII.GetBytes(string.Join(' ', taking.Select(sequence => sequence.ToString(CultureInfo.InvariantCulture)))));
            TableBlob.WriteBytes(row, "Taking", kept.Length <= TableBlob.EntitySize ? kept : throw new ArgumentException($"{taking.Count} parts cannot be taken at once", nameof(taking)));
        }

        return known is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, known.Row.ETag);
    }

    /// <summary>The same head with nothing left to delete.</summary>
    public TableTransactionAction Taken(TableSession session) => Move(session, this, Head, Attempt, []);

    private static TableLedgerHead From(TableEntity row)
    {
        var taking = TableBlob.ReadBytes(row, "Taking");
        return new TableLedgerHead(
            new LedgerHead(row.GetInt64("Count") ?? 0, row.GetString("Hash") ?? string.Empty),
            row.GetString("Attempt") ?? string.Empty,
            row.GetInt32("Takes") ?? 0,
            taking.Length == 0 ? [] : Numbers(TableBlob.Decompress(taking, null, "the head of the ledger")),
            row);
    }

    private static long[] Numbers(byte[] text)
    {
        try
        {
            return [.. Encoding.ASCII.GetString(text).Split(' ').Select(number => long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture))];
        }
        catch (FormatException fault)
        {
            throw new RecordDamagedException("the head of the ledger", "the parts to delete do not read", fault);
        }
    }
}
