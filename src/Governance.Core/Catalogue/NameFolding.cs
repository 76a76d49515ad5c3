using System.Globalization;
using System.Text;

namespace Governance.Core.Catalogue;

/// <summary>Brings letters to the form in which names are compared: compatibility forms, letter case and Latin marks undone.</summary>
/// <remarks>A table of our own (<c>folding.txt</c>), because invariant globalization leaves text beyond ASCII unnormalised.</remarks>
internal static class NameFolding
{
    private static readonly Dictionary<int, string> Table = Load();

    /// <summary>Appends what a letter, digit or compatibility sign compares as; nothing for marks and invisible characters.</summary>
    public static void AppendFolded(StringBuilder to, Rune rune)
    {
        if (rune.IsAscii)
        {
            to.Append(char.ToLowerInvariant((char)rune.Value));
            return;
        }

        if (Table.TryGetValue(rune.Value, out var folded))
        {
            to.Append(folded);
            return;
        }

        Span<char> units = stackalloc char[2];
        to.Append(units[..Rune.ToLowerInvariant(rune).EncodeToUtf16(units)]);
    }

    /// <summary>True for what no reader sees: format characters, variation selectors and combining marks.</summary>
    public static bool Invisible(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    /// <summary>True for letters and digits, and for signs that stand for one, such as circled letters.</summary>
    public static bool WordCharacter(Rune rune)
    {
        if (rune.IsAscii || Rune.IsLetterOrDigit(rune))
        {
            return Rune.IsLetterOrDigit(rune);
        }

        return Table.TryGetValue(rune.Value, out var folded) && char.IsLetterOrDigit(folded[0]);
    }

    /// <summary>The whole text folded, its invisible characters dropped and everything that is no word character turned to a blank.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (WordCharacter(rune))
            {
                AppendFolded(folded, rune);
            }
            else if (!Invisible(rune))
            {
                folded.Append(' ');
            }
        }

        return folded.ToString();
    }

    private static Dictionary<int, string> Load()
    {
        var table = new Dictionary<int, string>(4096);
        foreach (var line in EmbeddedData.Lines("folding.txt"))
        {
            var parts = line.Split(' ');
            var range = parts[0].Split('-');
            var first = Hex(range[0]);
            if (range.Length == 2)
            {
                var target = Hex(parts[1]);
                for (var code = first; code <= Hex(range[1]); code++)
                {
                    table[code] = char.ConvertFromUtf32(target + code - first);
                }
            }
            else
            {
                table[first] = string.Concat(parts.Skip(1).Select(part => char.ConvertFromUtf32(Hex(part))));
            }
        }

        return table;
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
