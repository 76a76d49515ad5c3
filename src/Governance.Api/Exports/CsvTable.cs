using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;

namespace Governance.Api.Exports;

/// <summary>Writes a table by RFC 4180: comma, CR LF, quotes doubled. Every text goes through <see cref="CsvCell"/>.</summary>
internal static class CsvTable
{
    /// <summary>One column: its name, and the cell of a row. A number is a number; a null leaves the cell empty.</summary>
    internal readonly record struct Column<T>(string Name, Func<T, object?> Cell);

    /// <param name="bom">True: a byte order mark comes first.</param>
    public static void Write<T>(Stream stream, IEnumerable<T> rows, ImmutableArray<Column<T>> columns, bool bom)
    {
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\r\n", WriteByteOrderMark = bom }, leaveOpen: true);
        csv.WriteRecord([.. columns.Select(column => column.Name)]);
        foreach (var row in rows)
        {
            csv.WriteRecord([.. columns.Select(column => Text(column.Cell(row)))]);
        }

        csv.Flush();
    }

    /// <summary>Numbers are ours and cannot be formulas, even those below 0.</summary>
    private static string Text(object? cell) => cell switch
    {
        null => string.Empty,
        string text => CsvCell.Safe(text),
        bool yes => yes ? "true" : "false",
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"no cell for {cell.GetType().Name}", nameof(cell)),
    };
}
