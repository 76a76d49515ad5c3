using System.Text.Json;
using Governance.Core.Digest;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Report;

namespace Governance.EndToEnd.Tests.Browser;

/// <summary>The report as people meet it: WCAG 2 A and AA by axe, width, keyboard, with and without script, and silence on the wire.</summary>
[Collection(DemoCollection.Name)]
public sealed class ReportInBrowserTests(DemoData demo)
{
    private string Page(string language) => demo.File($"report.{language}.html");

    [BrowserFact]
    public async Task The_demo_s_report_is_accessible_and_fits_in_every_language_light_and_dark_wide_and_narrow()
    {
        var looks =
            from language in Language.Tags
            from dark in new[] { false, true }
            from width in new[] { 1280, 400 }
            select (object)new { act = "look", file = Page(language), width, dark };

        var seen = await Chromium.LookAsync([.. looks]);

        Assert.Equal(16, seen.Length);
        Assert.All(seen, Clean);
        Assert.All(seen, look => Assert.InRange(look.GetProperty("height").GetInt32(), 3_000, look.GetProperty("width").GetInt32() == 400 ? 18_000 : 12_000));
    }

    [BrowserFact]
    public async Task What_is_folded_away_is_as_accessible_and_fits_as_well()
    {
        var seen = await Chromium.LookAsync(
            new { act = "unfolded", file = Page("de"), width = 400, dark = true }, new { act = "unfolded", file = Page("fr"), width = 1280, dark = false });

        Assert.All(seen, Clean);
    }

    [BrowserFact]
    public async Task Hostile_names_widen_nothing_and_run_nothing()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["hostile.html"], await Report.Page.BytesAsync(Sample.Facts(names: [.. Hostile.Names, new string('W', 120), new string('市', 120)], departments: ["Marketing", "<img src=x onerror=alert(1)>"])));

        var seen = await Chromium.LookAsync(new { act = "unfolded", file = folder["hostile.html"], width = 400 }, new { act = "look", file = folder["hostile.html"], width = 1280 });

        Assert.All(seen, Clean);
    }

    [BrowserFact]
    public async Task Tables_can_be_sorted_and_filtered_over_all_their_rows()
    {
        var seen = (await Chromium.LookAsync(new { act = "use", file = Page("en"), width = 1280 }))[0];

        string[] Names(string of) => [.. seen.GetProperty(of).EnumerateArray().Select(name => name.GetString()!)];
        Assert.Equal("ascending", seen.GetProperty("mark").GetString());
        Assert.NotEqual(Names("before"), Names("sorted"));
        Assert.True(string.Compare(Names("sorted")[0], Names("sorted")[^1], StringComparison.OrdinalIgnoreCase) < 0);
        Assert.True(string.Compare(Names("turned")[0], Names("sorted")[^1], StringComparison.OrdinalIgnoreCase) > 0, "turning the order shows rows that were folded away");
        Assert.Contains(Names("before")[0], Names("filtered"));
        Assert.StartsWith($"{Names("filtered").Length} of ", seen.GetProperty("said").GetString(), StringComparison.Ordinal);
        Assert.Empty(seen.GetProperty("troubles").EnumerateArray());
    }

    [BrowserFact]
    public async Task Without_script_every_row_is_there_and_nothing_that_would_not_work()
    {
        var seen = (await Chromium.LookAsync(new { act = "plain", file = Page("en"), width = 1280, script = false }))[0];

        Assert.Equal((0, 0), (seen.GetProperty("buttons").GetInt32(), seen.GetProperty("filters").GetInt32()));
        Assert.True(seen.GetProperty("rows").GetInt32() > 100 && seen.GetProperty("findings").GetInt32() > 100);
        Assert.Equal(seen.GetProperty("rows").GetInt32(), seen.GetProperty("shown").GetInt32());
    }

    [BrowserFact]
    public async Task On_paper_every_table_has_its_name()
    {
        var seen = (await Chromium.LookAsync(new { act = "paper", file = Page("en"), width = 800 }))[0];

        Assert.True(seen.GetProperty("tables").GetInt32() > 5);
        Assert.Equal([], seen.GetProperty("unnamed").EnumerateArray().Select(table => table.GetString()));
    }

    [BrowserFact]
    public async Task The_keyboard_reaches_everything_in_order_and_shows_where_it_is()
    {
        var seen = (await Chromium.LookAsync(new { act = "keys", file = Page("en"), width = 1280 }))[0];

        Assert.True(seen.GetProperty("wanted").GetInt32() > 50);
        Assert.Equal(seen.GetProperty("wanted").GetInt32(), seen.GetProperty("reached").GetInt32());
        Assert.True(seen.GetProperty("inOrder").GetBoolean());
        Assert.Equal(0, seen.GetProperty("unseen").GetInt32());
    }

    [BrowserFact]
    public async Task The_checks_find_a_page_that_is_not_accessible_too_wide_and_talks()
    {
        using var folder = new TemporaryFolder();
        folder.Write("bad.html", "<!DOCTYPE html><html><body><main><p style='width:2000px;color:#999;background:#aaa'>pale</p><img src='http://127.0.0.1:9/x.png'></main></body></html>");

        var seen = (await Chromium.LookAsync(new { act = "look", file = folder["bad.html"], width = 400 }))[0];

        var rules = string.Join('\n', seen.GetProperty("violations").EnumerateArray().Select(violation => violation.GetString()));
        Assert.Contains("color-contrast", rules, StringComparison.Ordinal);
        Assert.Contains("html-has-lang", rules, StringComparison.Ordinal);
        Assert.Contains("image-alt", rules, StringComparison.Ordinal);
        Assert.True(seen.GetProperty("sideways").GetInt32() > 1000);
        Assert.Contains(seen.GetProperty("troubles").EnumerateArray(), trouble => trouble.GetString()!.StartsWith("request: http://127.0.0.1:9", StringComparison.Ordinal));
    }

    private static void Clean(JsonElement look)
    {
        var where = $"{Path.GetFileName(look.GetProperty("file").GetString())}, {look.GetProperty("width")} wide: ";
        string[] Texts(string of) => [.. look.GetProperty(of).EnumerateArray().Select(text => where + text.GetString())];
        Assert.Empty(Texts("violations"));
        Assert.Empty(Texts("troubles"));
        Assert.True(look.GetProperty("sideways").GetInt32() == 0, $"{where}{look.GetProperty("sideways")} px too wide");
        Assert.True(look.GetProperty("checked").GetInt32() > 500);
    }
}
