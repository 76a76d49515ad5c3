using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Risk;

namespace Governance.Core.Digest;

/// <summary>Makes the message for an audience in a language out of stored facts.</summary>
public static class DigestComposer
{
    /// <summary>Most entries a section carries; sinks may show fewer.</summary>
    public const int MostLines = 10;

    /// <summary>The same for what the security team has to work through, whose digest may take several messages.</summary>
    public const int MostSecurityLines = 50;

    /// <summary>Most messages of a digest for the security team.</summary>
    public const int MostParts = 5;

    private static readonly ImmutableArray<string> ExecutiveTiles =
        ["governance-index", "unapproved-ai-tools", "approval-coverage", "exposed-users-marketing", "customer-data-exposure", "overdue-reviews"];

    private static readonly ImmutableArray<string> SecurityTiles =
        ["unapproved-ai-tools", "look-alikes", "tenant-wide-grants", "permission-drift", "dormant-access", "time-to-remediate"];

    public static DigestContent Compose(DigestInput input, DigestAudience audience, string languageTag)
    {
        var language = Language.Of(languageTag);
        var words = new DigestWords(language, input.Policy);
        var executive = audience == DigestAudience.Executive;
        var tiles = (executive ? ExecutiveTiles : SecurityTiles)
            .Select(input.Kpi).OfType<Kpis.KpiValue>().Select(words.Tile).ToImmutableArray();
        return new DigestContent(
            audience,
            language.Tag,
            language.Text(executive ? "title.executive" : "title.security"),
            Subtitle(input, words),
            executive ? ExecutiveHeadline(input, words) : SecurityHeadline(input, words),
            tiles,
            executive ? StatesChart(input, words) : SeverityChart(input, words),
            [
                .. executive ? [Changes(input, words)] : SecuritySections(input, words),
                .. AgendaLines.Sections(input, words, audience, input.First ? MostLines : MostSecurityLines),
            ],
            executive ? Decisions.For(input, words) : [],
            DataNote(input, words),
            language.Text("report.open"))
        {
            // A first scan finds everything at once: one summary, no flood.
            MostParts = executive || input.First ? 1 : MostParts,
        };
    }

    private static Wording Subtitle(DigestInput input, DigestWords words)
    {
        var (tenant, date) = (Wording.Tenant(input.TenantName), DateOnly.FromDateTime(input.AsOf.UtcDateTime));
        return input.Period is { } period && words.Period(period) is { } named
            ? words.Language.Say("as-of.period", ("tenant", tenant), ("period", named), ("date", date))
            : words.Language.Say("as-of", ("tenant", tenant), ("date", date));
    }

    private static Wording ExecutiveHeadline(DigestInput input, DigestWords words)
    {
        var language = words.Language;
        var inUse = input.Apps.Where(app => app.AiInUse).ToArray();
        var unapproved = inUse.Count(app => app.Unapproved);
        if (inUse.Length == 0)
        {
            return language.Say(input.Parts.All(part => part.Complete || !Inventory.Needed.Contains(part.Part)) ? "headline.none" : "headline.unknown");
        }

        if (unapproved == 0)
        {
            var sure = inUse.All(app => !app.Standing.Unconfirmed) && input.Parts.All(part => part.Complete || !Inventory.Needed.Contains(part.Part));
            return language.Say(sure ? "headline.all-approved" : "headline.all-approved.unsure", ("n", inUse.Length));
        }

        var people = input.Kpi("exposed-users") is { Value: { } value } exposed ? words.People((int)value, exposed.Complete) : Wording.Ours(language.Text("not-available"));
        return inUse.Length == 1
            ? language.Say("headline.unapproved.one-tool", ("people", people))
            : language.Say("headline.unapproved", ("n", unapproved), ("total", inUse.Length), ("people", people));
    }

    private static Wording SecurityHeadline(DigestInput input, DigestWords words) => words.Language.Say(
        "headline.security",
        ("n", input.Live.Count()),
        ("critical", input.Live.Count(finding => finding.Severity == Severity.Critical)));

    private static DigestChart? StatesChart(DigestInput input, DigestWords words)
    {
        var points = input.Apps.Where(app => app.AiInUse)
            .GroupBy(app => (app.Standing.State, app.Standing.Unconfirmed))
            .OrderBy(state => DigestWords.Rank(state.Key.State)).ThenBy(state => state.Key.Unconfirmed)
            .Select(state => new ChartPoint(
                words.State(state.Key.State, state.Key.Unconfirmed), state.Count(), state.Key.Unconfirmed ? Tone.Neutral : DigestWords.ToneOf(state.Key.State)))
            .ToImmutableArray();
        return points.IsEmpty ? null : new DigestChart(ChartKind.Donut, words.Language.Text("chart.states"), points);
    }

    private static DigestChart? SeverityChart(DigestInput input, DigestWords words)
    {
        var points = input.Live.GroupBy(finding => finding.Severity)
            .OrderByDescending(severity => severity.Key)
            .Select(severity => new ChartPoint(words.Language.Text($"severity.{severity.Key}"), severity.Count(), DigestWords.ToneOf(severity.Key)))
            .ToImmutableArray();
        return points.IsEmpty ? null : new DigestChart(ChartKind.Bars, words.Language.Text("chart.severity"), points);
    }

    private static DigestSection Changes(DigestInput input, DigestWords words)
    {
        if (input.First)
        {
            return Told(input, words, "section.changes", [], MostLines, "change.first");
        }

        var changes = Changed(input, "opened", "reopened", "resolved")
            .GroupBy(change => (change.Finding.Subject, change.Event.Change))
            .Select(same => same.MaxBy(change => (change.Finding.Severity, change.Finding.Rule == "unapproved-ai-tool")))
            .OrderBy(change => change.Event.Change == "resolved")
            .ThenByDescending(change => change.Finding.Severity)
            .ThenBy(change => change.Finding.SubjectName, StringComparer.Ordinal).ThenBy(change => change.Finding.Id, StringComparer.Ordinal)
            .Select(change => words.ChangeLine(change.Finding, change.Event.Change))
            .ToImmutableArray();
        return Told(input, words, "section.changes", changes, MostLines, input.Period is null ? "change.none" : "change.none-in-period");
    }

    private static ImmutableArray<DigestSection> SecuritySections(DigestInput input, DigestWords words)
    {
        var fresh = Changed(input, "opened", "reopened")
            .OrderByDescending(change => change.Finding.Severity).ThenBy(change => change.Finding.SubjectName, StringComparer.Ordinal)
            .ThenBy(change => change.Finding.Id, StringComparer.Ordinal)
            .Select(change => words.ChangeLine(change.Finding, change.Event.Change));
        var risky = input.Apps.Where(app => app.Unapproved)
            .OrderByDescending(app => app.Risk.Score).ThenByDescending(app => app.App.Reach.Users).ThenBy(app => app.Id)
            .Select(words.RiskLine);
        var most = input.First ? MostLines : MostSecurityLines;
        return
        [
            Told(input, words, "section.findings", [.. fresh], most, input.First ? "change.first" : "section.none"),
            Section(words, "section.grants", [.. risky], MostLines, "section.none"),
            Section(words, "section.lookalikes", Lines(input, words, "look-alike"), most, "section.none"),
            Section(words, "section.drift", Lines(input, words, "approval-drift"), most, "section.none"),
            Section(words, "section.requests", Lines(input, words, "pending-request-overdue"), most, "section.none"),
        ];
    }

    private static ImmutableArray<DigestLine> Lines(DigestInput input, DigestWords words, string rule) =>
    [
        .. input.Live.Where(finding => finding.Rule == rule)
            .OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.SubjectName, StringComparer.Ordinal).ThenBy(finding => finding.Id, StringComparer.Ordinal)
            .Select(finding => words.FindingLine(finding, input.Apps.FirstOrDefault(app => app.Id.ToString() == finding.Subject))),
    ];

    private static DigestSection Section(DigestWords words, string title, ImmutableArray<DigestLine> lines, int most, string empty) =>
        new(words.Language.Text(title), [.. lines.Take(most)], lines.Length, words.Language.Text(empty)) { Key = title };

    /// <summary>A list of changes, whose title says since when they are told.</summary>
    private static DigestSection Told(DigestInput input, DigestWords words, string title, ImmutableArray<DigestLine> lines, int most, string empty)
    {
        var section = Section(words, title, lines, most, empty);
        var today = DateOnly.FromDateTime(input.AsOf.UtcDateTime);
        return input.Since is { } since && !input.First
            ? section with { Title = words.Language.Say($"{title}.since", ("date", words.Day(DateOnly.FromDateTime(since.UtcDateTime), today))).ToPlainText() }
            : section;
    }

    private static IEnumerable<(Finding Finding, FindingEvent Event)> Changed(DigestInput input, params ImmutableArray<string> changes)
    {
        var findings = input.Findings.ToDictionary(finding => finding.Id, StringComparer.Ordinal);
        return input.Events
            .Where(change => changes.Contains(change.Change) && findings.ContainsKey(change.FindingId))
            .Select(change => (findings[change.FindingId], change));
    }

    internal static Wording? DataNote(DigestInput input, DigestWords words)
    {
        var language = words.Language;
        var missing = input.Parts
            .Where(part => !part.Complete && (Inventory.Needed.Contains(part.Part) || part.Status is PartStatus.Partial or PartStatus.Unavailable))
            .Select(part => language.Say("note.part", ("part", language.Text($"part.{part.Part}")), ("status", language.Text($"part-status.{part.Status}"))).ToPlainText())
            .ToArray();
        return missing.Length == 0 ? null : language.Say("note.incomplete", ("parts", string.Join(language.Text("list.comma"), missing)));
    }
}
