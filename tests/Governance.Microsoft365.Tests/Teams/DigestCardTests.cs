using System.Text;
using System.Text.Json;
using Governance.Core.Digest;
using Governance.Microsoft365.Teams;

namespace Governance.Microsoft365.Tests.Teams;

public sealed class DigestCardTests
{
    /// <summary>Element types of the open schema 1.4; 1.5 adds the table, which is not used.</summary>
    private static readonly string[] Open =
        ["AdaptiveCard", "TextBlock", "Container", "ColumnSet", "Column", "FactSet", "Action.OpenUrl"];

    public static TheoryData<string, DigestAudience, string> Cards()
    {
        var cards = new TheoryData<string, DigestAudience, string>();
        foreach (var language in Language.Tags)
        {
            foreach (var audience in Enum.GetValues<DigestAudience>())
            {
                cards.Add(language, audience, "1.5");
                cards.Add(language, audience, "1.4");
            }
        }

        return cards;
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void A_card_says_its_version_language_and_a_text_for_clients_that_cannot_draw_it(string language, DigestAudience audience, string version)
    {
        var card = SomeDigest.Card(SomeDigest.Content(audience: audience, language: language), new CardOptions { Version = version });

        Assert.Equal(version, card.GetProperty("version").GetString());
        Assert.Equal(language.Split('-')[0], card.GetProperty("lang").GetString());
        Assert.Contains("41", card.GetProperty("fallbackText").GetString(), StringComparison.Ordinal);
        Assert.Equal(card.GetProperty("fallbackText").GetString(), card.GetProperty("speak").GetString());
        Assert.DoesNotContain("${", card.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void Whatever_is_outside_the_open_schema_carries_a_fallback(string language, DigestAudience audience, string version)
    {
        var card = SomeDigest.Card(SomeDigest.Content(audience: audience, language: language), new CardOptions { Version = version });

        var foreign = SomeDigest.Objects(card).Where(element => element.TryGetProperty("type", out var type) && !Open.Contains(type.GetString())).ToArray();

        Assert.All(foreign, element => Assert.True(element.TryGetProperty("fallback", out _), element.GetRawText()));
        Assert.Equal(version == "1.5" ? 1 : 0, foreign.Length);
    }

    [Fact]
    public void The_numbers_of_a_chart_stand_in_text_beside_it()
    {
        var text = SomeDigest.Text(SomeDigest.Card(SomeDigest.Content()));

        Assert.Contains("unapproved\n7", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_text_wraps()
    {
        var texts = SomeDigest.Objects(SomeDigest.Card(SomeDigest.Content(audience: DigestAudience.Security)))
            .Where(element => element.TryGetProperty("type", out var type) && type.GetString() == "TextBlock");

        Assert.All(texts, text => Assert.True(text.GetProperty("wrap").GetBoolean()));
    }

    [Fact]
    public void Colour_is_never_alone()
    {
        var text = SomeDigest.Text(SomeDigest.Card(SomeDigest.Content()));

        Assert.Contains("off target", text, StringComparison.Ordinal);
        Assert.Contains("on target", text, StringComparison.Ordinal);
        Assert.Contains("incomplete data", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_change_no_structure_and_leave_no_link()
    {
        foreach (var audience in Enum.GetValues<DigestAudience>())
        {
            var expected = SomeDigest.Structure(SomeDigest.Card(SomeDigest.Content("Chat Tool", audience, lines: 1, decisions: 1)));
            foreach (var name in HostileText.Names.Concat(HostileText.Fuzz(300)))
            {
                var card = SomeDigest.Card(SomeDigest.Content(name, audience, lines: 1, decisions: 1));

                Assert.Equal(expected, SomeDigest.Structure(card));
                Assert.DoesNotContain(SomeDigest.Markdown(card), text => text.Contains("](", StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal) || text.Contains("<at>", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-Hans")]
    public void TM_6_a_digest_too_large_is_cut_in_a_fixed_order_with_exact_totals(string language)
    {
        var content = SomeDigest.Content(new string('市', 119), DigestAudience.Security, language, lines: 437);
        var seen = new List<(int Entries, bool Chart, int Bytes)>();
        for (var budget = 60_000; budget >= 5_500; budget -= 500)
        {
            var body = DigestCard.Body(content, new CardOptions { Budget = budget });
            var card = SomeDigest.Card(body);
            var text = SomeDigest.Text(card);
            var entries = SomeDigest.Markdown(card).Count(line => line == "●") / 5;

            Assert.True(body.Length <= budget, $"{body.Length} bytes for a budget of {budget}");
            Assert.Equal(5, SomeDigest.Markdown(card).Count(line => line == (entries == 0 ? "437" : MoreOf(language, 437 - entries))));
            var next = (entries, Chart: card.GetRawText().Contains("Chart.", StringComparison.Ordinal), body.Length);
            if (seen.Count == 0 || seen[^1] != next)
            {
                seen.Add(next);
            }
        }

        Assert.Equal([(10, true), (6, true), (3, true), (3, false), (1, false), (0, false)], seen.Select(step => (step.Entries, step.Chart)));
        Assert.Equal(seen.Select(step => step.Bytes).OrderDescending(), seen.Select(step => step.Bytes));
    }

    [Fact]
    public void Decisions_that_are_cut_are_counted()
    {
        var whole = DigestCard.Body(SomeDigest.Content(lines: 0), new CardOptions { Budget = 60_000 }).Length;

        var texts = Enumerable.Range(1, 20).Select(step => SomeDigest.Text(SomeDigest.Card(SomeDigest.Content(lines: 0), new CardOptions { Budget = whole - (step * 100) })));

        Assert.Contains(texts, text => text.Contains("and 2 more", StringComparison.Ordinal));
    }

    [Fact]
    public void The_budget_is_measured_in_bytes_and_no_letter_is_written_as_an_escape()
    {
        var body = DigestCard.Body(SomeDigest.Content("市场部 Zürich", language: "zh-Hans"), new CardOptions());

        Assert.DoesNotContain("\\u", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Assert.Equal(body.Length, Encoding.UTF8.GetByteCount(Encoding.UTF8.GetString(body)));
    }

    [Fact]
    public void The_heaviest_digest_fits_the_default_budget()
    {
        foreach (var name in new[] { new string('[', 500), string.Concat(Enumerable.Repeat("😀", 500)), new string('市', 500), new string('"', 500) })
        {
            foreach (var audience in Enum.GetValues<DigestAudience>())
            {
                Assert.InRange(DigestCard.Body(SomeDigest.Content(name, audience, lines: 5000), new CardOptions()).Length, 1, 20_000);
            }
        }
    }

    [Fact]
    public void A_budget_that_nothing_fits_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => DigestCard.Body(SomeDigest.Content(), new CardOptions { Budget = 500 }));

    [Theory]
    [InlineData("http://entra.microsoft.com/")]
    [InlineData("https://evil.example/")]
    [InlineData("https://entra.microsoft.com.evil.example/")]
    [InlineData("https://entra.microsoft.com@evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    public void A_link_to_any_other_place_is_refused(string link) =>
        Assert.Throws<ArgumentException>(() => DigestCard.Body(SomeDigest.Content(), new CardOptions { Report = new Uri(link) }));

    [Fact]
    public void The_report_is_linked_once_where_it_may_be()
    {
        var card = SomeDigest.Card(SomeDigest.Content(), new CardOptions { Report = new Uri("https://reports.example/ai?week=10"), AllowedHosts = ["reports.example"] });

        var link = Assert.Single(card.GetProperty("actions").EnumerateArray());
        Assert.Equal("https://reports.example/ai?week=10", link.GetProperty("url").GetString());
        Assert.Equal("Open the report", link.GetProperty("title").GetString());
    }

    [Fact]
    public void Without_a_report_there_is_no_action() =>
        Assert.False(SomeDigest.Card(SomeDigest.Content()).TryGetProperty("actions", out _));

    [Theory]
    [InlineData("1.6")]
    [InlineData("")]
    public void An_unknown_version_is_refused(string version) =>
        Assert.Throws<ArgumentException>(() => DigestCard.Body(SomeDigest.Content(), new CardOptions { Version = version }));

    [Fact]
    public void TM_8_a_digest_of_an_incomplete_scan_says_so_before_any_figure()
    {
        var note = Language.Of("en").Say("note.incomplete", ("parts", "users (read in part)"));

        var texts = SomeDigest.Markdown(SomeDigest.Card(SomeDigest.Content(note: note))).ToList();

        var said = texts.FindIndex(text => text.Contains("users \\(read in part\\)", StringComparison.Ordinal) || text.Contains("users (read in part)", StringComparison.Ordinal));
        Assert.InRange(said, 0, texts.FindIndex(text => text == "Figure 0") - 1);
    }

    [Fact]
    public void An_alert_stands_out_and_has_neither_figures_nor_decisions()
    {
        var content = SomeDigest.Content(audience: DigestAudience.Security) with { Urgent = true, Tiles = [], Chart = null };

        var card = SomeDigest.Card(content);

        Assert.Equal("attention", card.GetProperty("body")[0].GetProperty("style").GetString());
        Assert.DoesNotContain("Figure", SomeDigest.Text(card), StringComparison.Ordinal);
        Assert.DoesNotContain("emphasis", card.GetRawText(), StringComparison.Ordinal);
    }

    private static string MoreOf(string language, int count) => Language.Of(language).Say("more", ("n", count)).ToPlainText();
}
