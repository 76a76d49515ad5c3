using System.Text;

namespace Governance.Core.Text;

/// <summary>The one form in which words of people are compared: names of persons, departments and their aliases, roles.</summary>
/// <remarks>
/// Two texts are one name when their forms are the same code points. The form is <c>toNFKC_Casefold(NFD(text))</c> (Unicode Standard 3.13, D147):
/// composed or decomposed, full or half width, upper or lower case and characters that nobody sees make no difference; accents do.
/// Case is that of no language: <c>ß</c> is <c>ss</c>, and the Turkish <c>ı</c> is not <c>i</c>. Blanks around are dropped, and those between are one.
/// </remarks>
public static class NameForm
{
    /// <returns>The form of a text; empty for a text that shows nothing.</returns>
    public static string Of(string text) => SingleBlanks(Ascii.IsValid(text) ? text.ToLowerInvariant() : CanonicalForm.Composed(Folded(CanonicalForm.Decomposed(text))));

    /// <summary>True when both texts are the same name; an absent one is the same as nothing.</summary>
    public static bool Same(string? one, string? other)
    {
        if (one is null || other is null)
        {
            return false;
        }

        return string.Equals(one, other, StringComparison.OrdinalIgnoreCase) || Of(one) == Of(other);
    }

    /// <summary>Compares by the form, for sets and dictionaries.</summary>
    public static IEqualityComparer<string> Comparer { get; } = new FormComparer();

    private static string Folded(string text)
    {
        var tables = UnicodeTables.Instance;
        var folded = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (tables.FoldOf(rune.Value) is { } becomes)
            {
                folded.Append(becomes);
            }
            else
            {
                folded.Append(units[..rune.EncodeToUtf16(units)]);
            }
        }

        return folded.ToString();
    }

    private static string SingleBlanks(string text)
    {
        var trimmed = text.Trim();
        for (var at = 0; at < trimmed.Length; at++)
        {
            if (char.IsWhiteSpace(trimmed[at]) && (trimmed[at] != ' ' || trimmed[at + 1] == ' '))
            {
                return string.Join(' ', trimmed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return trimmed;
    }

    private sealed class FormComparer : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => ReferenceEquals(x, y) || Same(x, y);

        public int GetHashCode(string obj) => string.GetHashCode(Of(obj), StringComparison.Ordinal);
    }
}
