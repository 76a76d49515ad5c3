using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Core.Digest;

namespace Governance.Microsoft365.Teams;

/// <summary>Makes the body of one post to a Teams workflow out of a digest: one message with one Adaptive Card.</summary>
/// <remarks>Too large a card is cut in a fixed order: fewer lines a section, no chart, headline and figures alone.</remarks>
public static class DigestCard
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is left of a card at each step of cutting.</summary>
    private static readonly (int Lines, bool Chart, bool Sections)[] Steps =
        [(10, true, true), (6, true, true), (3, true, true), (3, false, true), (1, false, true), (0, false, false)];

    /// <returns>UTF-8 JSON within the budget, to be posted as it is.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">Not even the smallest form fits the budget.</exception>
    public static byte[] Body(DigestContent content, CardOptions options)
    {
        options.Validate();
        foreach (var (lines, chart, sections) in Steps)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(Message(Card(content, options, lines, chart, sections)), Relaxed);
            if (body.Length <= options.Budget)
            {
                return body;
            }
        }

        throw new InvalidOperationException($"the smallest card is larger than {options.Budget} bytes");
    }

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

    private static JsonObject Card(DigestContent content, CardOptions options, int lines, bool chart, bool sections)
    {
        var body = new JsonArray
        {
            CardElements.Text(content.Title, size: "Large", weight: "Bolder", heading: true),
            CardElements.Text(CardText.Of(content.Subtitle), subtle: true, spacing: "None"),
            CardElements.Text(CardText.Of(content.Headline), size: "Medium", weight: "Bolder", spacing: "Medium"),
        };
        if (content.DataNote is { } note)
        {
            body.Add(CardElements.Container("warning", CardElements.Text("⚠ " + CardText.Of(note))));
        }

        body.Add(CardElements.Tiles(content.Tiles));
        body.Add(CardElements.TileFacts(content.Tiles));
        if (chart && content.Chart is { } figure)
        {
            body.Add(CardElements.Chart(figure, options.Version));
        }

        if (sections)
        {
            var language = Language.Of(content.Language);
            if (content.Audience == DigestAudience.Executive)
            {
                body.Add(CardElements.Decisions(content, language));
            }

            foreach (var section in content.Sections)
            {
                body.Add(CardElements.Section(section, lines, language));
            }
        }

        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = options.Version,
            ["lang"] = content.Language,
            ["fallbackText"] = $"{content.Title}: {CardText.Plain(content.Headline)}",
            ["speak"] = $"{content.Title}: {CardText.Plain(content.Headline)}",
            ["msteams"] = new JsonObject { ["width"] = "full" },
            ["body"] = body,
        };
        if (options.Report is { } report)
        {
            card["actions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Action.OpenUrl",
                ["title"] = content.OpenReport,
                ["url"] = report.AbsoluteUri,
            });
        }

        return card;
    }
}
