using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Governance.Core;
using Governance.Core.Digest;
using Governance.Core.Scans;
using Governance.Microsoft365.Teams;

namespace Governance.EndToEnd.Tests.Report;

/// <summary>Cards, alerts and reports of the demo's nights: no English in the other languages, no person in any.</summary>
public sealed partial class OneLanguageTests(DemoNights nights) : IClassFixture<DemoNights>
{
    /// <summary>Terms of the field and of the wire that have no other name, and units of a card's own markup.</summary>
    private static readonly HashSet<string> Terms = new(StringComparer.OrdinalIgnoreCase) { "scan", "app" };

    public static TheoryData<string> Others => ["de", "fr", "zh-Hans"];

    [Theory]
    [MemberData(nameof(Others))]
    public async Task No_English_word_is_left_in_any_card_alert_or_report(string tag)
    {
        var english = Vocabulary("en").Except(Vocabulary(tag)).Except(Terms).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.True(english.Count > 300);
        foreach (var (name, facts) in nights.Told)
        {
            var names = NamesIn(facts);
            foreach (var (what, text) in await TextsAsync(facts, tag))
            {
                var left = Words().Matches(Without(names, text)).Select(word => word.Value).Where(english.Contains).Distinct().ToArray();

                Assert.True(left.Length == 0, $"{tag}, {name}, {what}: {string.Join(", ", left)}");
            }
        }
    }

    [Fact]
    public async Task The_search_finds_English_where_it_is()
    {
        var english = Vocabulary("en").Except(Vocabulary("de")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (_, facts) = nights.Told[^1];

        foreach (var (what, text) in await TextsAsync(facts, "en"))
        {
            Assert.True(Words().Matches(Without(NamesIn(facts), text)).Count(word => english.Contains(word.Value)) > 3, what);
        }
    }

    [Fact]
    public async Task No_person_of_the_tenant_is_named_anywhere()
    {
        var people = nights.People.SelectMany(user => new[] { user.DisplayName, user.UserPrincipalName, user.Mail, user.Id.ToString() })
            .OfType<string>().Where(text => text.Length > 4).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.True(people.Count > 1000);
        foreach (var tag in Language.Tags)
        {
            foreach (var (what, text) in await TextsAsync(nights.Told[^1].Facts, tag))
            {
                Assert.Equal(([], what), (people.Where(person => text.Contains(person, StringComparison.OrdinalIgnoreCase)).ToArray(), what));
            }
        }
    }

    private static async Task<(string What, string Text)[]> TextsAsync(StoredFacts facts, string tag)
    {
        var texts = new List<(string, string)>();
        foreach (var audience in Enum.GetValues<DigestAudience>())
        {
            foreach (var body in DigestCard.Bodies(DigestComposer.Compose(facts.Digest, audience, tag), new CardOptions()))
            {
                texts.Add(($"{audience} card", CardText(body)));
            }
        }

        var alert = AlertComposer.Compose(facts.Digest, [.. facts.Digest.Live], tag);
        texts.Add(("alert", CardText(DigestCard.Body(alert, new CardOptions()))));
        var page = Page.Parse(await Page.BytesAsync(facts, tag));
        var own = page.Body!.Descendants<IText>().Where(text => text.ParentElement is { } parent && parent.Closest("code, script, style") is null).Select(text => text.TextContent);
        var labels = page.All.SelectMany(element => new[] { element.GetAttribute("aria-label"), element.GetAttribute("placeholder"), element.GetAttribute("data-rows") }).OfType<string>()
            .Select(label => label.Replace("{shown}", "", StringComparison.Ordinal).Replace("{total}", "", StringComparison.Ordinal));
        texts.Add(("report", string.Join('\n', own.Concat(labels).Append(page.Title))));
        return [.. texts];
    }

    /// <summary>What people can read of a card: every text, without backslashes.</summary>
    private static string CardText(byte[] body)
    {
        var text = new StringBuilder();
        void Walk(JsonElement part)
        {
            switch (part.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var property in part.EnumerateObject())
                    {
                        if (property.Value.ValueKind != JsonValueKind.String)
                        {
                            Walk(property.Value);
                        }
                        else if (property.Name is "text" or "title" or "value" or "label" or "legend" or "x" or "fallbackText" or "speak")
                        {
                            text.AppendLine(property.Value.GetString());
                        }
                    }

                    break;
                case JsonValueKind.Array:
                    foreach (var item in part.EnumerateArray())
                    {
                        Walk(item);
                    }

                    break;
            }
        }

        Walk(JsonDocument.Parse(body).RootElement.GetProperty("attachments")[0].GetProperty("content"));
        return text.Replace("\\", string.Empty).ToString();
    }

    /// <summary>What the tenant, publishers and the policy call things, longest first.</summary>
    private static string[] NamesIn(StoredFacts facts)
    {
        var apps = facts.State.Apps;
        return
        [
            .. apps.SelectMany(app => new[] { app.App.Principal.Name, app.Classification.Ai.Vendor, app.Classification.Ai.Product, app.App.Principal.VerifiedPublisher?.Name, app.App.Principal.PublisherName, app.Classification.Lookalike?.Imitates })
                .Concat(apps.SelectMany(app => app.App.Reach.ByDepartment.Keys))
                .Concat(facts.State.Findings.Select(finding => finding.SubjectName))
                .Concat(facts.Policy.Approved.SelectMany(approval => new[] { approval.Tool.Name, approval.Conditions }))
                .Concat(facts.Policy.UnderReview.Select(review => review.Tool.Name))
                .Append(facts.State.LastScan.TenantName).OfType<string>()
                .SelectMany(name => new[] { TenantText.Plain(name), TenantText.Visible(name, 120) })
                .Where(name => name.Length > 1).Distinct().OrderByDescending(name => name.Length),
        ];
    }

    private static string Without(string[] names, string text)
    {
        foreach (var name in names)
        {
            text = text.Replace(name, "·", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Every word of a language's texts, at least three letters long.</summary>
    private static HashSet<string> Vocabulary(string tag)
    {
        using var stream = typeof(Language).Assembly.GetManifestResourceStream($"Governance.Core.Digest.Languages.{tag}.json")!;
        using var document = JsonDocument.Parse(stream);
        static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.String => [element.GetString()!],
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
            JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value)),
            _ => [],
        };
        var plain = document.RootElement.EnumerateObject().Where(entry => entry.Name != "plural").SelectMany(entry => Texts(entry.Value)).Select(text => Place().Replace(text, " "));
        return Words().Matches(string.Join('\n', plain)).Select(word => word.Value.ToLowerInvariant()).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"[\p{L}]{3,}")]
    private static partial Regex Words();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Place();
}
