using Azure.Data.Tables;

namespace Governance.Azure.Tables;

/// <summary>One attempt to put something else in the place of what committed scans left.</summary>
/// <remarks>
/// The mark is written anew with every revision. A commit or another revision that was prepared before therefore fails, and cannot
/// rest on rows that this one gives up. What it writes belongs to the coming generation, so no sweep removes it before it counts.
/// </remarks>
internal sealed class TableRevision
{
    private readonly TableSession _session;
    private readonly TableEntity _mark;

    private TableRevision(TableSession session, TableEntity mark, Action<int>? beforeWrite)
    {
        _session = session;
        _mark = mark;
        Generation = mark.GetInt32("Generation") ?? 0;
        Writer = new TableWriter(session, Generation + 1, Guid.NewGuid().ToString("N"), beforeWrite);
    }

    /// <summary>Generation that counts.</summary>
    public int Generation { get; }

    public TableWriter Writer { get; }

    /// <returns>Null before the first commit.</returns>
    public static async Task<TableRevision?> BeginAsync(TableSession session, Action<int>? beforeWrite, CancellationToken cancellationToken) =>
        await session.RowAsync(TableKeys.Mark, cancellationToken).ConfigureAwait(false) is { } mark ? new TableRevision(session, mark, beforeWrite) : null;

    /// <param name="changes">At most 99.</param>
    /// <returns>False when something was committed or revised meanwhile.</returns>
    public async Task<bool> MakeAsync(IReadOnlyCollection<TableTransactionAction> changes, CancellationToken cancellationToken)
    {
        await Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        var mark = new TableEntity(_session.Partition, TableKeys.Mark) { ["Generation"] = Generation, ["Attempt"] = _mark.GetString("Attempt"), ["Revision"] = Guid.NewGuid() };
        Writer.AboutToWrite();
        cancellationToken.ThrowIfCancellationRequested();
        return await _session.SubmitAsync([new(TableTransactionActionType.UpdateReplace, mark, _mark.ETag), .. changes], cancellationToken).ConfigureAwait(false)
            || (await _session.RowAsync(TableKeys.Mark, cancellationToken).ConfigureAwait(false))?.GetGuid("Revision") == mark.GetGuid("Revision");
    }
}
