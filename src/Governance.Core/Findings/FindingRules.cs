using System.Collections.Immutable;
using Governance.Core.Findings.Rules;

namespace Governance.Core.Findings;

/// <summary>Every rule, and the judging of a whole tenant by them.</summary>
public static class FindingRules
{
    /// <summary>Sorted by id.</summary>
    public static readonly ImmutableArray<IFindingRule> All =
    [
        new AiApplicationPermission(),
        new ApprovalDrift(),
        new ApprovalExpired(),
        new ConsentByUntrainedUsers(),
        new ConsentRefusedByTodaysPolicy(),
        new CustomerDataUnverifiedPublisher(),
        new DeniedToolConsented(),
        new DormantAiAccess(),
        new KnownAbusedApp(),
        new LookAlike(),
        new PendingRequestOverdue(),
        new SuddenRiseInConsents(),
        new TenantWideAiConsent(),
        new UnapprovedAiTool(),
        new UnknownAppHighImpact(),
    ];

    private static readonly ImmutableArray<IAppRule> OfApps = [.. All.OfType<IAppRule>()];

    private static readonly ImmutableArray<IRequestRule> OfRequests = [.. All.OfType<IRequestRule>()];

    /// <returns>Null when no rule has the id.</returns>
    public static IFindingRule? ById(string id) => All.FirstOrDefault(rule => rule.Id == id);

    /// <summary>Puts every rule to every subject.</summary>
    /// <returns>Sorted by subject and rule, whatever the order of the input.</returns>
    public static ImmutableArray<Judgement> Judge(ImmutableArray<AssessedApp> apps, JudgementContext context)
    {
        var judgements = new Judgement[apps.Length * OfApps.Length];
        Parallel.For(0, apps.Length, at =>
        {
            for (var rule = 0; rule < OfApps.Length; rule++)
            {
                judgements[(at * OfApps.Length) + rule] = Judge(OfApps[rule], apps[at], context);
            }
        });

        return
        [
            .. judgements.Concat(Requests(context))
                .OrderBy(judgement => judgement.Subject, StringComparer.Ordinal)
                .ThenBy(judgement => judgement.Rule, StringComparer.Ordinal),
        ];
    }

    private static Judgement Judge(IAppRule rule, AssessedApp app, JudgementContext context)
    {
        var verdict = rule.Judge(app, context);
        if (context.History.NotSeen.Contains(app.Id) && verdict is not Verdict.Pass { Basis: PassBasis.Policy })
        {
            verdict = new Verdict.NotAssessed("the app's consents in this scan");
        }

        return new Judgement(rule.Id, app.Id.ToString(), app.App.Principal.Name, verdict);
    }

    /// <summary>Requests for one app are one subject: the longest waiting one speaks for it.</summary>
    private static IEnumerable<Judgement> Requests(JudgementContext context) =>
        from same in context.Inventory.ConsentRequests.GroupBy(request => request.AppId)
        let request = same.OrderByDescending(request => request.Pending is not 0)
            .ThenBy(request => request.OldestPendingAt ?? DateTimeOffset.MaxValue)
            .ThenBy(request => request.Id, StringComparer.Ordinal).First()
        from rule in OfRequests
        select new Judgement(rule.Id, request.AppId.ToString(), request.AppDisplayName, rule.Judge(request, context));
}
