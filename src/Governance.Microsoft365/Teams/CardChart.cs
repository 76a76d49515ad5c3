using System.Globalization;
using System.Text.Json.Nodes;
using Governance.Core.Digest;

namespace Governance.Microsoft365.Teams;

/// <summary>A chart beside its own numbers: Teams charts have no text for screen readers, and other clients do not draw them.</summary>
/// <remarks>Charts are not in the open schema, so they carry a fallback; a card of version 1.4 has only the numbers.</remarks>
internal static class CardChart
{
    public static JsonObject Of(DigestChart chart, Language language, string version)
    {
        var title = CardElement.Text(chart.Title, new TextLook(TextSize.Medium, Bold: true, Heading: true));
        var numbers = CardElement.Facts(chart.Points.Select(point => (point.Label, language.Number(point.Value))));
        return version == "1.4"
            ? CardElement.Container(null, CardSpacing.Medium, title, numbers)
            : CardElement.Columns(CardSpacing.Medium, CardElement.Wide(title, numbers), CardElement.OnlyWide(CardElement.Wide(Drawing(chart))));
    }

    private static JsonObject Drawing(DigestChart chart)
    {
        var donut = chart.Kind == ChartKind.Donut;
        return new JsonObject
        {
            ["type"] = donut ? "Chart.Donut" : "Chart.HorizontalBar",
            ["title"] = chart.Title,
            ["data"] = new JsonArray([.. chart.Points.Select(point => new JsonObject
            {
                [donut ? "legend" : "x"] = point.Label,
                [donut ? "value" : "y"] = JsonNode.Parse(point.Value.ToString(CultureInfo.InvariantCulture)),
                ["color"] = point.Tone switch { Tone.Good => "good", Tone.Warning => "warning", Tone.Bad => "attention", _ => "neutral" },
            })]),
            ["fallback"] = "drop",
        };
    }
}
