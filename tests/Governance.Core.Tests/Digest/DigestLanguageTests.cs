using System.Text.RegularExpressions;
using Governance.Core.Consents;
using Governance.Core.Digest;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Digest;

public partial class DigestLanguageTests
{
    /// <summary>Words of our English that no other language of ours shares.</summary>
    private static readonly string[] English =
    [
        "the", "and", "of", "with", "without", "by", "from", "new", "open", "finding", "findings", "approval", "approved", "unapproved", "denied", "review", "owner", "people", "person",
        "data", "customer", "campaign", "creative", "assets", "communications", "directory", "tool", "tools", "target", "unchanged", "up", "down", "first", "value", "overdue", "since", "due",
        "more", "nothing", "decision", "decisions", "risk", "hours", "hour", "days", "incomplete", "not", "available", "whole", "organisation", "security", "exposed", "consent", "consents",
        "publisher", "resolved", "reopened", "this", "rests", "users", "apps", "read", "part", "missing", "critical", "high", "medium", "low", "fewer", "than", "looks", "like", "test", "message",
    ];

    /// <summary>The same letters mean something in these languages too.</summary>
    private static readonly Dictionary<string, string[]> Shared = new()
    {
        ["de"] = ["tools", "tool", "apps", "in", "test", "organisation"],
        ["fr"] = ["communications", "test", "consent", "organisation", "message"],
        ["zh-Hans"] = [],
    };

    public static TheoryData<string> Others => ["de", "fr", "zh-Hans"];

    [Fact]
    public void Every_part_of_a_reading_has_a_name_in_every_language()
    {
        foreach (var tag in Language.Tags)
        {
            Assert.All(Enum.GetValues<InventoryPart>(), part => Assert.NotEmpty(Language.Of(tag).Text($"part.{part}")));
        }
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void No_English_is_left_in_any_sentence_of_another_language(string tag)
    {
        foreach (var content in Digests(tag))
        {
            // What a tenant calls things stays as it is; only our own words are looked at.
            var own = string.Join('\n', Own(content));

            var left = Words().Matches(own).Select(word => word.Value.ToLowerInvariant()).Intersect(English).Except(Shared[tag]).ToArray();

            Assert.True(left.Length == 0, $"{tag}: {string.Join(", ", left)} in\n{own}");
        }
    }

    [Fact]
    public void The_search_for_English_finds_it()
    {
        var own = string.Join('\n', Digests("en").SelectMany(Own));

        Assert.True(Words().Matches(own).Select(word => word.Value.ToLowerInvariant()).Intersect(English).Count() > 30);
    }

    [Theory]
    [InlineData("en", "people", "0 people|1 person|2 people|5 people")]
    [InlineData("de", "people", "0 Personen|1 Person|2 Personen|5 Personen")]
    [InlineData("fr", "people", "0 personne|1 personne|2 personnes|5 personnes")]
    [InlineData("zh-Hans", "people", "0 人|1 人|2 人|5 人")]
    [InlineData("en", "headline.alert", "0 new critical findings.|1 new critical finding.|2 new critical findings.|5 new critical findings.")]
    [InlineData("de", "headline.alert", "0 neue kritische Befunde.|1 neuer kritischer Befund.|2 neue kritische Befunde.|5 neue kritische Befunde.")]
    [InlineData("fr", "headline.alert", "0 nouveau constat critique.|1 nouveau constat critique.|2 nouveaux constats critiques.|5 nouveaux constats critiques.")]
    [InlineData("zh-Hans", "headline.alert", "0 项新的严重发现。|1 项新的严重发现。|2 项新的严重发现。|5 项新的严重发现。")]
    [InlineData("fr", "more", "et 0 autre|et 1 autre|et 2 autres|et 5 autres")]
    public void Plurals_are_those_of_the_language(string tag, string key, string expected)
    {
        var language = Language.Of(tag);

        Assert.Equal(expected, string.Join('|', new[] { 0, 1, 2, 5 }.Select(n => language.Say(key, ("n", n)).ToPlainText())));
    }

    [Fact]
    public void Every_language_has_the_same_texts_with_the_same_places()
    {
        var english = Language.Of("en");
        foreach (var language in Language.Tags.Select(Language.Of))
        {
            Assert.Equal(english.Keys, language.Keys);
        }
    }

    [Theory]
    [InlineData("en", "12,345.6", "40%", "3 March 2026")]
    [InlineData("de", "12.345,6", "40 %", "3. März 2026")]
    [InlineData("fr", "12 345,6", "40 %", "3 mars 2026")]
    [InlineData("zh-Hans", "12,345.6", "40%", "2026年3月3日")]
    public void Numbers_and_dates_are_written_as_the_language_does(string tag, string number, string percent, string date)
    {
        var language = Language.Of(tag);

        Assert.Equal((number, percent, date), (Plain(language.Number(12345.6m)), Plain(language.Percent(40)), Plain(language.Date(new DateOnly(2026, 3, 3)))));
    }

    [Theory]
    [InlineData("en", "1 March 2026", "week 5 of 2026", "October 2026", "Q4 2026")]
    [InlineData("de", "1. März 2026", "Kalenderwoche 5/2026", "Oktober 2026", "4. Quartal 2026")]
    [InlineData("fr", "1er mars 2026", "semaine 5 de 2026", "octobre 2026", "T4 2026")]
    [InlineData("zh-Hans", "2026年3月1日", "2026年第5周", "2026年10月", "2026年第4季度")]
    public void First_days_and_periods_are_named_as_the_language_does(string tag, string first, string week, string month, string quarter)
    {
        var words = new DigestWords(Language.Of(tag), GovernancePolicy.BuiltIn);

        Assert.Equal((first, week, month, quarter), (words.Language.Date(new DateOnly(2026, 3, 1)), words.Period("2026-W05"), words.Period("2026-10"), words.Period("2026-Q4")));
        Assert.Null(words.Period("2026-11-22"));
    }

    [Fact]
    public void A_digest_of_a_period_names_it_and_says_since_when_it_tells()
    {
        var input = Input() with { Period = "2026-W14", Since = Some.Moment.AddDays(-7) };
        foreach (var language in Language.Tags.Select(Language.Of))
        {
            foreach (var audience in Enum.GetValues<DigestAudience>())
            {
                var content = DigestComposer.Compose(input, audience, language.Tag);

                Assert.Contains(new DigestWords(language, GovernancePolicy.BuiltIn).Period("2026-W14")!, content.Subtitle.ToPlainText(), StringComparison.Ordinal);
                Assert.Contains(language.ShortDate(Some.Day.AddDays(-7)), content.Sections[0].Title, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Small_groups_are_never_shown_with_their_number()
    {
        foreach (var content in Language.Tags.SelectMany(Digests))
        {
            Assert.DoesNotMatch(@"(?<![\d.,])3 (people|Personen|personnes|人)", DigestText.Of(content));
        }
    }

    [Fact]
    public void TM_8_a_digest_of_an_incomplete_scan_names_every_part_that_is_missing()
    {
        foreach (var language in Language.Tags.Select(Language.Of))
        {
            foreach (var audience in Enum.GetValues<DigestAudience>())
            {
                var note = DigestComposer.Compose(Input(), audience, language.Tag).DataNote!.ToPlainText();

                Assert.Contains(language.Text("part.Users"), note, StringComparison.Ordinal);
                Assert.Contains(language.Text("part-status.Partial"), note, StringComparison.Ordinal);
                Assert.Contains(language.Text("part.SignInActivity"), note, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("en", "are not covered by an approval and reach at least 359 people.")]
    [InlineData("de", "erreichen mindestens 359 Personen.")]
    [InlineData("fr", "touchent au moins 359 personnes.")]
    [InlineData("zh-Hans", "涉及 359 人以上。")]
    public void A_headline_promises_no_number_of_people_that_may_be_higher(string tag, string end)
    {
        string Headline(decimal people, bool complete) => Plain(DigestComposer.Compose(
            Input() with { Kpis = [.. Input().Kpis.Select(kpi => kpi.Id == "exposed-users" ? kpi with { Value = people, Complete = complete } : kpi)] }, DigestAudience.Executive, tag).Headline.ToPlainText());

        Assert.EndsWith(end, Headline(359, complete: false), StringComparison.Ordinal);
        Assert.DoesNotContain(end, Headline(359, complete: true), StringComparison.Ordinal);
        Assert.Equal(Headline(3, complete: true), Headline(3, complete: false));
    }

    private static IEnumerable<DigestContent> Digests(string tag)
    {
        foreach (var input in new[] { Input(), Input() with { First = true }, Input() with { Apps = [], Findings = [], Events = [] }, Input() with { Period = "2026-W14", Since = Some.Moment, Events = [] }, Agenda(), Agenda() with { Record = null } })
        {
            foreach (var audience in Enum.GetValues<DigestAudience>())
            {
                yield return DigestComposer.Compose(input, audience, tag);
            }

            yield return AlertComposer.Compose(input, [.. input.Live], tag);
        }

        yield return AlertComposer.Test("Mandant", Some.Day, Language.Of(tag));
    }

    /// <summary>One app in every state, with every data category, and one finding of every rule.</summary>
    private static DigestInput Input()
    {
        var apps = Enum.GetValues<GovernanceState>().Select((state, n) => Some.Assessed(
            n + 1, state, (Severity)(n % 5), [Some.Rated("Mail.Read", Severity.High, (DataCategory)(n % Enum.GetValues<DataCategory>().Length), DataCategory.Content)],
            Some.Reach(n == 2 ? 3 : n * 40, tenantWide: n == 4, departments: [("Verkauf", n == 2 ? 3 : n * 40)]), Some.Classification(Some.Ai(), n == 1 ? Some.Lookalike() : null))).ToArray();
        var findings = FindingRules.All.Select((rule, n) => Some.Finding(rule.Id, (n % apps.Length) + 1) with { Severity = (Severity)(1 + (n % 4)), SubjectName = "Werkzeug" }).ToArray();
        return new DigestInput(
            "Mandant",
            Some.Moment.AddDays(3),
            false,
            [PartReading.Unavailable(InventoryPart.SignInActivity, "licence", requests: 1), PartReading.Unavailable(InventoryPart.Users, "throttled", requests: 1) with { Status = PartStatus.Partial }],
            [.. apps],
            [.. findings],
            [.. findings.Select((finding, n) => new FindingEvent(finding.Id, 1, Some.Moment, new[] { "opened", "reopened", "resolved" }[n % 3], "", "scan"))],
            Governance.Core.Kpis.KpiCatalogue.Measure(Some.Measured(apps, findings)),
            GovernancePolicy.BuiltIn);
    }

    /// <summary>Every kind of thing that people have to see to.</summary>
    private static DigestInput Agenda()
    {
        static ToolApproval Approval(int? review, int? end) => new(
            new ToolReference("Werkzeug", null, null), null, null, false, null, review is { } r ? Some.Day.AddDays(r) : null, end is { } e ? Some.Day.AddDays(e) : null, null, null);
        static ApprovalRequest Request(string id, params SignOff[] signed) => new(
            id, Some.Asked(), RequestState.Open, Some.Moment, "p", "p", Some.Day.AddDays(id == "R1" ? 1 : -400), ["marketing", "security", "legal"], [.. signed], Some.Prefill, null, 1);
        SignOff[] all = [new("marketing", "a", Some.Moment), new("security", "b", Some.Moment), new("legal", "c", Some.Moment)];
        return Input() with
        {
            Policy = GovernancePolicy.BuiltIn with
            {
                Approved = [Approval(-5, null), Approval(9, null), Approval(null, -6), Approval(null, 8)],
                UnderReview = [new ToolReview(new ToolReference("Werkzeug", null, null), null), new ToolReview(new ToolReference("Werkzeug", null, null), Some.Day)],
            },
            Record = GovernanceRecord.Empty with
            {
                Requests = GovernanceRecord.Empty.Requests.Add("R1", Request("R1")).Add("R2", Request("R2", all[0])).Add("R3", Request("R3", all)),
            },
        };
    }

    private static IEnumerable<string> Own(DigestContent content)
    {
        static string Of(Wording? wording) => string.Join(' ', wording?.Parts.Where(part => !part.FromTenant).Select(part => part.Text) ?? []);
        yield return content.Title;
        yield return Of(content.Subtitle);
        yield return Of(content.Headline);
        yield return Of(content.DataNote);
        yield return content.OpenReport;
        foreach (var tile in content.Tiles)
        {
            yield return string.Join(' ', tile.Label, tile.Value, tile.Trend, tile.Target);
        }

        foreach (var point in content.Chart?.Points ?? [])
        {
            yield return point.Label;
        }

        foreach (var section in content.Sections)
        {
            yield return section.Title + ' ' + section.Empty + ' ' + string.Join(' ', section.Lines.Select(line => Of(line.Text)));
        }

        foreach (var decision in content.Decisions)
        {
            yield return Of(decision.Text) + ' ' + Of(decision.Owner) + ' ' + decision.DueText;
        }
    }

    private static string Plain(string text) => text.Replace('\u00A0', ' ').Replace('\u202F', ' ');

    [GeneratedRegex(@"[A-Za-z]+")]
    private static partial Regex Words();
}
