using System.Collections.Immutable;
using Governance.Core.Findings;

namespace Governance.Core.Digest;

/// <summary>Makes the message that tells the security team of critical findings at once.</summary>
public static class AlertComposer
{
    public static DigestContent Compose(DigestInput input, IReadOnlyCollection<Finding> findings, string languageTag)
    {
        var language = Language.Of(languageTag);
        var words = new DigestWords(language, input.Policy);
        var apps = input.Apps.ToDictionary(app => app.Id.ToString(), StringComparer.OrdinalIgnoreCase);
        ImmutableArray<DigestLine> lines =
        [
            .. findings.OrderByDescending(finding => apps.TryGetValue(finding.Subject, out var app) ? app.Risk.Score : 0)
                .ThenBy(finding => finding.Id, StringComparer.Ordinal)
                .Select(finding => Line(finding, apps.GetValueOrDefault(finding.Subject), words)),
        ];
        return new DigestContent(
            DigestAudience.Security,
            language.Tag,
            language.Text("title.alert"),
            language.Say("as-of", ("tenant", Wording.Tenant(input.TenantName)), ("date", DateOnly.FromDateTime(input.AsOf.UtcDateTime))),
            language.Say("headline.alert", ("n", findings.Count)),
            [],
            null,
            [new DigestSection(language.Text("section.findings"), [.. lines.Take(DigestComposer.MostLines)], lines.Length, language.Text("section.none"))],
            [],
            DigestComposer.DataNote(input, words),
            language.Text("report.open"))
        {
            Urgent = true,
        };
    }

    /// <summary>A message without any figure, to see whether a channel works.</summary>
    public static DigestContent Test(string tenantName, DateOnly today, Language language) => new(
        DigestAudience.Security,
        language.Tag,
        language.Text("title.test"),
        language.Say("as-of", ("tenant", Wording.Tenant(tenantName)), ("date", today)),
        Wording.Ours(language.Text("headline.test")),
        [],
        null,
        [],
        [],
        null,
        language.Text("report.open"));

    private static DigestLine Line(Finding finding, AssessedApp? app, DigestWords words)
    {
        var parts = words.Name(finding.SubjectName).Parts.Add(new TextPart($": {words.Language.Text($"rule.{finding.Rule}")}", false));
        if (app is not null)
        {
            parts = [.. parts, new TextPart(" (", false), .. words.People(app.App.Reach).Parts, new TextPart($"{words.Language.Text("report.comma")}{words.Data(app)})", false)];
        }

        return new DigestLine(new Wording(parts), DigestWords.ToneOf(finding.Severity));
    }
}
