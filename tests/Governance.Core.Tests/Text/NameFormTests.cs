using Governance.Core.Text;

namespace Governance.Core.Tests.Text;

public sealed class NameFormTests
{
    /// <summary>NormalizationTest.txt: the five columns of a line are compatibility equivalent, so they are one name.</summary>
    [Fact]
    public void The_five_published_forms_of_a_text_are_one_name()
    {
        var apart = UnicodeFile.Rows("NormalizationTest.txt").Where(row => row.Length >= 5)
            .Where(row => row[..5].Select(column => NameForm.Of(UnicodeFile.Text(column))).Distinct(StringComparer.Ordinal).Count() != 1)
            .Select(row => row[0]);

        Assert.Empty(apart);
    }

    /// <summary>CaseFolding.txt, statuses C and F: the default full case folding; T is for Turkic languages alone and S is the short form of F.</summary>
    [Fact]
    public void A_letter_and_its_published_full_case_folding_are_one_name()
    {
        var apart = UnicodeFile.Rows("CaseFolding.txt").Where(row => row[1] is "C" or "F")
            .Where(row => NameForm.Of(UnicodeFile.Text(row[0])) != NameForm.Of(UnicodeFile.Text(row[2])))
            .Select(row => row[0]);

        Assert.Empty(apart);
    }

    [Fact]
    public void The_form_of_a_form_is_itself()
    {
        var moved = UnicodeFile.Rows("NormalizationTest.txt").Where(row => row.Length >= 5).Select(row => NameForm.Of(UnicodeFile.Text(row[0])))
            .Where(form => NameForm.Of(form) != form);

        Assert.Empty(moved);
    }

    [Theory]
    [InlineData("Jos\u00E9", "jose\u0301")]
    [InlineData("jos\u00E9", "\uFF4A\uFF4F\uFF53\u00E9")]
    [InlineData("Jos\u00E9 Garc\u00EDa", "  JOSE\u0301\u00A0 GARCI\u0301A ")]
    [InlineData("Gro\u00DF", "GROSS")]
    [InlineData("GRO\u1E9E", "gross")]
    [InlineData("\u0130pek", "i\u0307pek")]
    [InlineData("Comunicaci\u00F3n", "COMUNICACIO\u0301N")]
    [InlineData("\uD55C", "\u1112\u1161\u11AB")]
    [InlineData("An\u200Ba", "ana")]
    public void Ways_of_writing_one_name_are_the_same(string one, string other)
    {
        Assert.True(NameForm.Same(one, other));
        Assert.Single(new HashSet<string>([one, other], NameForm.Comparer));
    }

    [Theory]
    [InlineData("Jos\u00E9", "Jose")]
    [InlineData("\u0131pek", "ipek")]
    [InlineData("\u0130pek", "ipek")]
    [InlineData("Ana", "Anna")]
    [InlineData("Ana Lima", "AnaLima")]
    public void Different_names_stay_apart(string one, string other) => Assert.False(NameForm.Same(one, other));

    [Fact]
    public void A_text_that_shows_nothing_is_empty_and_an_absent_one_is_the_same_as_nothing()
    {
        Assert.Equal(string.Empty, NameForm.Of(" \u200B\u00AD "));
        Assert.False(NameForm.Same(null, null));
    }
}
