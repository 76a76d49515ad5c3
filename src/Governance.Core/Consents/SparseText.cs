namespace Governance.Core.Consents;

/// <summary>Texts that only some rows have, by row number.</summary>
internal sealed class SparseText(int[] rows, string[] texts)
{
    public static readonly SparseText None = new([], []);

    /// <param name="rows">Sorted by row, each row once.</param>
    public static SparseText From(List<(int Row, string Text)> rows) =>
        rows.Count == 0 ? None : new SparseText([.. rows.Select(row => row.Row)], [.. rows.Select(row => row.Text)]);

    /// <returns>The first row that has the text; null when none does.</returns>
    public int? RowOf(string text) => Array.IndexOf(texts, text) is >= 0 and var at ? rows[at] : null;

    /// <returns>Null when the row has none.</returns>
    public string? At(int row)
    {
        if (rows.Length == 0)
        {
            return null;
        }

        var at = Array.BinarySearch(rows, row);
        return at < 0 ? null : texts[at];
    }
}
