using System.Globalization;
using System.Text;

namespace Governance.Core.Scans.Decisions;

/// <summary>Where a name may begin and end in a text, so that it is a whole name there and no part of a longer one.</summary>
/// <remarks>
/// <c>Read</c> is no word of <c>Mail.Read</c>, nor <c>Ana</c> of <c>Ana-Maria</c>, <c>O'Ana</c> or <c>ana@example.com</c>; it is one of <c>Ana's</c> and <c>Ana.</c>
/// A script that puts no blanks between words has an edge only where something else than a letter stands.
/// </remarks>
internal static class WordEdges
{
    private const string Joiners = ".-_@+\u2010\u2011";
    private const string Apostrophes = "'\u2019\u02BC";

    /// <summary>True when a word may begin at the place.</summary>
    public static bool Starts(string text, int at)
    {
        if (Splits(text, at) || char.IsWhiteSpace(text[at]))
        {
            return false;
        }

        var before = Before(text, at);
        return before is not { } left || !Of(left) && !((Joins(left) || Apostrophes.Contains(left.ToString(), StringComparison.Ordinal)) && Before(text, at - left.Utf16SequenceLength) is { } far && Of(far));
    }

    /// <summary>True when a word may end before the place.</summary>
    public static bool Ends(string text, int at)
    {
        if (at == text.Length)
        {
            return true;
        }

        if (Splits(text, at) || char.IsWhiteSpace(text[at - 1]) || After(text, at) is not { } right || Of(right))
        {
            return false;
        }

        return !(Joins(right) && After(text, at + right.Utf16SequenceLength) is { } far && Of(far));
    }

    private static bool Splits(string text, int at) => at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);

    private static bool Joins(Rune rune) => Joiners.Contains(rune.ToString(), StringComparison.Ordinal);

    /// <summary>Letters and digits with the marks on them, and what nobody sees.</summary>
    private static bool Of(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    private static Rune? Before(string text, int at) => at <= 0 ? null : Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;

    private static Rune? After(string text, int at) => at >= text.Length ? null : Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;
}
