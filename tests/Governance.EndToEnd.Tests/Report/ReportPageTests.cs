using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Governance.Core;
using Governance.Core.Consents;
using Governance.Core.Digest;
using Governance.Core.Kpis;
using Governance.Core.Policy;

namespace Governance.EndToEnd.Tests.Report;

public sealed class ReportPageTests
{
    public static TheoryData<string> Languages => [.. Language.Tags];

    [Fact]
    public async Task Hostile_names_leave_the_elements_of_the_page_as_they_are()
    {
        var harmless = await Page.OfAsync(Sample.Facts(
            names: [.. Hostile.Names.Select((_, at) => $"Tool {at}")], departments: ["Marketing", "Sales", "Design"], tenant: "Brightwave"));

        var hostile = await Page.OfAsync(Sample.Facts(
            names: Hostile.Names, departments: ["<b>Marketing", "\"><script>alert(1)</script>", "</svg><img src=x onerror=alert(1)>"], tenant: "</title><script>alert(1)</script>"));

        Assert.Equal(Page.Tree(harmless), Page.Tree(hostile));
    }

    [Fact]
    public async Task A_part_whose_source_states_no_count_does_not_claim_that_counts_agree()
    {
        var page = await Page.OfAsync(Sample.Facts());

        string Why(string part) => page.QuerySelectorAll("table[aria-labelledby=read-title] tbody tr").Single(row => row.Children[0].TextContent == part).Children[4].TextContent;
        Assert.Equal("Everything was read and the counts agree.", Why("apps"));
        Assert.Equal("Every page was read; the source states no count to compare with.", Why("application permissions"));
    }

    [Fact]
    public async Task Ten_thousand_hostile_names_are_shown_as_the_text_they_are()
    {
        foreach (var names in Hostile.Texts(10_000).Chunk(1_000))
        {
            var facts = Sample.Facts(apps: names.Length, scans: 1, names: names);
            var page = await Page.OfAsync(facts);

            var shown = page.QuerySelectorAll("#app-table tbody tr, #app-table-rest tbody tr, #first-party-table tbody tr")
                .Select(row => row.Children[0].Children[0]).Select(name => (name.LocalName, name.TextContent)).Order().ToArray();

            var expected = facts.State.Apps
                .Select(app => app.App.Principal.Name)
                .Select(name => TenantText.Plain(name).Length == 0 ? ("em", "(app without a name)") : ("bdi", TenantText.Visible(name, 120)))
                .Order().ToArray();
            Assert.Equal(expected, shown);
        }
    }

    [Fact]
    public async Task The_page_asks_nobody_for_anything()
    {
        var page = await Page.OfAsync(Sample.Facts(names: Hostile.Names));

        var addresses = page.All.SelectMany(element => element.Attributes)
            .Where(attribute => attribute.Name is "href" or "src" or "srcset" or "action" or "formaction" or "data" or "xlink:href" or "poster")
            .Select(attribute => attribute.Value).ToArray();
        Assert.NotEmpty(addresses);
        Assert.All(addresses, address => Assert.True(address.StartsWith('#') || address == "data:,", address));
        Assert.DoesNotContain(page.All, element => element.LocalName is "iframe" or "object" or "embed" or "img" or "form" or "base");
        Assert.DoesNotContain(page.All.SelectMany(element => element.Attributes), attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal) || attribute.Name == "style");
        Assert.All(Regex.Matches(page.QuerySelector("style")!.TextContent, @"url\(([^)]*)\)|@import"), match => Assert.StartsWith("#", match.Groups[1].Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_content_security_policy_lets_run_the_one_style_and_the_one_script_and_nothing_else()
    {
        var page = await Page.OfAsync(Sample.Facts());

        var policy = page.QuerySelector("meta[http-equiv=Content-Security-Policy]")!.GetAttribute("content")!
            .Split(';', StringSplitOptions.TrimEntries).Select(part => part.Split(' ', 2)).ToDictionary(part => part[0], part => part[1]);
        Assert.Equal("'none'", policy["default-src"]);
        Assert.Equal(HashOf(Assert.Single(page.QuerySelectorAll("style"))), policy["style-src"]);
        Assert.Equal(HashOf(Assert.Single(page.QuerySelectorAll("script"))), policy["script-src"]);
        Assert.Equal("data:", policy["img-src"]);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_page_is_in_one_language_from_its_first_word_to_its_last(string tag)
    {
        var facts = Sample.Facts(departments: ["D1", "D2", "D3"], partial: [InventoryPart.Users, InventoryPart.AppRoleAssignments]);
        var page = await Page.OfAsync(facts, tag);

        var texts = OwnWords(page);
        Assert.Equal(tag, page.DocumentElement.GetAttribute("lang"));
        Assert.DoesNotContain(texts, text => Regex.IsMatch(text, @"^[a-z-]+\.[A-Za-z-]+(\.[a-z-]+)*$") || Regex.IsMatch(text, @"\{[a-z]+\}"));
        if (tag != "en")
        {
            var english = Language.Of("en");
            var here = Language.Of(tag);
            var foreign = english.Keys
                .Where(key => english.Has(key) && Words(english, key) is { Length: > 3 } words && Words(here, key) != words)
                .Select(key => Words(english, key)!)
                .Except(here.Keys.Select(key => Words(here, key)).OfType<string>(), StringComparer.Ordinal)
                .Concat(facts.State.Kpis.Select(kpi => kpi.Note).OfType<string>())
                .Concat(facts.State.LastScan.Parts.Select(part => part.Reason).OfType<string>())
                .Concat(facts.State.Findings.Select(finding => finding.Title))
                .ToHashSet(StringComparer.Ordinal);
            Assert.DoesNotContain(texts, foreign.Contains);
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Every_kpi_is_defined_once_and_every_link_leads_somewhere(string tag)
    {
        var facts = Sample.Facts();
        var page = await Page.OfAsync(facts, tag);

        Assert.All(facts.Digest.Kpis, kpi => Assert.Single(page.QuerySelectorAll($"[id='kpi-{kpi.Id}']")));
        Assert.All(page.QuerySelectorAll("a"), link => Assert.NotNull(page.GetElementById(link.GetAttribute("href")![1..])));
        Assert.All(page.QuerySelectorAll(".tile .value"), value => Assert.StartsWith("#kpi-", value.QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal));
        Assert.All(page.QuerySelectorAll("figure"), chart => Assert.NotEmpty(chart.QuerySelectorAll("a[href^='#kpi-']")));
        var ids = page.All.Select(element => element.Id).Where(id => !string.IsNullOrEmpty(id)).ToArray();
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(
            page.All.SelectMany(element => (element.GetAttribute("aria-labelledby") ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            id => Assert.NotNull(page.GetElementById(id)));
    }

    [Fact]
    public async Task The_report_of_five_hundred_apps_over_ninety_scans_stays_below_a_million_bytes()
    {
        var page = await Page.BytesAsync(Sample.Facts(apps: 500, scans: 90), "de");

        Assert.InRange(page.Length, 100_000, 999_999);
    }

    [Fact]
    public async Task Tables_without_a_script_have_the_heaviest_row_first()
    {
        var page = await Page.OfAsync(Sample.Facts(apps: 200));

        var risks = page.QuerySelectorAll("#app-table tbody tr, #app-table-rest tbody tr").Select(row => Number(row.Children[3])).ToArray();
        var severities = page.QuerySelectorAll("#finding-table tbody tr, #finding-table-rest tbody tr").Select(row => Number(row.Children[0])).ToArray();
        Assert.Equal(risks.OrderDescending(), risks);
        Assert.Equal(severities.OrderDescending(), severities);
        Assert.True(risks.Length > 100 && severities.Distinct().Count() > 2);
    }

    [Fact]
    public async Task Long_tables_begin_with_the_heaviest_rows_and_fold_the_others_away()
    {
        var page = await Page.OfAsync(Sample.Facts(apps: 500));

        foreach (var table in new[] { "app-table", "finding-table" })
        {
            Assert.Equal(15, page.QuerySelectorAll($"#{table} tbody tr").Length);
            var fold = Assert.Single(page.QuerySelectorAll($"details[data-of={table}]"));
            Assert.False(fold.HasAttribute("open"));
            Assert.Contains(fold.QuerySelectorAll("tbody tr").Length.ToString(CultureInfo.InvariantCulture), fold.QuerySelector("summary")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Headings_go_down_one_level_at_a_time_and_landmarks_are_there()
    {
        var page = await Page.OfAsync(Sample.Facts());

        var levels = page.QuerySelectorAll("h1,h2,h3,h4,h5,h6").Select(heading => heading.LocalName[1] - '0').ToArray();
        Assert.Single(levels, 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
        Assert.All(new[] { "header", "nav", "main", "footer" }, name => Assert.Single(page.QuerySelectorAll(name)));
        Assert.Equal("#main", page.QuerySelector("a")!.GetAttribute("href"));
        Assert.All(page.QuerySelectorAll("figure svg[role=img]"), drawing =>
            Assert.True(drawing.QuerySelector("title")!.TextContent.Length > 0 && drawing.QuerySelector("desc")!.TextContent.Length > 0));
        Assert.All(page.QuerySelectorAll("figure"), chart => Assert.NotNull(chart.QuerySelector("details table")));
    }

    [Fact]
    public async Task A_small_group_is_told_neither_by_a_count_nor_by_a_share()
    {
        var page = await Page.OfAsync(Sample.Facts(smallestGroup: 5));

        var count = page.GetElementById("kpi-exposed-users-marketing")!.Children;
        var share = page.GetElementById("kpi-exposed-users-marketing-share")!.Children;
        Assert.Equal("< 5", count[1].TextContent);
        Assert.Equal("< 4.2%", share[1].TextContent);
        Assert.StartsWith("< 4.2%", share[2].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Departments_below_the_smallest_group_are_summed_up()
    {
        var facts = Sample.Facts(departments: ["Marketing", "Tiny"], peopleUpTo: 8, smallestGroup: 5);

        var labels = (await Page.OfAsync(facts)).QuerySelectorAll("[aria-labelledby='chart-departments'] tbody th").Select(cell => cell.TextContent).ToArray();

        Assert.Contains("Marketing", labels);
        Assert.DoesNotContain("Tiny", labels);
        Assert.Contains("smaller groups", labels);
    }

    [Fact]
    public async Task Evidence_counts_people_as_coarsely_as_the_rest_of_the_page()
    {
        var page = await Page.OfAsync(Sample.Facts(departments: ["Marketing"], peopleUpTo: 2));

        var people = page.QuerySelectorAll("#finding-table li, #finding-table-rest li").Select(item => item.TextContent).Where(text => text.StartsWith("people", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(people);
        Assert.All(people, text => Assert.True(text.Contains("fewer than 5", StringComparison.Ordinal) || text.Contains("600", StringComparison.Ordinal), text));
    }

    [Fact]
    public async Task Without_ai_tools_the_page_says_so_and_draws_no_bars()
    {
        var page = await Page.OfAsync(Sample.Facts(apps: 0));

        Assert.Equal("No AI tool holds a consent in this tenant.", page.QuerySelector(".headline")!.TextContent.Trim());
        Assert.Empty(page.QuerySelectorAll("svg.bars, svg.flow, #app-table, #finding-table"));
        Assert.NotEmpty(page.QuerySelectorAll("main .empty"));
    }

    [Fact]
    public async Task A_first_scan_says_that_a_trend_needs_two()
    {
        var page = await Page.OfAsync(Sample.Facts(scans: 1));

        Assert.Contains("at least two", page.GetElementById("trends")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("First scan", page.GetElementById("changes")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Incomplete_data_is_said_on_top_and_beside_each_figure_it_touches()
    {
        var page = await Page.OfAsync(Sample.Facts(partial: [InventoryPart.Users, InventoryPart.AppRoleAssignments]));

        Assert.Contains("users and departments (partly read)", page.QuerySelector(".note")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Incomplete; not read whole: application permissions.", page.GetElementById("kpi-ai-tools-in-use")!.LastElementChild!.TextContent);
        Assert.Contains(page.QuerySelectorAll("#read code"), reason => reason.TextContent.Contains("throttled out", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_cost_scenario_shows_each_figure_with_currency_source_and_year_and_calls_itself_a_scenario(string tag)
    {
        var language = Language.Of(tag);
        var scenario = new CostScenarioSetting(
            "EUR", new SourcedFigure(4_630_000, "Study <b>A</b>", 2025), new SourcedFigure(4_070_000, "Study B", 2024), new SourcedFigure(65, "Study C", 2023),
            new SourcedFigure(120_000, "Study D", 2022), new SourcedFigure(190_000, "Study E", 2021));
        var facts = Sample.Facts();
        var kpi = new KpiValue("cost-scenario", 4_500_000, "money", null, null, Trend.None, 40, 1, true, null)
        {
            Parts = [new("low", 4_070_000), new("high", 4_630_000), new("customer-pii", 2_925_000), new("saved-by-policy", 120_000), new("saved-by-tooling", 190_000)],
        };
        var policy = facts.Policy with { CostScenario = scenario };
        var page = await Page.OfAsync(
            facts with { Policy = policy, Digest = facts.Digest with { Policy = policy, Kpis = [.. facts.Digest.Kpis.Select(value => value.Id == kpi.Id ? kpi : value)] } }, tag);

        var rows = page.QuerySelectorAll("#cost tbody tr").Select(row => row.Children.Select(cell => cell.TextContent).ToArray()).ToArray();
        Assert.Equal(7, rows.Length);
        Assert.Equal(["Study B", "Study <b>A</b>", "Study C", "Study D", "Study E"], rows.Take(5).Select(row => row[2]));
        Assert.Equal(["2024", "2025", "2023", "2022", "2021", "–", "–"], rows.Select(row => row[3]));
        Assert.Equal(6, rows.Count(row => row[1].EndsWith(" EUR", StringComparison.Ordinal)));
        Assert.Equal(language.Percent(65), rows[2][1]);
        Assert.Equal(7, rows.Select(row => row[0]).Distinct().Count());
        Assert.Contains(language.Text("cost.scenario"), page.QuerySelector("#cost .note")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(language.Number(4_500_000) + " EUR", page.GetElementById("kpi-cost-scenario")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("saved-by", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.All(page.QuerySelectorAll("nav a"), link => Assert.NotNull(page.GetElementById(link.GetAttribute("href")![1..])));
    }

    [Fact]
    public async Task Without_figures_in_the_policy_there_is_no_cost_scenario()
    {
        var page = await Page.OfAsync(Sample.Facts());

        Assert.Null(page.GetElementById("cost"));
        Assert.DoesNotContain(page.QuerySelectorAll("nav a"), link => link.GetAttribute("href") == "#cost");
    }

    [Fact]
    public async Task An_unknown_language_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Page.BytesAsync(Sample.Facts(apps: 1), "tlh"));

    [Fact]
    public async Task The_same_facts_give_the_same_page() =>
        Assert.Equal(await Page.BytesAsync(Sample.Facts(), "fr"), await Page.BytesAsync(Sample.Facts(), "fr"));

    private static string HashOf(IElement element) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(element.TextContent)))}'";

    private static double Number(IElement cell) => double.Parse(cell.GetAttribute("data-v")!, CultureInfo.InvariantCulture);

    /// <summary>A text without places or forms; null for every other entry.</summary>
    private static string? Words(Language language, string key)
    {
        try
        {
            return language.Text(key) is var text && text.Contains('{', StringComparison.Ordinal) ? null : text;
        }
        catch (InvalidOperationException)
        {
            // A list or a text with plural forms.
            return null;
        }
    }

    /// <summary>Texts of the page and of its labels, apart from tenant text and technical detail.</summary>
    private static string[] OwnWords(AngleSharp.Html.Dom.IHtmlDocument page)
    {
        var texts = page.Body!.Descendants<IText>()
            .Where(text => text.ParentElement is { } parent && parent.Closest("bdi, code, script, style") is null)
            .Select(text => text.TextContent.Trim());
        var labels = page.All.SelectMany(element => new[] { element.GetAttribute("aria-label"), element.GetAttribute("placeholder") }).OfType<string>();
        return [.. texts.Concat(labels).Where(text => text.Length > 0)];
    }
}
