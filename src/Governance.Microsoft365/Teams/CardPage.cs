using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Governance.Microsoft365.Teams;

/// <summary>Draws a card as a web page, to look at before it is posted. Teams draws it a little differently, and draws charts.</summary>
public static partial class CardPage
{
    private const string Style = """
        body{margin:0;background:#f5f5f5;font:14px/1.4 'Segoe UI',system-ui,sans-serif;color:#242424}
        main{background:#fff;max-width:720px;margin:24px auto;padding:16px;border-radius:6px;box-shadow:0 1px 4px #0003}
        p,dl{margin:8px 0 0}p.None{margin-top:0}p.Small{margin-top:4px}.subtle{color:#616161}.bold{font-weight:600}
        .sSmall{font-size:12px}.sMedium{font-size:16px}.sLarge{font-size:18px}.sExtraLarge{font-size:24px}
        .Good{color:#237b4b}.Warning{color:#835c00}.Attention{color:#c4314b}
        .box{margin-top:20px}.box>:first-child{margin-top:0}.emphasis,.attention,.warning{padding:12px;border-radius:4px}.emphasis{background:#f5f5f5}.attention{background:#fcf4f6}.warning{background:#fbf6d9}
        .row{display:flex;gap:10px;margin-top:8px}.row.Small{margin-top:6px}.row.Medium{margin-top:18px}.stretch{flex:1;min-width:0}.auto{flex:none}.row p:first-child{margin-top:0}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px}dt{font-weight:600}dd{margin:0}
        .narrow{display:none}@media(max-width:480px){.narrow{display:block}.wide{display:none}main{margin:0}}
        """;

    /// <param name="bodies">What <see cref="DigestCard.Bodies"/> made; at least one.</param>
    public static string Of(IReadOnlyList<byte[]> bodies)
    {
        var cards = bodies.Select(body => JsonDocument.Parse(body).RootElement.GetProperty("attachments")[0].GetProperty("content")).ToArray();
        var card = cards[0];
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"").Append(Safe(card.GetProperty("lang").GetString()!))
            .Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>")
            .Append(Safe(card.GetProperty("fallbackText").GetString()!)).Append("</title><style>").Append(Style).Append("</style></head><body>");
        foreach (var message in cards)
        {
            Message(html, message);
        }

        return html.Append("</body></html>\n").ToString();
    }

    private static void Message(StringBuilder html, JsonElement card)
    {
        html.Append("<main>");
        All(html, card.GetProperty("body"));
        if (card.TryGetProperty("actions", out var actions))
        {
            foreach (var action in actions.EnumerateArray())
            {
                html.Append("<p><a rel=\"noreferrer\" href=\"").Append(Safe(action.GetProperty("url").GetString()!)).Append("\">")
                    .Append(Safe(action.GetProperty("title").GetString()!)).Append("</a></p>");
            }
        }

        html.Append("</main>");
    }

    private static void All(StringBuilder html, JsonElement elements)
    {
        foreach (var element in elements.EnumerateArray())
        {
            One(html, element);
        }
    }

    private static void One(StringBuilder html, JsonElement element)
    {
        switch (Of(element, "type"))
        {
            case "TextBlock":
                var tag = Of(element, "style") == "heading" ? "p role=\"heading\" aria-level=\"2\"" : "p";
                html.Append('<').Append(tag).Append(" class=\"").Append(Of(element, "spacing")).Append(" s").Append(Of(element, "size")).Append(' ').Append(Of(element, "color"))
                    .Append(element.TryGetProperty("isSubtle", out _) ? " subtle" : string.Empty).Append(element.TryGetProperty("weight", out _) ? " bold" : string.Empty)
                    .Append("\">").Append(Text(Of(element, "text"))).Append("</p>");
                break;
            case "Container":
                html.Append("<div class=\"box ").Append(Of(element, "style")).Append(' ').Append(Width(element)).Append("\">");
                All(html, element.GetProperty("items"));
                html.Append("</div>");
                break;
            case "ColumnSet":
                html.Append("<div class=\"row ").Append(Of(element, "spacing")).Append(' ').Append(Width(element)).Append("\">");
                foreach (var column in element.GetProperty("columns").EnumerateArray())
                {
                    html.Append("<div class=\"").Append(Of(column, "width")).Append(' ').Append(Width(column)).Append("\">");
                    All(html, column.GetProperty("items"));
                    html.Append("</div>");
                }

                html.Append("</div>");
                break;
            case "FactSet":
                html.Append("<div class=\"").Append(Width(element)).Append("\"><dl>");
                foreach (var fact in element.GetProperty("facts").EnumerateArray())
                {
                    html.Append("<dt>").Append(Text(Of(fact, "title"))).Append("</dt><dd>").Append(Text(Of(fact, "value"))).Append("</dd>");
                }

                html.Append("</dl></div>");
                break;
        }
    }

    private static string Of(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? string.Empty : string.Empty;

    private static string Width(JsonElement element) => Of(element, "targetWidth") switch
    {
        "atMost:Narrow" => "narrow",
        "" => string.Empty,
        _ => "wide",
    };

    /// <summary>Reads the little Markdown that our cards use: bold, breaks and backslashes.</summary>
    private static string Text(string markdown) => string.Concat(Marked().Matches(markdown).Select(part =>
        part.Groups["bold"].Success ? $"<b>{Safe(Bare(part.Groups["bold"].Value))}</b>"
        : part.Value == "\n\n" ? "<br>"
        : Safe(Bare(part.Value))));

    private static string Bare(string text) => Escape().Replace(text, "$1");

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);

    [GeneratedRegex(@"(?<!\\)\*\*(?<bold>(?:\\.|[^*\\])+)\*\*|\n\n|(?:\\.|(?!\*\*|\n\n)[\s\S])+|\*\*")]
    private static partial Regex Marked();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
