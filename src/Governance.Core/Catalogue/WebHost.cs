using System.Globalization;
using System.Text;

namespace Governance.Core.Catalogue;

/// <summary>The host of a web address as a publisher wrote it.</summary>
internal static class WebHost
{
    /// <returns>Lower-case ASCII, punycode for other scripts; null when the text is no http or https address of a named host.</returns>
    public static string? Of(string? address)
    {
        if (address is null || address.Length > 4096)
        {
            return null;
        }

        var text = address.AsSpan().Trim();
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            if (!text[..scheme].Equals("https", StringComparison.OrdinalIgnoreCase) && !text[..scheme].Equals("http", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            text = text[(scheme + 3)..];
        }
        else if (text.Contains('@'))
        {
            return null;
        }

        var end = text.IndexOfAny("/\\?#");
        text = end < 0 ? text : text[..end];
        text = text[(text.LastIndexOf('@') + 1)..];
        var colon = text.IndexOf(':');
        if (colon >= 0 && text[(colon + 1)..].ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        text = colon < 0 ? text : text[..colon];
        return Normalised(text.TrimEnd('.'));
    }

    private static string? Normalised(ReadOnlySpan<char> host)
    {
        if (host.Length is 0 or > 253 || host.IndexOfAny('.', '\u3002') <= 0)
        {
            return null;
        }

        var ascii = Ascii.IsValid(host) ? host.ToString().ToLowerInvariant() : Punycode(host);
        if (ascii is null || ascii.Length > 253 || ascii.StartsWith("*.", StringComparison.Ordinal) && (ascii = ascii[2..]).Length == 0)
        {
            return null;
        }

        var lettersInTop = ascii.AsSpan(ascii.LastIndexOf('.') + 1).ContainsAnyInRange('a', 'z');
        return lettersInTop && !ascii.AsSpan().ContainsAnyExcept(HostCharacters) && !ascii.Contains("..", StringComparison.Ordinal) ? ascii : null;
    }

    private static readonly System.Buffers.SearchValues<char> HostCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    private static string? Punycode(ReadOnlySpan<char> host)
    {
        var folded = new StringBuilder(host.Length);
        foreach (var rune in host.EnumerateRunes())
        {
            if (rune.Value is 0x3002 or 0xFF0E or 0xFF61)
            {
                folded.Append('.');
            }
            else if (rune.Value is >= 0xFF01 and <= 0xFF5E)
            {
                folded.Append(char.ToLowerInvariant((char)(rune.Value - 0xFEE0)));
            }
            else if (rune == Rune.ReplacementChar || Rune.IsControl(rune))
            {
                return null;
            }
            else
            {
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
            }
        }

        try
        {
            return new IdnMapping().GetAscii(folded.ToString()).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
