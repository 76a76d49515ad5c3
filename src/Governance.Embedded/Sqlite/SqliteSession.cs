using Microsoft.Data.Sqlite;

namespace Governance.Embedded.Sqlite;

/// <summary>One open connection with its statements, each prepared once. Not for several threads at once.</summary>
internal sealed class SqliteSession(SqliteConnection connection, Action<int>? beforeWrite) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);
    private int _writes;

    /// <summary>Runs a statement that changes something; its parameters are <c>$1</c>, <c>$2</c> and so on.</summary>
    /// <returns>Rows changed.</returns>
    public int Write(string sql, params ReadOnlySpan<object?> values)
    {
        AboutToWrite();
        return Statement(sql, values).ExecuteNonQuery();
    }

    /// <summary>Counts a write, and lets a test break it.</summary>
    public void AboutToWrite() => beforeWrite?.Invoke(++_writes);

    /// <summary>Starts counting writes anew.</summary>
    public void BeginCounting() => _writes = 0;

    /// <returns>The first column of the first row; default when there is no row or it is null.</returns>
    public T? Single<T>(string sql, params ReadOnlySpan<object?> values)
    {
        using var reader = Statement(sql, values).ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
    }

    /// <summary>All rows, each made by <paramref name="row"/>.</summary>
    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values) => [.. Each(sql, row, values)];

    /// <summary>All rows, each made by <paramref name="row"/> when it is asked for; to be gone through once, before the statement is used again.</summary>
    public IEnumerable<T> Each<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values) => Each(Statement(sql, values), row);

    /// <summary>Runs a script of several statements, not kept.</summary>
    public void Script(string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a migration or pragma of this assembly, never input.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private static IEnumerable<T> Each<T>(SqliteCommand statement, Func<SqliteDataReader, T> row)
    {
        using var reader = statement.ExecuteReader();
        while (reader.Read())
        {
            yield return row(reader);
        }
    }

    private SqliteCommand Statement(string sql, ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant of this assembly; values are bound.
            statement.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 1; i <= values.Length; i++)
            {
                statement.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }

            _statements.Add(sql, statement);
        }

        for (var i = 0; i < values.Length; i++)
        {
            statement.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return statement;
    }
}
