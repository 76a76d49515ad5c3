using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>An app that was abused in attacks elsewhere is in the tenant. A reason to look, not a proof.</summary>
internal sealed class KnownAbusedApp : IAppRule
{
    public string Id => "known-abused-app";

    public ImmutableArray<InventoryPart> RestsOn => RuleFacts.Consents;

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (app.Classification.AbusedElsewhere is not { } report)
        {
            return new Verdict.Pass("not reported as abused any more");
        }

        var severity = !app.App.HoldsConsent ? Severity.Medium
            : RuleFacts.Highest(app.Permissions) >= Severity.High ? Severity.Critical
            : Severity.High;
        return new Verdict.Violation(
            severity,
            "An app that was abused elsewhere is present in the tenant.",
            [new("report", report), RuleFacts.Users(app), RuleFacts.Permissions("permissions", app.Permissions)]);
    }
}
