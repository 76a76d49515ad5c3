using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>A tool holds consent although its approval has ended.</summary>
internal sealed class ApprovalExpired : IAppRule
{
    public string Id => "approval-expired";

    public ImmutableArray<InventoryPart> RestsOn => RuleFacts.Consents;

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (!app.App.HoldsConsent)
        {
            return RuleFacts.NoConsent;
        }

        if (RuleFacts.NotAssessed(app) is { } unknown)
        {
            return unknown;
        }

        return app.Standing.State == GovernanceState.Expired
            ? new Verdict.Violation(
                RuleFacts.AtLeast(Severity.Medium, app.Risk.Level),
                "A tool holds consent although its approval has ended.",
                [new("approval", app.Standing.Approval ?? "unnamed"), RuleFacts.Standing(app), RuleFacts.Users(app)])
            : new Verdict.Pass("its approval is not an ended one", PassBasis.Policy);
    }
}
