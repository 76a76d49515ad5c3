using System.Text;
using Azure.Data.Tables;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;

namespace Governance.Azure.Tables;

/// <summary>Takes a person out of what the program keeps of its own work: answers kept for repeats, runs, confirmations.</summary>
internal static class TablePersonTraces
{
    private const int Tries = 10;

    /// <returns>Rows that named the person.</returns>
    public static async Task<int> EraseAsync(TableSession session, string identity, CancellationToken cancellationToken)
    {
        var person = new NamedPerson(identity);
        var answers = (await session.RowsAsync(TableKeys.Idempotency, cancellationToken).ConfigureAwait(false)).Where(row => InAnswer(row, person, identity)).Select(row => row.RowKey).ToArray();
        foreach (var batch in answers.Chunk(TableWriter.MostEntities))
        {
            await session.DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        var runs = await EachAsync(session, TableKeys.Run(string.Empty), row => TableScanRuns.ToRun(row) is var run && person.Is(run.RequestedBy)
            ? TableScanRuns.ToEntity(session, run with { RequestedBy = IPersonalRecords.Erased, Version = run.Version + 1 })
            : null, cancellationToken).ConfigureAwait(false);
        var confirmations = await EachAsync(session, TableKeys.Confirmations, row => TableLearnedApps.Confirmation(row) is var known && person.Without(known.By, known.Reason) is var (by, reason)
            ? TableLearnedApps.Written(row, known with { By = by, Reason = reason })
            : null, cancellationToken).ConfigureAwait(false);
        return answers.Length + runs + confirmations;
    }

    /// <summary>Removes runs that ended and were asked for before a moment, or counts them.</summary>
    public static async Task<int> RemoveRunsAsync(TableSession session, DateTimeOffset before, bool dryRun, CancellationToken cancellationToken)
    {
        var old = (await session.RowsAsync(TableKeys.Run(string.Empty), cancellationToken).ConfigureAwait(false))
            .Select(TableScanRuns.ToRun).Where(run => !run.Live && run.RequestedAt < before).ToArray();
        foreach (var batch in dryRun ? [] : old.SelectMany(run => new[] { TableKeys.RunByTime(run), TableKeys.Run(run.Id) }).Chunk(TableWriter.MostEntities))
        {
            await session.DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        return old.Length;
    }

    private static bool InAnswer(TableEntity row, NamedPerson person, string identity) =>
        person.Is(row.RowKey)
        || row.RowKey.StartsWith($"{TableKeys.Idempotency}{TableKeys.Encode(identity)}.", StringComparison.OrdinalIgnoreCase)
        || (row.GetInt32("Status") is not null && person.StandsIn(Encoding.UTF8.GetString(TableBlob.ReadBytes(row, "D"))));

    /// <param name="change">Null to leave a row as it is.</param>
    private static async Task<int> EachAsync(TableSession session, string prefix, Func<TableEntity, TableEntity?> change, CancellationToken cancellationToken)
    {
        var changed = 0;
        foreach (var listed in await session.RowsAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            var row = listed;
            for (var tries = 1; row is not null && change(row) is { } next; tries++)
            {
                if (await session.SubmitAsync([new(TableTransactionActionType.UpdateReplace, next, row.ETag)], cancellationToken).ConfigureAwait(false))
                {
                    changed++;
                    break;
                }

                row = tries < Tries
                    ? await session.RowAsync(listed.RowKey, cancellationToken).ConfigureAwait(false)
                    : throw new StoreUnavailableException(StoreFault.Locked, $"{listed.RowKey} is changed faster than a person can be taken out of it; try again");
            }
        }

        return changed;
    }
}
