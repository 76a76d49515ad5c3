namespace Governance.Core.Text;

/// <summary>Checks at the start of a program that names are compared as they should be.</summary>
/// <remarks>
/// A build switch or a lost data file changes the comparison without an error, and then one person passes for two. Only code points prove
/// it: <see cref="string.IsNormalized()"/> says true of every text where there is no ICU.
/// </remarks>
public static class NameFormCheck
{
    /// <summary>A text and its form. Sources: NormalizationTest.txt and CaseFolding.txt of the Unicode Character Database 17.0.0.</summary>
    private static readonly (string Text, string Form)[] Published =
    [
        ("e\u0301", "\u00E9"), // NormalizationTest part 1, 00E9
        ("\u1E9B\u0323", "\u1E69"), // part 1, 1E9B 0323
        ("a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b"), // part 2, order of marks
        ("\uFF4A\uFF2F", "jo"), // full width; CaseFolding 004F
        ("\uFB03", "ffi"), // part 1, ligature
        ("\u1112\u1161\u11AB", "\uD55C"), // part 1, Hangul D55C
        ("\u212B", "\u00E5"), // part 1, ANGSTROM SIGN; CaseFolding 00C5
        ("\u00DF\u1E9E", "ssss"), // CaseFolding 00DF F, 1E9E F
        ("\u0130\u0131", "i\u0307\u0131"), // CaseFolding 0130 F; 0131 has none but the Turkic one of 0049
        ("\u03A3\u03C2", "\u03C3\u03C3"), // CaseFolding 03A3, 03C2
        ("a\u200Db", "ab"), // NFKC_Casefold drops what is ignorable by default
    ];

    /// <exception cref="NameFormBrokenException">A vector comes out wrong.</exception>
    public static void Run() => Run(NameForm.Of);

    internal static void Run(Func<string, string> form)
    {
        foreach (var (text, expected) in Published)
        {
            string actual;
            try
            {
                actual = form(text);
            }
            catch (Exception fault) when (fault is InvalidOperationException or TypeInitializationException or FormatException)
            {
                throw new NameFormBrokenException($"{Codes(text)} has no form: {fault.Message}");
            }

            if (!string.Equals(actual, expected, StringComparison.Ordinal))
            {
                throw new NameFormBrokenException($"{Codes(text)} becomes {Codes(actual)}, not {Codes(expected)}");
            }
        }
    }

    private static string Codes(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => $"U+{rune.Value:X4}"));
}

/// <summary>Names cannot be compared, so nobody may act.</summary>
public sealed class NameFormBrokenException(string why)
    : Exception($"names are compared wrong on this machine, so one person could pass for two: {why}; install the program again");
