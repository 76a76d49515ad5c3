using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Governance.Core.Digest;
using Governance.Core.Kpis;
using Governance.Microsoft365.Teams;

namespace Governance.Microsoft365.Tests.Teams;

/// <summary>Made-up digests, and a way to look into the cards made of them.</summary>
internal static class SomeDigest
{
    /// <param name="lines">Entries of each section; a section carries at most <see cref="DigestComposer.MostLines"/> of them.</param>
    public static DigestContent Content(
        string name = "Chat Tool", DigestAudience audience = DigestAudience.Executive, string language = "en", int lines = 3, int decisions = 5, Wording? note = null, int most = DigestComposer.MostLines)
    {
        var words = Language.Of(language);
        var line = new DigestLine(new Wording([new TextPart("New: ", false), new TextPart(name, true), new TextPart(" (AI tool)", false)]), Tone.Bad);
        DigestSection Section(string title) => new(words.Text(title), [.. Enumerable.Repeat(line, Math.Min(lines, most))], lines, words.Text("section.none"));
        return new DigestContent(
            audience,
            language,
            words.Text("title.executive"),
            words.Say("as-of", ("tenant", Wording.Tenant(name)), ("date", new DateOnly(2026, 3, 2))),
            words.Say("headline.unapproved", ("n", 7), ("total", 9), ("people", words.Say("people", ("n", 41)))),
            [.. Enumerable.Range(0, 6).Select(n => new DigestTile($"kpi-{n}", $"Figure {n}", $"{n * 11}", Trend.Up, "up from 1", "target 0", n % 2 == 0 ? Tone.Bad : Tone.Good, n != 3))],
            new DigestChart(ChartKind.Donut, words.Text("chart.states"), [new ChartPoint("approved", 2, Tone.Good), new ChartPoint("unapproved", 7, Tone.Bad)]),
            audience == DigestAudience.Executive
                ? [Section("section.changes")]
                : [Section("section.findings"), Section("section.grants"), Section("section.lookalikes"), Section("section.drift"), Section("section.requests")],
            audience == DigestAudience.Executive
                ? [.. Enumerable.Range(1, decisions).Select(n => new DigestDecision(
                    words.Say("decision.review-drift", ("app", Wording.Tenant(name))),
                    words.Say("decision.owner", ("owner", words.Say("owner.department", ("department", Wording.Tenant(name))))),
                    new DateOnly(2026, 3, n), $"by {n} Mar", Tone.Bad))]
                : [],
            note,
            words.Text("report.open"));
    }

    public static JsonElement Card(byte[] body)
    {
        var message = JsonDocument.Parse(body).RootElement;
        Assert.Equal("message", message.GetProperty("type").GetString());
        var attachment = Assert.Single(message.GetProperty("attachments").EnumerateArray());
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        Assert.Equal(JsonValueKind.Null, attachment.GetProperty("contentUrl").ValueKind);
        return attachment.GetProperty("content");
    }

    public static JsonElement Card(DigestContent content, CardOptions? options = null) => Card(DigestCard.Body(content, options ?? new CardOptions()));

    /// <summary>Every object of a card.</summary>
    public static IEnumerable<JsonElement> Objects(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Objects(property.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Objects),
        _ => [],
    };

    /// <summary>Every text that a client may read as Markdown.</summary>
    public static IEnumerable<string> Markdown(JsonElement card) => Objects(card).SelectMany(
        element => element.EnumerateObject().Where(property => property.Name is "text" or "value" or "title" or "label" && property.Value.ValueKind == JsonValueKind.String))
        .Select(property => property.Value.GetString()!);

    public static string Text(JsonElement card) => string.Join('\n', Markdown(card));

    /// <summary>The kinds of elements in a card without their texts: what hostile text must not change.</summary>
    public static string Structure(JsonElement element)
    {
        var structure = new StringBuilder();
        void Walk(JsonElement part)
        {
            switch (part.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var property in part.EnumerateObject())
                    {
                        structure.Append(property.Name).Append(property.Name == "type" ? property.Value.GetString() : string.Empty).Append('(');
                        Walk(property.Value);
                        structure.Append(')');
                    }

                    break;
                case JsonValueKind.Array:
                    foreach (var item in part.EnumerateArray())
                    {
                        Walk(item);
                        structure.Append(',');
                    }

                    break;
            }
        }

        Walk(element);
        return structure.ToString();
    }
}
