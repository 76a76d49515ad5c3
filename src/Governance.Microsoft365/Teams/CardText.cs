using System.Text;
using System.Text.RegularExpressions;
using Governance.Core;
using Governance.Core.Digest;

namespace Governance.Microsoft365.Teams;

/// <summary>Text for Adaptive Cards: tenant text becomes inert, our own stays as it is.</summary>
/// <remarks>
/// Card text reads a subset of Markdown and clients turn addresses into links. Every mark of tenant text gets a backslash, and
/// addresses are defused so that they are harmless even on a client that shows the backslashes or ignores them.
/// </remarks>
internal static partial class CardText
{
    /// <summary>Longest tenant text in a card, in characters before escaping.</summary>
    public const int Limit = 120;

    private const string Marks = "\\`*_[]()<>#+-!|~{}";

    public static string Of(Wording wording) =>
        string.Concat(wording.Parts.Select(part => part.FromTenant ? Inert(part.Text) : part.Text));

    /// <summary>For places that read no Markdown, such as <c>fallbackText</c>.</summary>
    public static string Plain(Wording wording) =>
        string.Concat(wording.Parts.Select(part => part.FromTenant ? Defused(TenantText.Plain(part.Text, Limit)) : part.Text));

    public static string Inert(string text)
    {
        var inert = new StringBuilder();
        var plain = Defused(TenantText.Plain(text, Limit));
        var digits = plain.TakeWhile(char.IsAsciiDigit).Count();
        for (var at = 0; at < plain.Length; at++)
        {
            // "1." at the start would begin a numbered list.
            if (Marks.Contains(plain[at], StringComparison.Ordinal) || (plain[at] == '.' && at == digits && at > 0))
            {
                inert.Append('\\');
            }

            inert.Append(plain[at]);
        }

        return inert.ToString();
    }

    /// <summary>Addresses written so that no client links them, such as <c>hxxps[:]//</c> and <c>www[.]</c>.</summary>
    private static string Defused(string text) => Scheme().Replace(text, "hxxp$1$2")
        .Replace("://", "[:]//", StringComparison.Ordinal)
        .Replace("www.", "www[.]", StringComparison.OrdinalIgnoreCase)
        .Replace("mailto:", "mailto[:]", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"http(s?)([\s\\]*:)", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();
}
