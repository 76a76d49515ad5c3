using System.Text;

namespace Governance.Core.Catalogue;

/// <summary>A piece of a name: the smallest run of characters that can be a word by itself.</summary>
/// <param name="Offset">Where it begins in the folded text.</param>
/// <param name="Length">How long it is there.</param>
/// <param name="Source">Where it begins in the name as received.</param>
/// <param name="AfterGap">True when something stands between it and the piece before; false when only a change of case, digit or script does.</param>
/// <param name="Separator">What stands before it; a blank when nothing does.</param>
/// <param name="Upper">True when all its letters are capitals.</param>
/// <param name="Digits">True when it is a number.</param>
internal readonly record struct NamePiece(int Offset, int Length, int Source, bool AfterGap, char Separator, bool Upper, bool Digits)
{
    public int End => Offset + Length;
}

/// <summary>A name taken apart into words: at gaps, and inside a run at camel case, digits, changes of script and Han characters.</summary>
internal sealed class NameWords
{
    /// <summary>Characters looked at; what is longer says nothing more (Graph allows 256).</summary>
    public const int Limit = 1024;

    private enum Letter
    {
        None,
        Upper,
        Lower,
        Digit,
        Single,
        Kana,
        Other,
    }

    private readonly List<NamePiece> _pieces = [];

    private NameWords(string raw) => Raw = raw;

    /// <summary>The name as received, cut at <see cref="Limit"/>.</summary>
    public string Raw { get; }

    /// <summary>All pieces folded and put together without gaps.</summary>
    public string Folded { get; private set; } = string.Empty;

    public int Count => _pieces.Count;

    public NamePiece this[int piece] => _pieces[piece];

    /// <summary>Folded text from one piece to another, both included.</summary>
    public ReadOnlySpan<char> Text(int first, int last) => Folded.AsSpan(_pieces[first].Offset, _pieces[last].End - _pieces[first].Offset);

    /// <summary>True when a piece is the first one after a gap.</summary>
    public bool StartsWord(int piece) => piece == 0 || _pieces[piece].AfterGap;

    /// <summary>True when a piece is the last one before a gap.</summary>
    public bool EndsWord(int piece) => piece == _pieces.Count - 1 || _pieces[piece + 1].AfterGap;

    public static NameWords Of(string? name)
    {
        var raw = name is null ? string.Empty : name.Length > Limit ? name[..Limit] : name;
        var words = new NameWords(raw);
        words.Split();
        return words;
    }

    private void Split()
    {
        var folded = new StringBuilder(Raw.Length);
        var run = new List<(Letter Letter, int Source, int Offset)>();
        var separator = ' ';
        var source = 0;
        foreach (var rune in Raw.EnumerateRunes())
        {
            if (NameFolding.WordCharacter(rune))
            {
                run.Add((Kind(rune), source, folded.Length));
                NameFolding.AppendFolded(folded, rune);
            }
            else if (!NameFolding.Invisible(rune))
            {
                if (run.Count > 0)
                {
                    Cut(run, folded.Length, separator);
                    run.Clear();
                    separator = ' ';
                }

                separator = separator == ' ' && rune.IsBmp ? (char)rune.Value : separator;
            }

            source += rune.Utf16SequenceLength;
        }

        Cut(run, folded.Length, separator);
        Folded = folded.ToString();
    }

    private void Cut(List<(Letter Letter, int Source, int Offset)> run, int end, char separator)
    {
        var start = 0;
        for (var i = 1; i <= run.Count; i++)
        {
            if (i < run.Count && !Breaks(run, i))
            {
                continue;
            }

            var upper = true;
            for (var at = start; at < i; at++)
            {
                upper &= run[at].Letter == Letter.Upper;
            }

            var to = i < run.Count ? run[i].Offset : end;
            _pieces.Add(new NamePiece(run[start].Offset, to - run[start].Offset, run[start].Source,
                start == 0, start == 0 ? separator : ' ', upper, run[start].Letter == Letter.Digit));
            start = i;
        }
    }

    private static bool Breaks(List<(Letter Letter, int Source, int Offset)> run, int at)
    {
        var (before, here) = (run[at - 1].Letter, run[at].Letter);
        return (before, here) switch
        {
            (Letter.Single, _) or (_, Letter.Single) => true,
            (Letter.Lower or Letter.Other, Letter.Upper) => before == Letter.Lower,
            (Letter.Upper, Letter.Upper) => at + 1 < run.Count && run[at + 1].Letter == Letter.Lower && !PluralOf(run, at + 1),
            (Letter.Upper or Letter.Lower or Letter.Other, Letter.Upper or Letter.Lower or Letter.Other) => false,
            _ => before != here,
        };
    }

    /// <summary>"LLMs" is LLM with an ending, not "LL" and "Ms".</summary>
    private static bool PluralOf(List<(Letter Letter, int Source, int Offset)> run, int at) =>
        at == run.Count - 1 || run[at + 1].Letter != Letter.Lower;

    private static Letter Kind(Rune rune) => rune.Value switch
    {
        >= 0x3041 and <= 0x309F => Letter.Single,
        >= 0x30A1 and <= 0x30FF or >= 0xFF66 and <= 0xFF9F => Letter.Kana,
        >= 0x3400 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFF => Letter.Single,
        _ when Rune.IsDigit(rune) => Letter.Digit,
        _ when Rune.IsUpper(rune) => Letter.Upper,
        _ when Rune.IsLower(rune) => Letter.Lower,
        _ => Letter.Other,
    };
}
