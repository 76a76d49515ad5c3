using System.Globalization;
using System.Text;

namespace Governance.Api.Exports;

/// <summary>Makes a text safe in a cell: no spreadsheet takes it for a formula, and no control character gets through.</summary>
/// <remarks>
/// Source: OWASP "CSV Injection". A text a spreadsheet could take for a formula gets an apostrophe in front; so does one
/// that begins with an apostrophe, so that taking the first apostrophe off gives the text back. Control characters, line
/// ends and unpaired surrogates are written as <c>⟨U+000A⟩</c>.
/// </remarks>
internal static class CsvCell
{
    private const string Formula = "=+-@'＝＋－＠﹢﹣﹦﹫⁺⁻−|%";

    public static string Safe(string? text)
    {
        var visible = Visible(text ?? string.Empty);
        return Guarded(visible) ? "'" + visible : visible;
    }

    /// <summary>What <see cref="Safe"/> was given, control characters apart.</summary>
    public static string Raw(string cell) => cell.StartsWith('\'') ? cell[1..] : cell;

    /// <summary>Spreadsheets pass over blanks and marks without width before a formula, so this does too.</summary>
    private static bool Guarded(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark)
            {
                continue;
            }

            return Formula.Contains(rune.ToString(), StringComparison.Ordinal) || StartsWithControl(text);
        }

        return false;
    }

    /// <summary>Some programs drop a control character on the way in; what follows it would then come first.</summary>
    private static bool StartsWithControl(string text) => text.TrimStart().StartsWith("⟨U+", StringComparison.Ordinal);

    internal static string Visible(string text)
    {
        var safe = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var known = Rune.TryGetRuneAt(text, at, out var rune);
            var value = known ? rune.Value : text[at];
            if (!known || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                safe.Append(CultureInfo.InvariantCulture, $"⟨U+{value:X4}⟩");
            }
            else
            {
                safe.Append(rune.ToString());
            }

            at += known ? rune.Utf16SequenceLength : 1;
        }

        return safe.ToString();
    }
}
