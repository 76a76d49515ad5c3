using System.Text.Json;
using Governance.Core.Digest;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Report;

namespace Governance.EndToEnd.Tests.Browser;

/// <summary>Cards as the open renderer draws them in a browser: valid, whole at every width, and without anything that a name smuggled in.</summary>
[Collection(DemoCollection.Name)]
public sealed class CardsInBrowserTests(DemoData demo, HostileTenant hostile) : IClassFixture<HostileTenant>
{
    [BrowserFact]
    public async Task The_demo_s_cards_are_valid_and_no_text_is_cut_in_any_language_light_and_dark_wide_and_narrow()
    {
        var asked =
            from language in Language.Tags
            from audience in new[] { "executive", "security" }
            from look in new[] { (720, false), (720, true), (340, false), (340, true) }
            select (object)new { file = demo.File($"card.{audience}.{language}.json"), width = look.Item1, dark = look.Item2 };

        var seen = await DrawAsync([.. asked]);

        Assert.Equal(32, seen.Length);
        Assert.All(seen, Whole);
        Assert.All(seen, card => Assert.Contains("55", card.GetProperty("text").GetString(), StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task HD_1_and_HD_2_names_that_hold_markup_draw_nothing_but_text()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.json", hostile.Cards[0].Output);
        folder.Write("b.json", hostile.Cards[1].Output.Split('\n')[0]);

        var seen = await DrawAsync(new { file = folder["a.json"], width = 720 }, new { file = folder["b.json"], width = 340 });

        Assert.All(seen, Whole);
        Assert.All(seen, card => Assert.Equal(0, card.GetProperty("links").GetInt32()));
        Assert.Contains("<script>alert(1)</script>", seen[1].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_card_that_is_not_valid_is_noticed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("bad.json", """{"attachments":[{"content":{"type":"AdaptiveCard","version":"1.5","lang":"en","body":[{"type":"TextBlock","text":"x","size":"Enormous"},{"type":"Chart.Pie"}]}}]}""");

        var problems = (await DrawAsync(new { file = folder["bad.json"], width = 720 }))[0].GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!).ToArray();

        Assert.Contains(problems, problem => problem.Contains("Enormous", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Chart.Pie", StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task A_preview_can_be_a_picture_of_the_whole_card()
    {
        using var folder = new TemporaryFolder();
        var wide = await Run.Of("digest", "preview", "--picture", folder["wide.png"], "--data", demo.Data);
        var narrow = await Run.Of("digest", "preview", "--picture", folder["narrow.png"], "--width", "380", "--language", "zh-Hans", "--data", demo.Data);
        if (wide.Code == 2 && wide.Notes.Contains("needs Chromium", StringComparison.Ordinal))
        {
            // The browser of the package is not one that people have; then the advice is what is shown.
            Assert.Contains("--html", wide.Notes, StringComparison.Ordinal);
            return;
        }

        Assert.True(wide.Code == 0 && narrow.Code == 0, wide.Notes + narrow.Notes);
        Assert.Equal((1520, 760), (Size(folder["wide.png"]).Width, Size(folder["narrow.png"]).Width));
        Assert.InRange(Size(folder["wide.png"]).Height, 1_700, 8_000);
        Assert.InRange(Size(folder["narrow.png"]).Height, 2_000, 9_000);
    }

    /// <summary>Width and height in the header of a PNG.</summary>
    private static (int Width, int Height) Size(string file)
    {
        var header = File.ReadAllBytes(file).AsSpan(0, 24);
        Assert.Equal("PNG"u8, header[1..4]);
        return (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header[16..]), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header[20..]));
    }

    private static async Task<JsonElement[]> DrawAsync(params object[] asked) =>
        [.. JsonDocument.Parse(await Chromium.Tools.RunAsync("cards.mjs", JsonSerializer.Serialize(asked))).RootElement.EnumerateArray()];

    /// <summary>Valid but for the charts of Teams, which carry a fallback; nothing cut, nothing asked for.</summary>
    private static void Whole(JsonElement card)
    {
        string[] Texts(string of) => [.. card.GetProperty(of).EnumerateArray().Select(text => $"{Path.GetFileName(card.GetProperty("file").GetString())}, {card.GetProperty("width")} wide: {text.GetString()}")];
        Assert.DoesNotContain(Texts("problems"), problem => !problem.Contains("Unknown element type \"Chart.", StringComparison.Ordinal));
        Assert.Empty(Texts("clipped"));
        Assert.Empty(Texts("requests"));
        Assert.Equal(0, card.GetProperty("sideways").GetInt32());
    }
}
