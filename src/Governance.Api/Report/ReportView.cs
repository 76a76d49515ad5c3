using System.Collections.Immutable;
using Governance.Core;
using Governance.Core.Catalogue;
using Governance.Core.Digest;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Risk;
using Governance.Core.Scans;

namespace Governance.Api.Report;

/// <summary>What the parts of the page ask for: the facts, and the words of the reader's language.</summary>
internal sealed class ReportView
{
    /// <summary>Rows of a long table that show at once; the others are folded away behind them.</summary>
    public const int Heaviest = 15;

    /// <summary>Longest tenant text shown, in characters.</summary>
    private const int NameLimit = 120;

    private readonly ILookup<string, Finding> _bySubject;

    public ReportView(StoredFacts facts, string languageTag)
    {
        Facts = facts;
        Language = Language.Of(languageTag);
        Words = new DigestWords(Language, facts.Policy);
        Content = DigestComposer.Compose(facts.Digest, DigestAudience.Executive, languageTag);
        Figures = new ReportFigures(facts, Words);
        var own = facts.State.Apps.Where(app => !app.Classification.FirstParty);
        Listed = [.. ByRisk(own.Where(app => app.Classification.Ai.Verdict is AiVerdict.Ai or AiVerdict.AiFeature || app.Classification.Lookalike is not null))];
        FirstParty = [.. ByRisk(facts.State.Apps.Where(app => app.Classification.FirstParty && app.App.HoldsConsent))];
        InUse = [.. Listed.Where(app => app.AiInUse)];
        Costs = CostFigure.Of(facts.Policy, facts.Digest.Kpi("cost-scenario"), Words);
        Agenda = facts.Digest.Agenda;
        Today = DateOnly.FromDateTime(facts.Digest.AsOf.UtcDateTime);
        _bySubject = facts.State.Findings.ToLookup(finding => finding.Subject, StringComparer.OrdinalIgnoreCase);
        Live =
        [
            .. facts.State.Findings.Where(finding => finding.Live)
                .OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.OpenedAt).ThenBy(finding => finding.Id, StringComparer.Ordinal),
        ];
    }

    public StoredFacts Facts { get; }

    public Language Language { get; }

    public DigestWords Words { get; }

    public DigestContent Content { get; }

    public ReportFigures Figures { get; }

    /// <summary>The breach-cost scenario; empty when the policy gives no figures for it.</summary>
    public ImmutableArray<CostFigure> Costs { get; }

    public GovernanceAgenda Agenda { get; }

    /// <summary>Day of the last scan in UTC: what is past is past on that day.</summary>
    public DateOnly Today { get; }

    /// <summary>AI products, products with AI in them and look-alikes, riskiest first; Microsoft's own left out.</summary>
    public ImmutableArray<AssessedApp> Listed { get; }

    /// <summary>Microsoft's own apps that hold a consent, riskiest first.</summary>
    public ImmutableArray<AssessedApp> FirstParty { get; }

    /// <summary>The AI tools that the figures count.</summary>
    public ImmutableArray<AssessedApp> InUse { get; }

    /// <summary>Findings that stand, most severe first, then longest open.</summary>
    public ImmutableArray<Finding> Live { get; }

    /// <summary>What happened to the app's findings in the last scan, in words; empty in a first scan, where everything is new.</summary>
    public ImmutableArray<string> ChangesOf(AssessedApp app) => Facts.Digest.First
        ? []
        : [.. from finding in FindingsOf(app)
              join change in Facts.Digest.Events on finding.Id equals change.FindingId
              where change.Change is "opened" or "reopened" or "resolved"
              select Say($"change.{change.Change}", ("app", Words.Name(app.App.Principal.Name)), ("rule", Text($"rule.{finding.Rule}")))];

    /// <summary>What the app's open findings ask for, the most severe first.</summary>
    public ImmutableArray<string> RemediesOf(AssessedApp app) =>
        [.. FindingsOf(app).Where(finding => finding.Live).OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Rule, StringComparer.Ordinal)
            .Select(finding => Text($"todo.{finding.Rule}"))];

    public string Text(string key) => Language.Text(key);

    public string Say(string key, params ReadOnlySpan<(string Name, object Value)> values) => Language.Say(key, values).ToPlainText();

    public string Date(DateTimeOffset at) => Language.Date(DateOnly.FromDateTime(at.UtcDateTime));

    public string Number(decimal value) => Language.Number(value);

    public string State(GovernanceState state) => Language.Text($"state.{state}");

    public string Severity(Severity severity) => Language.Text($"severity.{severity}");

    /// <summary>Tenant text with steering marks written out.</summary>
    public static string Tenant(string? text) => TenantText.Visible(text, NameLimit);

    public static bool Unnamed(string? name) => TenantText.Plain(name).Length == 0;

    /// <returns>The value of the last scan; null when it has none of that id.</returns>
    public KpiValue? Kpi(string id) => Facts.Digest.Kpi(id);

    /// <summary>What tells of the app, a row's second line: vendor or product where it is known.</summary>
    public static string? MadeBy(AssessedApp app) => app.Classification.Ai.Vendor ?? app.App.Principal.VerifiedPublisher?.Name ?? app.App.Principal.PublisherName;

    private static IEnumerable<AssessedApp> ByRisk(IEnumerable<AssessedApp> apps) =>
        apps.OrderByDescending(app => app.Risk.Score).ThenByDescending(app => app.App.Reach.Users).ThenBy(app => app.Id);

    private IEnumerable<Finding> FindingsOf(AssessedApp app) => _bySubject[app.Id.ToString()];
}
