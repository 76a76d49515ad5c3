using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Governance.Core.Digest;
using Governance.Microsoft365.Teams;

namespace Governance.Microsoft365.Tests.Teams;

/// <summary>TM-2, TM-6, SC-2 and SC-5 where a digest takes several messages.</summary>
public sealed class CardPartsTests
{
    private static readonly string[] Titles = ["findings", "grants", "lookalikes", "drift", "requests"];

    /// <summary>A digest for the security team whose every entry has a number of its own.</summary>
    private static DigestContent Numbered(int lines, int total, string language = "en", int parts = DigestComposer.MostParts, int padding = 0)
    {
        var words = Language.Of(language);
        return SomeDigest.Content(audience: DigestAudience.Security, language: language) with
        {
            MostParts = parts,
            Sections =
            [
                .. Titles.Select((title, section) => new DigestSection(
                    words.Text($"section.{title}"),
                    [.. Enumerable.Range(0, lines).Select(at => new DigestLine(new Wording([new TextPart($"E{section}-{at:000}{new string('x', padding)} ", false), new TextPart("市场部", true)]), Tone.Bad))],
                    total,
                    words.Text("section.none"))),
            ],
        };
    }

    public static TheoryData<int, string, int> Sizes()
    {
        var sizes = new TheoryData<int, string, int>();
        foreach (var budget in new[] { 9_000, 12_000, 20_000, 27_000 })
        {
            foreach (var language in Language.Tags)
            {
                foreach (var lines in new[] { 1, 7, 20, 50 })
                {
                    sizes.Add(budget, language, lines);
                }
            }
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void TM_6_shown_and_counted_entries_make_the_totals_over_all_messages_in_a_fixed_order(int budget, string language, int lines)
    {
        var content = Numbered(lines, lines + 400, language);

        var options = new CardOptions { Budget = budget };
        var bodies = DigestCard.Bodies(content, options);

        Assert.InRange(bodies.Length, 1, DigestComposer.MostParts);
        Assert.All(bodies, body => Assert.InRange(body.Length, 1, budget));
        var texts = bodies.SelectMany(body => SomeDigest.Markdown(SomeDigest.Card(body))).ToArray();
        var shown = texts.Select(text => Regex.Match(text, @"^E(\d)\\?-(\d{3})")).Where(match => match.Success).Select(match => match.Value).ToArray();
        Assert.Equal(shown.Order(StringComparer.Ordinal), shown);
        Assert.Equal(shown.Distinct().Count(), shown.Length);
        var counted = texts.Sum(text => Enumerable.Range(1, 450).FirstOrDefault(n => Language.Of(language).Say("more", ("n", n)).ToPlainText() == text));
        Assert.Equal(5 * (lines + 400), shown.Length + counted);
    }

    [Fact]
    public void TM_6_nothing_is_lost_while_there_is_room_in_further_messages()
    {
        var bodies = DigestCard.Bodies(Numbered(30, 30), new CardOptions());

        var texts = bodies.SelectMany(body => SomeDigest.Markdown(SomeDigest.Card(body))).ToArray();
        Assert.InRange(bodies.Length, 2, 5);
        Assert.Equal(150, texts.Count(text => text.StartsWith('E') && text.Contains("市场部", StringComparison.Ordinal)));
        Assert.DoesNotContain(texts, text => text.Contains(" more", StringComparison.Ordinal));
        Assert.Contains("Riskiest AI consents (30)", texts);
        Assert.Contains(texts, text => text.Contains(", continued (30)", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_message_says_which_it_is_and_only_the_first_has_figures_and_chart()
    {
        var cards = DigestCard.Bodies(Numbered(30, 30), new CardOptions()).Select(SomeDigest.Card).ToArray();

        Assert.All(cards.Index(), card => Assert.Contains($"part {card.Index + 1} of {cards.Length}", card.Item.GetProperty("fallbackText").GetString(), StringComparison.Ordinal));
        Assert.Equal([true, .. Enumerable.Repeat(false, cards.Length - 1)], cards.Select(card => SomeDigest.Text(card).Contains("Figure 0", StringComparison.Ordinal)));
        Assert.Equal([true, .. Enumerable.Repeat(false, cards.Length - 1)], cards.Select(card => card.GetRawText().Contains("Chart.", StringComparison.Ordinal)));
    }

    [Fact]
    public void TM_8_every_message_of_an_incomplete_scan_says_so()
    {
        var content = Numbered(30, 30) with { DataNote = Language.Of("en").Say("note.incomplete", ("parts", "users")) };

        Assert.All(DigestCard.Bodies(content, new CardOptions()), body => Assert.Contains("incomplete data: users", SomeDigest.Text(SomeDigest.Card(body)), StringComparison.Ordinal));
    }

    [Fact]
    public void SC_5_ten_thousand_findings_take_no_more_than_five_messages()
    {
        var bodies = DigestCard.Bodies(Numbered(DigestComposer.MostSecurityLines, 10_000, padding: 100), new CardOptions());

        Assert.Equal(5, bodies.Length);
        Assert.All(bodies, body => Assert.InRange(body.Length, 1, 20_000));
    }

    [Fact]
    public void A_digest_that_may_take_one_message_takes_one() =>
        Assert.Single(DigestCard.Bodies(Numbered(50, 500, parts: 1), new CardOptions()));

    [Fact]
    public void A_digest_that_fits_into_one_message_is_not_parted_and_says_nothing_of_parts() =>
        Assert.DoesNotContain("part", SomeDigest.Card(Assert.Single(DigestCard.Bodies(Numbered(2, 2), new CardOptions()))).GetProperty("fallbackText").GetString(), StringComparison.Ordinal);

    [Fact]
    public void The_same_digest_is_parted_the_same_way_each_time() =>
        Assert.Equal(
            DigestCard.Bodies(Numbered(50, 90), new CardOptions()).Select(Convert.ToHexString),
            DigestCard.Bodies(Numbered(50, 90), new CardOptions()).Select(Convert.ToHexString));

    [Fact]
    public async Task TM_2_a_message_of_several_that_is_refused_as_too_large_is_cut_with_exact_totals()
    {
        await using var teams = await TeamsReceiver.StartAsync(answersInBody: true);
        var time = new Graph.HandSetTime();
        var channel = new WorkflowChannel(
            WorkflowTransport.Client(new SocketsHttpHandler()), WorkflowEndpoint.Parse(teams.Address, [], loopback: true), new WorkflowOptions { AnswerWithin = TimeSpan.FromDays(2) }, null,
            new PostPace(time), time, Microsoft.Extensions.Logging.Abstractions.NullLogger<WorkflowChannel>.Instance);
        var parts = channel.Parts(Numbered(30, 30));
        teams.Next(200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId x");

        var outcomes = new List<PostOutcome>();
        foreach (var part in parts)
        {
            outcomes.Add(await channel.PostAsync(part, default));
        }

        Assert.All(outcomes, outcome => Assert.IsType<PostOutcome.Delivered>(outcome));
        Assert.Equal(parts.Length, teams.Posted.Count);
        var texts = teams.Posted.SelectMany(SomeDigest.Markdown).ToArray();
        var shown = texts.Count(text => text.StartsWith('E') && text.Contains("市场部", StringComparison.Ordinal));
        var counted = texts.Sum(text => Regex.Match(text, @"^and (\d+) more$") is { Success: true } more ? int.Parse(more.Groups[1].Value) : 0);
        Assert.True(counted > 0, "the first message was not cut");
        Assert.Equal(150, shown + counted);
    }
}
