using System.Text;
using Governance.Core.Text;

namespace Governance.Core.Tests.Text;

/// <summary>The conformance test that Unicode publishes for its normalization forms, whole.</summary>
public sealed class CanonicalFormTests
{
    private static readonly string[][] Rows = [.. UnicodeFile.Rows("NormalizationTest.txt").Where(row => row.Length >= 5).Select(row => row[..5].Select(UnicodeFile.Text).ToArray())];

    [Fact]
    public void Every_published_line_has_its_forms_C_and_D()
    {
        var wrong = Rows.Where(row => row is not [var source, var c, var d, var kc, var kd]
            || new[] { source, c, d }.Any(text => CanonicalForm.Composed(text) != c || CanonicalForm.Decomposed(text) != d)
            || new[] { kc, kd }.Any(text => CanonicalForm.Composed(text) != kc || CanonicalForm.Decomposed(text) != kd));

        Assert.Equal(20_034, Rows.Length);
        Assert.Empty(wrong);
    }

    /// <summary>The rule beside the published lines: what part 1 does not list has every form as it is.</summary>
    [Fact]
    public void Every_character_that_the_file_does_not_list_stays_as_it_is()
    {
        var listed = Rows.Where(row => row[0].EnumerateRunes().Count() == 1).Select(row => row[0]).ToHashSet(StringComparer.Ordinal);

        var changed = Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(char.ConvertFromUtf32)
            .Where(text => !listed.Contains(text) && (CanonicalForm.Composed(text) != text || CanonicalForm.Decomposed(text) != text));

        Assert.Empty(changed);
    }
}
