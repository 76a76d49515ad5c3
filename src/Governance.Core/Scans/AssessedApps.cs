using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Risk;
using Governance.Core.Scans.Records;

namespace Governance.Core.Scans;

/// <summary>Puts every verdict and every rule to every app, pack after pack, so that only a few apps are held at a time.</summary>
internal sealed class AssessedApps
{
    private readonly AppQuestions _questions;
    private readonly HeldConsents _consents;
    private readonly AppsNotSeen _notSeen;
    private readonly Guid[] _subjects;
    private readonly Dictionary<Guid, ServicePrincipal> _principals;
    private readonly JudgementContext _context;
    private readonly HashSet<(string Rule, string Subject)> _known;
    private readonly StandingEvidence _evidence;

    public AssessedApps(AppQuestions questions)
    {
        _questions = questions;
        _notSeen = AppsNotSeen.Of(questions.Inventory, questions.Previous);
        _consents = new HeldConsents(questions.Inventory, questions.Policy.Departments);
        _principals = _consents.Principals.ToDictionary(principal => principal.Id);
        _subjects = [.. _principals.Keys.Union(_notSeen.Kept).Order()];
        _context = questions.Context with { History = questions.Context.History with { NotSeen = [.. _notSeen.Kept] } };
        _evidence = StandingEvidence.Of(questions.Inventory.Parts);
        _known = [.. (questions.Previous?.Findings ?? []).Select(finding => (finding.Rule, finding.Subject))];
    }

    /// <summary>With what is known of apps that this scan did not see.</summary>
    public JudgementContext Context => _context;

    /// <param name="workers">Threads to work with.</param>
    public JudgedApps Judge(int workers)
    {
        var packs = (_subjects.Length + AppPack.Size - 1) / AppPack.Size;
        var judged = new JudgedPack[packs];
        var readers = Enumerable.Range(0, workers).Select(_ => _consents.Reader()).ToArray();
        var next = 0;
        if (workers == 1)
        {
            Work(readers[0]);
        }
        else
        {
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker => Work(readers[worker]));
        }

        return new JudgedApps(judged, _questions.Inventory.ReadAt);

        void Work(HeldConsents.ConsentReader reader)
        {
            for (int pack; (pack = Interlocked.Increment(ref next) - 1) < packs;)
            {
                judged[pack] = Pack(_subjects.AsSpan(pack * AppPack.Size, Math.Min(AppPack.Size, _subjects.Length - (pack * AppPack.Size))), reader);
            }
        }
    }

    private JudgedPack Pack(ReadOnlySpan<Guid> subjects, HeldConsents.ConsentReader reader)
    {
        var apps = new List<AssessedApp>(subjects.Length);
        var judgements = ImmutableArray.CreateBuilder<Judgement>();
        var unanswered = ImmutableArray.CreateBuilder<(string Rule, string MissingFact)>();
        foreach (var id in subjects)
        {
            var app = App(id, reader);
            var classification = _questions.Classify(app.Principal);
            if (!app.HoldsConsent && !classification.Ai.IsAi && classification.Lookalike is null)
            {
                continue;
            }

            var assessed = Assess(app, classification);
            apps.Add(assessed);
            foreach (var judgement in FindingRules.Of(assessed, _context))
            {
                if (judgement.Verdict is Verdict.NotAssessed missing)
                {
                    unanswered.Add((judgement.Rule, missing.MissingFact));
                }

                // A pass is news only for a finding that is kept.
                if (judgement.Verdict is Verdict.Violation || _known.Contains((judgement.Rule, judgement.Subject)))
                {
                    judgements.Add(judgement);
                }
            }
        }

        return new JudgedPack(
            AppPack.Of(apps, _questions.Inventory.ReadAt, _questions.KeepsRecords ? null : _questions.Previous?.Apps),
            [.. apps.Where(app => app.AiInUse || app.Classification.Lookalike is not null)],
            [.. apps.Where(app => _questions.Marked.Contains(app.Id.ToString()) && !_notSeen.Kept.Contains(app.Id))],
            judgements.ToImmutable(),
            unanswered.ToImmutable());
    }

    private ConsentedApp App(Guid id, HeldConsents.ConsentReader reader)
    {
        var seen = _principals.GetValueOrDefault(id);
        if (_notSeen.Kept.Contains(id))
        {
            var known = _questions.Unread[id].App;
            return seen is null ? known : known with { Principal = seen };
        }

        var app = reader.Of(seen!);
        return _notSeen.WithoutRecord.Contains(id)
            ? app with { Principal = _questions.Unread[id].App.Principal, FirstParty = _questions.Unread[id].App.FirstParty }
            : app;
    }

    private AssessedApp Assess(ConsentedApp app, Classification classification)
    {
        var id = app.Principal.Id;
        var asOf = _questions.Inventory.ReadAt;
        var today = DateOnly.FromDateTime(asOf.UtcDateTime);
        var kept = _notSeen.Kept.Contains(id);
        var known = _questions.Previous?.Apps.GetValueOrDefault(id);
        var lastSeen = known is not null && (kept || known.LastSeen > asOf) ? known.LastSeen : asOf;
        var rated = RiskAssessor.BuiltIn.Table.Rate(app);
        return new AssessedApp(
            app,
            classification,
            rated,
            RiskAssessor.BuiltIn.Assess(app, rated, classification, _questions.Policy, asOf),
            PolicyStanding.Of(app, classification, _questions.Policy, today, DataOpened.By, _evidence with { Earlier = known?.Standing }),
            _questions.Previous?.FirstSeen(id) ?? asOf,
            lastSeen)
        {
            UsersOverTime = ReachHistory.With(
                known?.UsersOverTime ?? [], today, app.Reach.Users, app.Reach.Certain && !kept, _context.Thresholds.RiseWindowDays),
        };
    }
}
