using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>An AI tool holds consent without a decision of the organisation on it.</summary>
/// <remarks>Denied, drifted and expired tools have rules of their own, so that one consent gives one finding about approval.</remarks>
internal sealed class UnapprovedAiTool : IAppRule
{
    public string Id => "unapproved-ai-tool";

    public ImmutableArray<InventoryPart> RestsOn => RuleFacts.Consents;

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (RuleFacts.NoAiInUse(app) is { } nothing)
        {
            return nothing;
        }

        if (RuleFacts.NotAssessed(app) is { } unknown)
        {
            return unknown;
        }

        return app.Standing.State switch
        {
            GovernanceState.Approved => new Verdict.Pass("approved", PassBasis.Policy),
            GovernanceState.Drifted => new Verdict.Pass("now judged as approval-drift", PassBasis.Policy),
            GovernanceState.Expired => new Verdict.Pass("now judged as approval-expired", PassBasis.Policy),
            GovernanceState.Denied => new Verdict.Pass("denied", PassBasis.Policy),
            GovernanceState.UnderReview => Violation(app, OneStepBelow(app.Risk.Level), "An AI tool whose review is not finished holds consent."),
            _ => Violation(app, app.Risk.Level, "An AI tool holds consent without approval."),
        };
    }

    private static Severity OneStepBelow(Severity level) => level > Severity.Low ? level - 1 : level;

    private static Verdict.Violation Violation(AssessedApp app, Severity severity, string title) => new(
        RuleFacts.AtLeast(Severity.Low, severity),
        title,
        [
            new("product", app.Classification.Ai.Product ?? "not in the catalogue"),
            RuleFacts.Standing(app),
            RuleFacts.Users(app),
            RuleFacts.Permissions("permissions", app.Permissions),
        ]);
}
