using System.Globalization;
using System.Text.RegularExpressions;
using Governance.Core.Digest;
using Governance.Microsoft365.Teams;

namespace Governance.Microsoft365.Tests.Teams;

public sealed partial class CardTextTests
{
    [Fact]
    public void Ten_thousand_hostile_names_are_inert()
    {
        foreach (var name in HostileText.Names.Concat(HostileText.Fuzz(10_000)))
        {
            var inert = CardText.Inert(name);

            AssertInert(inert, name);
        }
    }

    [Fact]
    public void Ten_thousand_hostile_names_link_nowhere_in_places_without_Markdown()
    {
        foreach (var name in HostileText.Names.Concat(HostileText.Fuzz(10_000)))
        {
            var plain = CardText.Plain(Wording.Tenant(name));

            Assert.False(Linked().IsMatch(plain), $"{name} gave {plain}");
            Assert.DoesNotContain(plain, Steers);
        }
    }

    [Theory]
    [InlineData("[x](https://evil.example)", @"\[x\]\(hxxps\[:\]//evil.example\)")]
    [InlineData("a*b_c`d", @"a\*b\_c\`d")]
    [InlineData(@"back\slash", @"back\\slash")]
    [InlineData("1. first", @"1\. first")]
    [InlineData("Otter.ai", "Otter.ai")]
    [InlineData("HTTP Toolkit", "HTTP Toolkit")]
    [InlineData("www.evil.example", @"www\[.\]evil.example")]
    [InlineData("a\r\n\tb", "a b")]
    [InlineData("a\u202Eb", "ab")]
    public void A_name_is_escaped_and_stays_readable(string name, string expected)
    {
        Assert.Equal(expected, CardText.Inert(name));
    }

    [Fact]
    public void Our_own_words_keep_their_marks_beside_tenant_text()
    {
        var wording = new Wording([new TextPart("**New:** ", false), new TextPart("**x**", true)]);

        Assert.Equal(@"**New:** \*\*x\*\*", CardText.Of(wording));
    }

    [Fact]
    public void A_long_name_is_cut_before_it_is_escaped()
    {
        var inert = CardText.Inert(new string('*', 1000));

        Assert.Equal((2 * (CardText.Limit - 1)) + 1, inert.Length);
    }

    internal static void AssertInert(string inert, string origin)
    {
        for (var at = 0; at < inert.Length; at++)
        {
            if (inert[at] == '\\')
            {
                at++;
                Assert.True(at < inert.Length, $"{origin} ends with a bare backslash: {inert}");
            }
            else
            {
                Assert.False("`*_[]()<>#+-!|~{}".Contains(inert[at], StringComparison.Ordinal), $"{origin} leaves '{inert[at]}' in {inert}");
                Assert.False(Steers(inert[at]), $"{origin} leaves U+{(int)inert[at]:X4}");
            }
        }

        // Not even a client that ignores the backslashes may see a link.
        Assert.False(Linked().IsMatch(inert.Replace("\\", string.Empty, StringComparison.Ordinal)), $"{origin} gave {inert}");
    }

    private static bool Steers(char c) => char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    [GeneratedRegex(@"[a-z]://|https?\s*:|www\.|mailto:", RegexOptions.IgnoreCase)]
    private static partial Regex Linked();
}
