using System.Globalization;
using System.Text;

namespace Governance.Core;

/// <summary>Makes text that a tenant or an app's publisher chose safe to look at. The raw text is what is stored.</summary>
public static class TenantText
{
    /// <summary>For messages and terminals: marks that steer the display are dropped, white space is one blank.</summary>
    /// <param name="limit">Longest result in characters, the ellipsis included.</param>
    public static string Plain(string? text, int limit = 120)
    {
        var plain = new StringBuilder(Math.Min(text?.Length ?? 0, limit) + 1);
        foreach (var rune in (text ?? string.Empty).EnumerateRunes())
        {
            if (plain.Length > limit)
            {
                break;
            }

            if (Rune.IsWhiteSpace(rune))
            {
                if (plain.Length > 0 && plain[^1] != ' ')
                {
                    plain.Append(' ');
                }
            }
            else if (!Steers(rune))
            {
                plain.Append(rune);
            }
        }

        return Cut(plain.ToString().Trim(), limit);
    }

    /// <summary>For reports: marks that steer the display are written out as <c>⟨U+202E⟩</c>, so that a person sees them.</summary>
    /// <param name="limit">Longest result in characters, the ellipsis included.</param>
    public static string Visible(string? text, int limit = 400)
    {
        var visible = new StringBuilder(Math.Min(text?.Length ?? 0, limit) + 1);
        foreach (var rune in (text ?? string.Empty).EnumerateRunes())
        {
            if (visible.Length > limit)
            {
                break;
            }

            if (Steers(rune) || (Rune.IsWhiteSpace(rune) && rune.Value != ' '))
            {
                visible.Append(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩");
            }
            else
            {
                visible.Append(rune);
            }
        }

        return Cut(visible.ToString(), limit);
    }

    private static bool Steers(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune == Rune.ReplacementChar;

    private static string Cut(string text, int limit)
    {
        if (text.Length <= limit)
        {
            return text;
        }

        var end = limit - 1;
        return (char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end]) + "…";
    }
}
