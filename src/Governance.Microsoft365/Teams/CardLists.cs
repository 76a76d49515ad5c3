using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Governance.Core.Digest;

namespace Governance.Microsoft365.Teams;

/// <summary>Sections and decisions of a digest, cut to so many entries with what was left out counted.</summary>
internal static class CardLists
{
    public static JsonObject Section(DigestSection section, int most, Language language)
    {
        var shown = Math.Min(most, section.Lines.Length);
        return CardElement.Container(
            null,
            CardSpacing.Medium,
            [
                Heading(Title(section, language)),
                .. section.Lines.Take(shown).Select(line => Entry("●", CardTiles.ColourOf(line.Tone), CardElement.Text(CardText.Of(line.Text)))),
                .. section.Total == 0 ? [CardElement.Text(section.Empty, new TextLook(Subtle: true, Spacing: CardSpacing.Small))] : More(section.Lines.Length - shown + section.Rest, language),
            ]);
    }

    /// <summary>With the number of entries where a reader does not see them all here.</summary>
    private static string Title(DigestSection section, Language language)
    {
        var title = section.Continued ? language.Say("section.continued", ("title", section.Title)).ToPlainText() : section.Title;
        return section.Total > section.Lines.Length ? language.Say("section.counted", ("title", title), ("n", section.Total)).ToPlainText() : title;
    }

    public static JsonObject Decisions(ImmutableArray<DigestDecision> decisions, int most, Language language) => CardElement.Container(
        "emphasis",
        CardSpacing.Medium,
        [
            Heading(language.Text("section.decisions")),
            .. decisions.Take(most).Select((decision, at) => Entry(
                (at + 1).ToString(CultureInfo.InvariantCulture),
                CardColour.Default,
                CardElement.Text(CardText.Of(decision.Text)),
                CardElement.Text(
                    $"{CardText.Of(decision.Owner)}{language.Text("report.comma")}{decision.DueText}",
                    new TextLook(TextSize.Small, Subtle: !decision.Overdue, Spacing: CardSpacing.None, Colour: decision.Overdue ? CardColour.Attention : CardColour.Default)))),
            .. decisions.IsEmpty
                ? [CardElement.Text(language.Text("decision.none"), new TextLook(Subtle: true, Spacing: CardSpacing.Small))]
                : More(decisions.Length - most, language),
        ]);

    /// <summary>How many entries there are, for a card without room for any.</summary>
    public static JsonObject Totals(DigestContent content, Language language)
    {
        var facts = content.Sections.Select(section => (section.Title, language.Number(section.Total)));
        return CardElement.Facts(content.Audience == DigestAudience.Executive
            ? facts.Prepend((language.Text("section.decisions"), language.Number(content.Decisions.Length)))
            : facts);
    }

    private static JsonObject Heading(string text) => CardElement.Text(text, new TextLook(TextSize.Medium, Bold: true, Heading: true));

    /// <summary>A mark and text with an indent that holds for every line of it.</summary>
    private static JsonObject Entry(string mark, CardColour colour, params ReadOnlySpan<JsonNode?> items) => CardElement.Columns(
        CardSpacing.Small, CardElement.Narrow(CardElement.Text(mark, new TextLook(Bold: true, Colour: colour))), CardElement.Wide(items));

    private static IEnumerable<JsonNode> More(int count, Language language) => count <= 0
        ? []
        : [CardElement.Text(CardText.Of(language.Say("more", ("n", count))), new TextLook(Subtle: true, Spacing: CardSpacing.Small))];
}
