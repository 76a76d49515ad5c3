using System.Text;

namespace Governance.Core.Text;

/// <summary>The canonical normalization forms NFD and NFC of the Unicode Standard, without ICU.</summary>
/// <remarks>Source: Unicode Standard Annex 15; Hangul by the algorithm of section 3.12 of the Unicode Standard.</remarks>
internal static class CanonicalForm
{
    private const int Syllables = 0xAC00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;
    private const int Trails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    /// <returns>Form D.</returns>
    public static string Decomposed(string text) => Ascii.IsValid(text) ? text : TextOf(Decompose(text));

    /// <returns>Form C.</returns>
    public static string Composed(string text) => Ascii.IsValid(text) ? text : TextOf(Compose(Decompose(text)));

    private static List<int> Decompose(string text)
    {
        var codes = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            Append(codes, rune.Value);
        }

        Reorder(codes);
        return codes;
    }

    private static void Append(List<int> to, int code)
    {
        if (code is >= Syllables and < Syllables + SyllableCount)
        {
            var at = code - Syllables;
            to.Add(Leads + (at / (VowelCount * TrailCount)));
            to.Add(Vowels + (at % (VowelCount * TrailCount) / TrailCount));
            if (at % TrailCount > 0)
            {
                to.Add(Trails + (at % TrailCount));
            }
        }
        else if (UnicodeTables.Instance.DecompositionOf(code) is { } parts)
        {
            foreach (var part in parts.EnumerateRunes())
            {
                Append(to, part.Value);
            }
        }
        else
        {
            to.Add(code);
        }
    }

    /// <summary>Sorts each run of marks by class; marks of one class stay in order.</summary>
    private static void Reorder(List<int> codes)
    {
        var tables = UnicodeTables.Instance;
        for (var at = 1; at < codes.Count; at++)
        {
            var (code, own) = (codes[at], tables.ClassOf(codes[at]));
            var place = at;
            while (own > 0 && place > 0 && tables.ClassOf(codes[place - 1]) > own)
            {
                codes[place] = codes[place - 1];
                place--;
            }

            codes[place] = code;
        }
    }

    private static List<int> Compose(List<int> codes)
    {
        var tables = UnicodeTables.Instance;
        var (starter, last, kept) = (-1, 0, 0);
        for (var at = 0; at < codes.Count; at++)
        {
            var code = codes[at];
            var own = tables.ClassOf(code);
            if (starter >= 0 && (starter == kept - 1 || (last < own && last > 0)) && CompositeOf(codes[starter], code) is { } composite)
            {
                codes[starter] = composite;
                continue;
            }

            (starter, last) = (own == 0 ? kept : starter, own);
            codes[kept++] = code;
        }

        codes.RemoveRange(kept, codes.Count - kept);
        return codes;
    }

    private static int? CompositeOf(int first, int second)
    {
        if (first is >= Leads and < Leads + LeadCount && second is >= Vowels and < Vowels + VowelCount)
        {
            return Syllables + ((((first - Leads) * VowelCount) + second - Vowels) * TrailCount);
        }

        if (first is >= Syllables and < Syllables + SyllableCount && (first - Syllables) % TrailCount == 0 && second is > Trails and < Trails + TrailCount)
        {
            return first + second - Trails;
        }

        return UnicodeTables.Instance.CompositionOf(first, second);
    }

    private static string TextOf(List<int> codes)
    {
        var text = new StringBuilder(codes.Count);
        Span<char> units = stackalloc char[2];
        foreach (var code in codes)
        {
            text.Append(units[..new Rune(code).EncodeToUtf16(units)]);
        }

        return text.ToString();
    }
}
