using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>A tool that the organisation forbids holds consent.</summary>
internal sealed class DeniedToolConsented : IAppRule
{
    public string Id => "denied-tool-consented";

    public ImmutableArray<InventoryPart> RestsOn => RuleFacts.Consents;

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (app.Standing.State != GovernanceState.Denied)
        {
            return new Verdict.Pass("no longer denied", PassBasis.Policy);
        }

        return app.App.HoldsConsent
            ? new Verdict.Violation(
                RuleFacts.AtLeast(Severity.High, app.Risk.Level),
                "A tool that the organisation denied holds consent.",
                [RuleFacts.Standing(app), RuleFacts.Users(app), RuleFacts.Permissions("permissions", app.Permissions)])
            : RuleFacts.NoConsent;
    }
}
