using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Governance.Core.Digest;
using Governance.Core.Kpis;

namespace Governance.Microsoft365.Teams;

/// <summary>Figures of a digest: side by side where there is room, else as a list.</summary>
internal static class CardTiles
{
    private const int InARow = 3;

    public static JsonObject SideBySide(ImmutableArray<DigestTile> tiles, Language language) => CardElement.OnlyWide(CardElement.Container(
        null,
        CardSpacing.Medium,
        [
            .. tiles.Chunk(InARow).Select(row => CardElement.Columns(
                CardSpacing.Medium,
                [.. row.Select(tile => Tile(tile, language)), .. Enumerable.Range(row.Length, InARow - row.Length).Select(_ => CardElement.Wide())])),
        ]));

    public static JsonObject Listed(ImmutableArray<DigestTile> tiles, Language language) => CardElement.OnlyNarrow(CardElement.Facts(
        tiles.Select(tile => (tile.Label, $"**{Value(tile)}**\n\n{string.Join(language.Text("report.comma"), Notes(tile, language))}")), CardSpacing.Medium));

    private static JsonObject Tile(DigestTile tile, Language language) => CardElement.Wide(
    [
        CardElement.Text(tile.Label, new TextLook(Subtle: true)),
        CardElement.Text(Value(tile), new TextLook(TextSize.ExtraLarge, Bold: true, Spacing: CardSpacing.None, Colour: ColourOf(tile.Tone))),
        .. Notes(tile, language).Select(note => CardElement.Text(note, new TextLook(TextSize.Small, Subtle: true, Spacing: CardSpacing.None))),
    ]);

    private static string Value(DigestTile tile) => tile.Direction switch
    {
        Trend.Up => $"{tile.Value} ↗",
        Trend.Down => $"{tile.Value} ↘",
        _ => tile.Value,
    };

    /// <summary>Says in words what colour and arrow say.</summary>
    private static IEnumerable<string> Notes(DigestTile tile, Language language)
    {
        if (tile.Target is { } target)
        {
            yield return tile.Tone switch
            {
                Tone.Good => $"{target}{language.Text("report.comma")}{language.Text("target.met")}",
                Tone.Bad => $"{target}{language.Text("report.comma")}{language.Text("target.missed")}",
                _ => target,
            };
        }

        yield return tile.Trend;
        if (!tile.Complete)
        {
            yield return $"⚠ {language.Text("incomplete")}";
        }
    }

    public static CardColour ColourOf(Tone tone) => tone switch
    {
        Tone.Good => CardColour.Good,
        Tone.Warning => CardColour.Warning,
        Tone.Bad => CardColour.Attention,
        _ => CardColour.Default,
    };
}
