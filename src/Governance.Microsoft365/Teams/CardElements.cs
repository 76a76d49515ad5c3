using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Governance.Core.Digest;

namespace Governance.Microsoft365.Teams;

/// <summary>The parts of a digest card. An element outside the open schema carries a fallback.</summary>
internal static class CardElements
{
    private const int TilesInARow = 3;

    public static JsonObject Text(string text, string size = "Default", string weight = "Default", bool subtle = false, bool heading = false, string spacing = "Default", string colour = "Default")
    {
        var block = new JsonObject { ["type"] = "TextBlock", ["text"] = text, ["wrap"] = true };
        Add(block, "size", size);
        Add(block, "weight", weight);
        Add(block, "spacing", spacing);
        Add(block, "color", colour);
        if (subtle)
        {
            block["isSubtle"] = true;
        }

        if (heading)
        {
            block["style"] = "heading";
        }

        return block;
    }

    public static JsonObject Container(string style, params ReadOnlySpan<JsonNode> items)
    {
        var container = new JsonObject { ["type"] = "Container", ["style"] = style, ["spacing"] = "Medium", ["items"] = new JsonArray([.. items]) };
        return container;
    }

    /// <summary>Tiles side by side, for wide cards.</summary>
    public static JsonObject Tiles(ImmutableArray<DigestTile> tiles)
    {
        var rows = tiles.Chunk(TilesInARow).Select(row => (JsonNode)new JsonObject
        {
            ["type"] = "ColumnSet",
            ["spacing"] = "Medium",
            ["columns"] = new JsonArray([.. row.Select(Tile), .. Enumerable.Repeat(0, TilesInARow - row.Length).Select(_ => Blank())]),
        });
        return new JsonObject { ["type"] = "Container", ["targetWidth"] = "atLeast:Standard", ["items"] = new JsonArray([.. rows]) };
    }

    /// <summary>The same figures as a list, for narrow cards.</summary>
    public static JsonObject TileFacts(ImmutableArray<DigestTile> tiles) => new()
    {
        ["type"] = "FactSet",
        ["targetWidth"] = "atMost:Narrow",
        ["facts"] = new JsonArray([.. tiles.Select(tile => new JsonObject
        {
            ["title"] = tile.Label,
            ["value"] = $"**{tile.Value}** {Mark(tile)} {Notes(tile)}",
        })]),
    };

    /// <summary>A Teams chart, with its numbers as facts wherever charts are not known.</summary>
    public static JsonNode Chart(DigestChart chart, string version)
    {
        var facts = Container("default", Text(chart.Title, weight: "Bolder"), new JsonObject
        {
            ["type"] = "FactSet",
            ["facts"] = new JsonArray([.. chart.Points.Select(point => new JsonObject { ["title"] = point.Label, ["value"] = point.Value.ToString("0.#") })]),
        });
        if (version == "1.4")
        {
            return facts;
        }

        var donut = chart.Kind == ChartKind.Donut;
        return new JsonObject
        {
            ["type"] = donut ? "Chart.Donut" : "Chart.HorizontalBar",
            ["title"] = chart.Title,
            ["showTitle"] = true,
            ["data"] = new JsonArray([.. chart.Points.Select(point => new JsonObject
            {
                [donut ? "legend" : "x"] = point.Label,
                [donut ? "value" : "y"] = point.Value,
                ["color"] = point.Tone switch { Tone.Good => "good", Tone.Warning => "warning", Tone.Bad => "attention", _ => "neutral" },
            })]),
            ["fallback"] = facts,
        };
    }

    public static JsonObject Section(DigestSection section, int lines, Language language)
    {
        var shown = section.Lines.Take(lines).ToArray();
        var items = new List<JsonNode> { Text(section.Title, weight: "Bolder", heading: true, spacing: "Medium") };
        items.AddRange(shown.Select(line => Text("• " + CardText.Of(line.Text), spacing: "Small", colour: Colour(line.Tone))));
        if (section.Total == 0)
        {
            items.Add(Text(section.Empty, subtle: true, spacing: "Small"));
        }
        else if (section.Total > shown.Length)
        {
            items.Add(Text(CardText.Of(language.Say("more", ("n", section.Total - shown.Length))), subtle: true, spacing: "Small"));
        }

        return Container("default", [.. items]);
    }

    public static JsonObject Decisions(DigestContent content, Language language)
    {
        var items = new List<JsonNode> { Text(language.Text("section.decisions"), weight: "Bolder", heading: true) };
        var number = 0;
        foreach (var decision in content.Decisions)
        {
            items.Add(Text($"**{++number}**  {CardText.Of(decision.Text)}", spacing: "Small"));
            items.Add(Text($"{CardText.Of(decision.Owner)}, {decision.DueText}", subtle: true, spacing: "None"));
        }

        if (number == 0)
        {
            items.Add(Text(language.Text("decision.none"), subtle: true, spacing: "Small"));
        }

        return Container("emphasis", [.. items]);
    }

    private static JsonObject Tile(DigestTile tile) => new()
    {
        ["type"] = "Column",
        ["width"] = "stretch",
        ["items"] = new JsonArray(
            Text(tile.Label, subtle: true),
            Text($"{tile.Value} {Mark(tile)}".TrimEnd(), size: "ExtraLarge", weight: "Bolder", spacing: "None", colour: Colour(tile.Tone)),
            Text(Notes(tile), size: "Small", subtle: true, spacing: "None")),
    };

    private static JsonObject Blank() => new() { ["type"] = "Column", ["width"] = "stretch", ["items"] = new JsonArray() };

    private static string Notes(DigestTile tile)
    {
        var language = tile.Target is null ? tile.Trend : $"{tile.Trend}, {tile.Target}";
        return tile.Complete ? language : language + " ⚠";
    }

    private static string Mark(DigestTile tile) => tile.Direction switch
    {
        Governance.Core.Kpis.Trend.Up => "▲",
        Governance.Core.Kpis.Trend.Down => "▼",
        _ => string.Empty,
    };

    private static string Colour(Tone tone) => tone switch
    {
        Tone.Good => "Good",
        Tone.Warning => "Warning",
        Tone.Bad => "Attention",
        _ => "Default",
    };

    private static void Add(JsonObject block, string name, string value)
    {
        if (value != "Default")
        {
            block[name] = value;
        }
    }
}
