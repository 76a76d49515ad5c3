using System.Collections.Immutable;
using Governance.Core.Findings;
using Governance.Core.Risk;

namespace Governance.Core.Digest;

/// <summary>Picks what leaders should decide: the five heaviest, one per app, each with an owner and a day.</summary>
internal static class Decisions
{
    private const int Most = 5;

    /// <summary>Rules that ask for a decision, with the words that ask it, most pressing first.</summary>
    private static readonly ImmutableArray<(string Rule, string Words)> Asking =
    [
        ("look-alike", "decision.check-lookalike"),
        ("denied-tool-consented", "decision.remove-denied"),
        ("approval-expired", "decision.renew"),
        ("approval-drift", "decision.review-drift"),
        ("unapproved-ai-tool", "decision.approve-or-deny"),
    ];

    public static ImmutableArray<DigestDecision> For(DigestInput input, DigestWords words)
    {
        var today = DateOnly.FromDateTime(input.AsOf.UtcDateTime);
        var apps = input.Apps.ToDictionary(app => app.Id.ToString(), StringComparer.OrdinalIgnoreCase);
        return
        [
            .. input.Live
                .Select(finding => (Finding: finding, Rank: Asking.ToList().FindIndex(asking => asking.Rule == finding.Rule)))
                .Where(asked => asked.Rank >= 0 && apps.ContainsKey(asked.Finding.Subject))
                .GroupBy(asked => asked.Finding.Subject)
                .Select(same => same.MinBy(asked => asked.Rank))
                .Select(asked => (asked.Finding, asked.Rank, App: apps[asked.Finding.Subject]))
                .OrderByDescending(asked => asked.Finding.Severity)
                .ThenByDescending(asked => (long)asked.App.Risk.Score * Math.Max(1, asked.App.App.Reach.Users))
                .ThenBy(asked => asked.Finding.Id, StringComparer.Ordinal)
                .Take(Most)
                .Select(asked => Decide(asked.Finding, Asking[asked.Rank].Words, asked.App, today, words)),
        ];
    }

    private static DigestDecision Decide(Finding finding, string key, AssessedApp app, DateOnly today, DigestWords words)
    {
        var due = DateOnly.FromDateTime(finding.OpenedAt.UtcDateTime).AddDays(DaysToDecide(finding.Severity));
        return new DigestDecision(
            words.Language.Say(
                key,
                ("app", words.Name(finding.SubjectName)),
                ("people", words.People(app.App.Reach)),
                ("data", words.Data(app)),
                ("imitates", Wording.Tenant(app.Classification.Lookalike?.Imitates ?? string.Empty))),
            words.Language.Say("decision.owner", ("owner", Owner(app, words))),
            due,
            words.Language.Say(due < today ? "decision.overdue" : "decision.due", ("date", words.Language.ShortDate(due))).ToPlainText(),
            DigestWords.ToneOf(finding.Severity))
        {
            Overdue = due < today,
        };
    }

    /// <summary>The department that uses the tool most decides with Security; Security alone where no department is known.</summary>
    private static Wording Owner(AssessedApp app, DigestWords words)
    {
        var department = app.App.Reach.ByDepartment.OrderByDescending(part => part.Value).ThenBy(part => part.Key, StringComparer.Ordinal).FirstOrDefault().Key;
        return department is null
            ? words.Language.Say("owner.security")
            : words.Language.Say("owner.department", ("department", Wording.Tenant(department)));
    }

    /// <summary>Days from the finding to the decision, by severity.</summary>
    private static int DaysToDecide(Severity severity) => severity switch
    {
        Severity.Critical => 2,
        Severity.High => 7,
        Severity.Medium => 14,
        _ => 30,
    };
}
