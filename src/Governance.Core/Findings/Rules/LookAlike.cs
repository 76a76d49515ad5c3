using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>An app imitates a known product.</summary>
internal sealed class LookAlike : IAppRule
{
    public string Id => "look-alike";

    public ImmutableArray<InventoryPart> RestsOn => RuleFacts.Consents;

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (app.Classification.Lookalike is not { } lookalike)
        {
            return new Verdict.Pass("does not look like another product any more");
        }

        var severity = !app.App.HoldsConsent ? Severity.Medium
            : RuleFacts.Highest(app.Permissions) == Severity.Critical ? Severity.Critical
            : Severity.High;
        return new Verdict.Violation(
            severity,
            "An app looks like a known product but is not proven to be it.",
            [
                new("imitates", lookalike.Imitates),
                new("technique", lookalike.Technique),
                .. lookalike.Evidence.Select(text => new EvidenceItem("shown by", text)),
                RuleFacts.Publisher(app),
            ]);
    }
}
