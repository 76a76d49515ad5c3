using System.Text.Json.Nodes;

namespace Governance.Microsoft365.Teams;

internal enum TextSize
{
    Default,
    Small,
    Medium,
    Large,
    ExtraLarge,
}

internal enum CardColour
{
    Default,
    Good,
    Warning,
    Attention,
}

internal enum CardSpacing
{
    Default,
    None,
    Small,
    Medium,
    Large,
}

/// <summary>Looks of a piece of text.</summary>
/// <param name="Heading">True for what screen readers should announce as a heading.</param>
internal readonly record struct TextLook(
    TextSize Size = TextSize.Default,
    bool Bold = false,
    bool Subtle = false,
    bool Heading = false,
    CardSpacing Spacing = CardSpacing.Default,
    CardColour Colour = CardColour.Default);

/// <summary>Elements of the open Adaptive Card schema; each is given only properties that differ from its default.</summary>
/// <remarks>Source: adaptivecards.io schema explorer, versions 1.4 and 1.5.</remarks>
internal static class CardElement
{
    /// <param name="text">Card text: tenant text in it must have gone through <see cref="CardText"/>.</param>
    public static JsonObject Text(string text, TextLook look = default)
    {
        var block = Spaced(new JsonObject { ["type"] = "TextBlock", ["text"] = text, ["wrap"] = true }, look.Spacing);
        Set(block, "size", look.Size);
        Set(block, "color", look.Colour);
        if (look.Bold)
        {
            block["weight"] = "Bolder";
        }

        if (look.Subtle)
        {
            block["isSubtle"] = true;
        }

        if (look.Heading)
        {
            block["style"] = "heading";
        }

        return block;
    }

    /// <param name="style">Container style; null for none of its own.</param>
    public static JsonObject Container(string? style, CardSpacing spacing, params ReadOnlySpan<JsonNode?> items)
    {
        var container = Spaced(new JsonObject { ["type"] = "Container", ["items"] = new JsonArray([.. items]) }, spacing);
        if (style is not null)
        {
            container["style"] = style;
        }

        return container;
    }

    public static JsonObject Facts(IEnumerable<(string Title, string Value)> facts, CardSpacing spacing = CardSpacing.Default) => Spaced(
        new JsonObject
        {
            ["type"] = "FactSet",
            ["facts"] = new JsonArray([.. facts.Select(fact => new JsonObject { ["title"] = fact.Title, ["value"] = fact.Value })]),
        },
        spacing);

    public static JsonObject Columns(CardSpacing spacing, params ReadOnlySpan<JsonNode?> columns) =>
        Spaced(new JsonObject { ["type"] = "ColumnSet", ["columns"] = new JsonArray([.. columns]) }, spacing);

    /// <summary>A column as wide as what it holds.</summary>
    public static JsonObject Narrow(params ReadOnlySpan<JsonNode?> items) => Column("auto", items);

    /// <summary>A column that takes what room is left.</summary>
    public static JsonObject Wide(params ReadOnlySpan<JsonNode?> items) => Column("stretch", items);

    /// <summary>Shown only where there is room for several columns; clients that do not know the mark show it always.</summary>
    public static JsonObject OnlyWide(JsonObject element) => Marked(element, "atLeast:Standard");

    /// <summary>Shown only where there is room for one column.</summary>
    public static JsonObject OnlyNarrow(JsonObject element) => Marked(element, "atMost:Narrow");

    public static JsonObject OpenUrl(string title, Uri url) => new() { ["type"] = "Action.OpenUrl", ["title"] = title, ["url"] = url.AbsoluteUri };

    private static JsonObject Column(string width, ReadOnlySpan<JsonNode?> items) =>
        new() { ["type"] = "Column", ["width"] = width, ["items"] = new JsonArray([.. items]) };

    private static JsonObject Marked(JsonObject element, string width)
    {
        element["targetWidth"] = width;
        return element;
    }

    private static JsonObject Spaced(JsonObject element, CardSpacing spacing)
    {
        Set(element, "spacing", spacing);
        return element;
    }

    private static void Set<T>(JsonObject element, string name, T value)
        where T : struct, Enum
    {
        if (!EqualityComparer<T>.Default.Equals(value, default))
        {
            element[name] = value.ToString();
        }
    }
}
