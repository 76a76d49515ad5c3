using System.Text;
using System.Text.Json;

namespace Governance.Core.Catalogue;

/// <summary>Brings text to a skeleton: texts that look the same have the same one.</summary>
/// <remarks>Unicode confusables (UTS 39) from <c>confusables.json</c>, then the digits and letter pairs that pass for letters in Latin brand names.</remarks>
internal static class Confusables
{
    private static readonly Dictionary<int, string> Table = Load();

    /// <summary>The skeleton in lower case; digits and signs that pass for letters are letters in it, <c>l</c> and <c>i</c> are one.</summary>
    public static string Skeleton(ReadOnlySpan<char> text)
    {
        var letters = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (NameFolding.Invisible(rune))
            {
                continue;
            }

            if (!rune.IsAscii && Table.TryGetValue(rune.Value, out var looks))
            {
                letters.Append(looks.ToLowerInvariant());
            }
            else
            {
                NameFolding.AppendFolded(letters, rune);
            }
        }

        return Merge(letters);
    }

    /// <summary>True when a character is no ASCII one but looks like Latin letters.</summary>
    public static bool LooksLatin(Rune rune) => !rune.IsAscii && Table.TryGetValue(rune.Value, out var looks) && char.IsAsciiLetterOrDigit(looks[0]);

    private static string Merge(StringBuilder letters)
    {
        var merged = new StringBuilder(letters.Length);
        for (var i = 0; i < letters.Length; i++)
        {
            var letter = letters[i];
            var next = i + 1 < letters.Length ? letters[i + 1] : '\0';
            if ((letter, next) is ('r', 'n') or ('v', 'v'))
            {
                merged.Append(letter == 'r' ? 'm' : 'w');
                i++;
                continue;
            }

            merged.Append(letter switch
            {
                '0' => 'o',
                '1' or '!' or '|' or 'l' => 'i',
                '3' or '\u20AC' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '6' or '9' => 'g',
                '7' => 't',
                '8' => 'b',
                > '\u007F' when NameFolding.Fold(letter.ToString()) is [var folded] => folded,
                _ => letter,
            });
        }

        return merged.ToString();
    }

    private static Dictionary<int, string> Load()
    {
        using var file = JsonDocument.Parse(EmbeddedData.Bytes("confusables.json"));
        var table = new Dictionary<int, string>(4096);
        foreach (var entry in file.RootElement.GetProperty("map").EnumerateObject())
        {
            foreach (var rune in entry.Name.EnumerateRunes())
            {
                table.TryAdd(rune.Value, entry.Value.GetString()!);
                break;
            }
        }

        return table;
    }
}
