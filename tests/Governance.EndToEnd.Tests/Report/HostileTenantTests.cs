using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsvHelper;
using Governance.Core;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Report;

/// <summary>HD-1 to HD-9 of the faults that must be stood, each in every sink: cards, page, CSV, terminal, JSON, JSON Lines, OCSF and Markdown.</summary>
public sealed class HostileTenantTests(HostileTenant tenant) : IClassFixture<HostileTenant>
{
    [Fact]
    public void HD_1_links_bold_lists_and_images_in_names_stay_text_in_cards_and_Markdown()
    {
        var texts = CardTexts();
        var markdown = Regex.Replace(tenant.Markdown.Output, @"\\.", string.Empty);

        Assert.NotEmpty(texts);
        Assert.All(texts, text => Assert.DoesNotMatch(@"(?<!\\)\]\(|(?<!\\)!\[|[a-z]://|www\.", text));
        Assert.DoesNotMatch(@"\]\(|!\[|https?:", markdown);
        Assert.Contains(texts, text => text.Contains(@"\[click\]\(", StringComparison.Ordinal));
    }

    [Fact]
    public void HD_2_markup_in_names_stays_text_in_cards_page_and_Markdown()
    {
        var scripts = tenant.Page.QuerySelectorAll("script");

        Assert.All(CardTexts(), text => Assert.DoesNotMatch(@"(?<!\\)<", text));
        Assert.Single(scripts);
        Assert.Empty(tenant.Page.QuerySelectorAll("img, iframe, at, b, object, base"));
        Assert.DoesNotContain(tenant.Page.All.SelectMany(element => element.Attributes), attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(tenant.Page.QuerySelectorAll("bdi"), name => name.TextContent == "<script>alert(1)</script>");
        Assert.DoesNotMatch("<(script|img|svg|at|b)", Regex.Replace(tenant.Markdown.Output, @"\\.", string.Empty));
    }

    [Fact]
    public void HD_3_no_cell_of_any_CSV_begins_like_a_formula_and_every_row_has_its_cells()
    {
        foreach (var (csv, rows) in new[] { (tenant.Csv.Output, FindingsInJson().Length), (tenant.AppsCsv.Output, AppsInJson().Length) })
        {
            using var reader = CsvReader.FromText(csv);
            var read = 0;
            while (reader.Read())
            {
                read++;
                Assert.Equal(reader.Headers.Count, reader.FieldCount);
                for (var at = 0; at < reader.FieldCount; at++)
                {
                    var cell = reader.GetString(at);
                    var seen = cell.Normalize(NormalizationForm.FormKC).SkipWhile(c => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format).FirstOrDefault();
                    Assert.False(seen is '=' or '+' or '@' || (seen == '-' && !decimal.TryParse(cell, CultureInfo.InvariantCulture, out _)), cell);
                    Assert.DoesNotContain(cell, char.IsControl);
                }
            }

            Assert.Equal(rows, read);
        }

        Assert.Contains("'=cmd|' /C calc'!A0", tenant.AppsCsv.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void HD_4_marks_that_steer_the_display_are_written_out_in_the_page_and_kept_raw_in_the_data()
    {
        Assert.Contains(tenant.Page.QuerySelectorAll("bdi"), name => name.TextContent.Contains("⟨U+202E⟩gnp.exe", StringComparison.Ordinal));
        Assert.DoesNotContain(tenant.Page.DocumentElement.OuterHtml, Steers);
        Assert.All(CardTexts(), text => Assert.DoesNotContain(text, Steers));
        Assert.Equal(
            tenant.Names.Values.Select(Wire).Order(StringComparer.Ordinal),
            AppsInJson().Where(app => tenant.Names.ContainsKey(Id(app))).Select(app => app.GetProperty("displayName").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void HD_5_an_app_that_looks_like_an_approved_one_is_not_approved_and_flagged()
    {
        var lookalike = AppsInJson().Single(app => app.GetProperty("displayName").GetString() == "Clаude");

        Assert.NotEqual("approved", lookalike.GetProperty("governance").GetProperty("state").GetString());
        Assert.Equal("Claude", lookalike.GetProperty("lookalike").GetProperty("imitates").GetString());
        Assert.Contains(FindingsInJson(), finding => finding.GetProperty("rule").GetString() == "look-alike" && finding.GetProperty("subject").GetString() == Id(lookalike).ToString());
        Assert.Equal("approved", AppsInJson().Single(app => Id(app) == tenant.Genuine).GetProperty("governance").GetProperty("state").GetString());
    }

    [Fact]
    public void HD_6_line_ends_and_terminal_escapes_reach_no_terminal_and_no_record_is_broken()
    {
        foreach (var run in new[] { tenant.Findings, tenant.Apps, tenant.Text, tenant.Csv, tenant.Markdown })
        {
            Assert.DoesNotContain(run.Output, c => (char.IsControl(c) && c is not ('\n' or '\r')) || Steers(c) && run != tenant.Csv);
        }

        Assert.Equal(FindingsInJson().Length, tenant.Lines.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(FindingsInJson().Length, tenant.Ocsf.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(tenant.Lines.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Concat(tenant.Ocsf.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), line => JsonDocument.Parse(line));
        Assert.DoesNotContain("\u001b", tenant.Notes, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", tenant.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public void HD_7_addresses_of_apps_are_never_fetched_and_never_a_link()
    {
        var links = tenant.Page.All.SelectMany(element => element.Attributes).Where(attribute => attribute.Name is "href" or "src" or "xlink:href" or "action").Select(attribute => attribute.Value).ToArray();

        Assert.All(links, link => Assert.True(link.StartsWith('#') || link == "data:,", link));
        Assert.All(tenant.Cards, card => Assert.DoesNotContain("OpenUrl", card.Output, StringComparison.Ordinal));
        Assert.All(tenant.Addresses.Values, address => Assert.DoesNotContain(tenant.Requests, request => request.Contains(address, StringComparison.Ordinal)));
        Assert.Equal(6, AppsInJson().Count(app => tenant.Addresses.ContainsKey(Id(app))));
    }

    [Fact]
    public async Task HD_8_quotes_and_operators_in_a_look_up_match_exactly_or_nothing()
    {
        var before = (await tenant.Of("findings")).Output;
        var quoted = tenant.Names.Single(app => app.Value == "x' or '1' eq '1");

        var found = await tenant.Of("explain", quoted.Value);
        var nothing = await tenant.Of("explain", "nobody' or '1' eq '1");
        var dropped = await tenant.Of("explain", "'; DROP TABLE findings; --");

        Assert.Contains(quoted.Key.ToString(), found.Output, StringComparison.Ordinal);
        Assert.Equal((2, 2), (nothing.Code, dropped.Code));
        Assert.Equal(before, (await tenant.Of("findings")).Output);
    }

    [Fact]
    public void HD_9_apps_without_a_name_of_one_name_or_with_Microsoft_s_are_told_apart_by_their_ids()
    {
        var apps = AppsInJson();
        var blank = tenant.Names.Single(app => app.Value == "   ").Key;

        Assert.Equal(tenant.Twins.Order(), apps.Where(app => app.GetProperty("displayName").GetString() == "Same Name").Select(Id).Order());
        Assert.Contains(apps, app => Id(app) == blank);
        Assert.Contains(tenant.Page.QuerySelectorAll("em"), name => name.TextContent == "(app without a name)");
        var impostor = apps.Single(app => Id(app) == tenant.Impostor);
        Assert.False(impostor.GetProperty("firstParty").GetBoolean());
        Assert.NotEqual("approved", impostor.GetProperty("governance").GetProperty("state").GetString());
    }

    private static Guid Id(JsonElement app) => app.GetProperty("servicePrincipalId").GetGuid();

    private JsonElement[] AppsInJson() => [.. tenant.Json.Json.GetProperty("apps").EnumerateArray()];

    private JsonElement[] FindingsInJson() => [.. tenant.Json.Json.GetProperty("findings").EnumerateArray()];

    /// <summary>An unpaired surrogate cannot travel in UTF-8; it arrives as the mark for that.</summary>
    private static string Wire(string name) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name));

    private static bool Steers(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Every text of the cards that a client may read as Markdown.</summary>
    private string[] CardTexts()
    {
        var texts = new List<string>();
        void Walk(JsonElement part)
        {
            if (part.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in part.EnumerateArray())
                {
                    Walk(item);
                }
            }
            else if (part.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in part.EnumerateObject())
                {
                    if (property.Name is "text" or "value" && property.Value.ValueKind == JsonValueKind.String)
                    {
                        texts.Add(property.Value.GetString()!);
                    }

                    Walk(property.Value);
                }
            }
        }

        foreach (var card in tenant.Cards.SelectMany(run => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            Walk(JsonDocument.Parse(card).RootElement);
        }

        return [.. texts];
    }
}
