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

    /// <summary>Puts every rule about apps to an app.</summary>
    public static IEnumerable<Judgement> Of(AssessedApp app, JudgementContext context)
    {
        var subject = app.Id.ToString();
        foreach (var rule in OfApps)
        {
            yield return Judge(rule, app, subject, context);
        }
    }

    /// <summary>Puts every rule about consent requests to those of the tenant.</summary>
    /// <remarks>Requests for one app are one subject: the longest waiting one speaks for it.</remarks>
    public static IEnumerable<Judgement> OfConsentRequests(JudgementContext context) =>
        from same in context.Inventory.ConsentRequests.GroupBy(request => request.AppId)
        let request = same.OrderByDescending(request => request.Pending is not 0)
            .ThenBy(request => request.OldestPendingAt ?? DateTimeOffset.MaxValue)
            .ThenBy(request => request.Id, StringComparer.Ordinal).First()
        from rule in OfRequests
        select new Judgement(rule.Id, request.AppId.ToString(), request.AppDisplayName, rule.Judge(request, context));

    private static Judgement Judge(IAppRule rule, AssessedApp app, string subject, JudgementContext context)
    {
        var verdict = rule.Judge(app, context);
        if (context.History.NotSeen.Contains(app.Id) && verdict is not Verdict.Pass { Basis: PassBasis.Policy })
        {
            verdict = new Verdict.NotAssessed("the app's consents in this scan");
        }

        return new Judgement(rule.Id, subject, app.App.Principal.Name, verdict);
    }
}
