using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Core.Digest;

namespace Governance.Microsoft365.Teams;

/// <summary>Makes the body of one post to a Teams workflow out of a digest: one message with one Adaptive Card.</summary>
/// <remarks>
/// A card too large is cut in a fixed order: fewer entries a section, no chart, headline and figures with totals alone. Whatever
/// is left out is counted. A digest that may take several messages is parted by <see cref="CardParts"/> before anything is cut.
/// </remarks>
public static class DigestCard
{
    /// <summary>Teams counts bytes, and <c>\uXXXX</c> would triple text that is not ASCII.</summary>
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is left of a card at each step of cutting.</summary>
    private static readonly Cut[] Cuts = [new(int.MaxValue, true), new(10, true), new(6, true), new(3, true), new(3, false), new(1, false), new(0, false)];

    /// <returns>The body of each message that the digest takes, in order.</returns>
    /// <inheritdoc cref="Body(DigestContent, CardOptions)" path="/exception"/>
    public static ImmutableArray<byte[]> Bodies(DigestContent content, CardOptions options) =>
        [.. CardParts.Of(content, options).Select(part => Body(part, options))];

    /// <returns>UTF-8 JSON within the budget, to be posted as it is.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">Not even the smallest form fits the budget.</exception>
    public static byte[] Body(DigestContent content, CardOptions options)
    {
        options.Validate();
        foreach (var cut in Cuts)
        {
            var body = Body(content, options, cut);
            if (body.Length <= options.Budget)
            {
                return body;
            }
        }

        throw new InvalidOperationException($"the smallest card is larger than {options.Budget} bytes");
    }

    /// <summary>True when a card holds all there is within the budget.</summary>
    internal static bool Fits(DigestContent content, CardOptions options) => Body(content, options, Cuts[0]).Length <= options.Budget;

    private static byte[] Body(DigestContent content, CardOptions options, Cut cut) =>
        JsonSerializer.SerializeToUtf8Bytes(Message(Card(content, options, cut)), Relaxed);

    private static JsonObject Message(JsonObject card) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["contentUrl"] = null,
            ["content"] = card,
        }),
    };

    private static JsonObject Card(DigestContent content, CardOptions options, Cut cut)
    {
        var summary = $"{Title(content)}: {CardText.Plain(content.Headline)}";
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = options.Version,

            // The language alone: strict clients refuse a script or region behind it.
            ["lang"] = content.Language.Split('-')[0],
            ["fallbackText"] = summary,
            ["speak"] = summary,
            ["msteams"] = new JsonObject { ["width"] = "full" },
            ["body"] = new JsonArray([.. Elements(content, options, cut)]),
        };
        if (options.Report is { } report)
        {
            card["actions"] = new JsonArray(CardElement.OpenUrl(content.OpenReport, report));
        }

        return card;
    }

    private static IEnumerable<JsonNode> Elements(DigestContent content, CardOptions options, Cut cut)
    {
        var language = Language.Of(content.Language);
        yield return CardElement.Container(
            content.Urgent ? "attention" : null,
            CardSpacing.Default,
            CardElement.Text(Title(content), new TextLook(TextSize.Medium, Bold: true, Heading: true, Colour: content.Urgent ? CardColour.Attention : CardColour.Default)),
            CardElement.Text(CardText.Of(content.Subtitle), new TextLook(TextSize.Small, Subtle: true, Spacing: CardSpacing.None)),
            CardElement.Text(CardText.Of(content.Headline), new TextLook(TextSize.ExtraLarge, Bold: true, Spacing: CardSpacing.Medium)));
        if (content.DataNote is { } note)
        {
            yield return CardElement.Container("warning", CardSpacing.Medium, CardElement.Text("⚠ " + CardText.Of(note)));
        }

        if (!content.Tiles.IsEmpty)
        {
            yield return CardTiles.SideBySide(content.Tiles, language);
            yield return CardTiles.Listed(content.Tiles, language);
        }

        if (cut.Chart && content.Chart is { } chart)
        {
            yield return CardChart.Of(chart, language, options.Version);
        }

        if (cut.Entries == 0)
        {
            yield return CardLists.Totals(content, language);
            yield break;
        }

        if (content.Audience == DigestAudience.Executive)
        {
            yield return CardLists.Decisions(content.Decisions, cut.Entries, language);
        }

        foreach (var section in content.Sections)
        {
            yield return CardLists.Section(section, cut.Entries, language);
        }
    }

    private static string Title(DigestContent content)
    {
        if (content.Part is not { } part)
        {
            return content.Title;
        }

        var language = Language.Of(content.Language);
        var which = language.Say("part-of", ("n", part.Number), ("total", part.Of)).ToPlainText();
        return language.Say("title.part", ("title", content.Title), ("part", which)).ToPlainText();
    }

    /// <param name="Entries">Most entries a list shows; 0 for totals alone.</param>
    private readonly record struct Cut(int Entries, bool Chart);
}
