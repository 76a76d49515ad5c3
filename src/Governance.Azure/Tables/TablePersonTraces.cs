using Azure.Data.Tables;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;

namespace Governance.Azure.Tables;

/// <summary>Takes a person out of what the program keeps of its own work: answers kept for repeats, runs, confirmations.</summary>
internal static class TablePersonTraces
{
    private const int Tries = 10;

    /// <summary>Counts the rows that name the person; changes nothing.</summary>
    /// <returns>Without inventories.</returns>
    public static async Task<PersonTraces> FindAsync(TableSession session, NamedPerson person, CancellationToken cancellationToken)
    {
        var answers = await AnswersAsync(session, person, cancellationToken).ConfigureAwait(false);
        var runs = (await session.RowsAsync(TableKeys.Run(string.Empty), cancellationToken).ConfigureAwait(false)).Count(row => person.Is(TableScanRuns.ToRun(row).RequestedBy));
        var confirmations = (await session.RowsAsync(TableKeys.Confirmations, cancellationToken).ConfigureAwait(false)).Select(TableLearnedApps.Confirmation)
            .Where(known => person.Without(known.By, known.Reason) is not null).ToArray();
        var (own, confirmed) = (answers.Count(answer => answer.Own), confirmations.Count(known => person.Is(known.By)));
        return new PersonTraces(0, runs, own, confirmed, answers.Length - own + confirmations.Length - confirmed);
    }

    /// <returns>Rows that named the person, without inventories.</returns>
    public static async Task<PersonTraces> EraseAsync(TableSession session, NamedPerson person, CancellationToken cancellationToken)
    {
        var answers = await AnswersAsync(session, person, cancellationToken).ConfigureAwait(false);
        foreach (var batch in answers.Select(answer => answer.RowKey).Chunk(TableWriter.MostEntities))
        {
            await session.DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        var runs = await EachAsync(session, TableKeys.Run(string.Empty), row => TableScanRuns.ToRun(row) is var run && person.Is(run.RequestedBy)
            ? TableScanRuns.ToEntity(session, run with { RequestedBy = IPersonalRecords.Erased, Version = run.Version + 1 })
            : null, cancellationToken).ConfigureAwait(false);
        var confirmed = new HashSet<string>(StringComparer.Ordinal);
        var confirmations = await EachAsync(session, TableKeys.Confirmations, row =>
        {
            var known = TableLearnedApps.Confirmation(row);
            if (person.Is(known.By))
            {
                confirmed.Add(row.RowKey);
            }

            return person.Without(known.By, known.Reason) is var (by, reason) ? TableLearnedApps.Written(row, known with { By = by, Reason = reason }) : null;
        }, cancellationToken).ConfigureAwait(false);
        var own = answers.Count(answer => answer.Own);
        return new PersonTraces(0, runs, own, confirmed.Count, answers.Length - own + confirmations - confirmed.Count);
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

    private static async Task<(string RowKey, bool Own)[]> AnswersAsync(TableSession session, NamedPerson person, CancellationToken cancellationToken) =>
    [
        .. (await session.RowsAsync(TableKeys.Idempotency, cancellationToken).ConfigureAwait(false))
            .Select(row => (Row: row, Names: row.RowKey[TableKeys.Idempotency.Length..].Split('.')))
            .Select(answer => (answer.Row, Own: Is(answer.Names[0], person), Key: TableKeys.Decode(answer.Names[^1]) ?? string.Empty))
            .Where(answer => answer.Own || person.StandsIn(answer.Key)
                || (answer.Row.GetInt32("Status") is not null && person.StandsInJson(TableBlob.ReadBytes(answer.Row, "D"))))
            .Select(answer => (answer.Row.RowKey, answer.Own)),
    ];

    private static bool Is(string encoded, NamedPerson person) =>
        TableKeys.Decode(encoded) is { } caller ? person.Is(caller) : encoded == TableKeys.Encode(person.Form);

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
