namespace Governance.Embedded.Sqlite;

/// <summary>Remembers which occurrence of each schedule was started last, so that none is started twice or forgotten over a restart.</summary>
public sealed class SqliteScheduleMarks(SqliteDatabase database)
{
    /// <returns>The last occurrence that was started; null when none was.</returns>
    public Task<DateTimeOffset?> LastAsync(string schedule, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.Rows("SELECT occurrence FROM schedule_marks WHERE name = $1", row => (DateTimeOffset?)DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), schedule)
            .FirstOrDefault(),
        cancellationToken);

    /// <returns>False when this occurrence or a later one is marked already.</returns>
    public async Task<bool> MarkAsync(string schedule, DateTimeOffset occurrence, CancellationToken cancellationToken)
    {
        var marked = false;
        await database.WriteAsync(
            session => marked = session.Write(
                "INSERT INTO schedule_marks (name, occurrence) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET occurrence = excluded.occurrence WHERE occurrence < excluded.occurrence",
                schedule, occurrence.ToUnixTimeMilliseconds()) > 0,
            cancellationToken).ConfigureAwait(false);
        return marked;
    }
}
