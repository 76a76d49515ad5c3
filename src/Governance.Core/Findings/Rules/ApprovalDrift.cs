using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>An approved tool goes beyond the bounds of its approval.</summary>
internal sealed class ApprovalDrift : IAppRule
{
    public string Id => "approval-drift";

    public ImmutableArray<InventoryPart> RestsOn => [.. RuleFacts.Consents, InventoryPart.Users];

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

        // Within bounds is a fact about what was seen, so it needs complete parts even though a decision stands behind it.
        return app.Standing.State == GovernanceState.Drifted
            ? new Verdict.Violation(
                RuleFacts.AtLeast(Severity.Medium, app.Risk.Level),
                "An approved tool holds more than its approval allows.",
                [
                    new("approval", app.Standing.Approval ?? "unnamed"),
                    RuleFacts.Standing(app),
                    RuleFacts.Users(app),
                    RuleFacts.Permissions("permissions", app.Permissions),
                ])
            : new Verdict.Pass("not beyond an approval any more");
    }
}
