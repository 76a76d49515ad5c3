using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>Reads the scope text of a grant: values between blanks, compared without regard to case.</summary>
public static class ScopeText
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\u00A0'];

    /// <returns>Distinct values in the order received, with the spelling that came first.</returns>
    public static ImmutableArray<string> Values(string scope) => [.. Spellings(scope).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <returns>Every value in the order received, repeats included.</returns>
    internal static string[] Spellings(string scope) => scope.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
}
