using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>An app that nobody can name holds what would do great harm.</summary>
/// <remarks>Either signs of AI without proof, or a holder of consents that the directory does not list.</remarks>
internal sealed class UnknownAppHighImpact : IAppRule
{
    public string Id => "unknown-app-high-impact";

    public ImmutableArray<InventoryPart> RestsOn => RuleFacts.Consents;

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (!app.App.HoldsConsent)
        {
            return RuleFacts.NoConsent;
        }

        var highest = RuleFacts.Highest(app.Permissions);
        if (app.App.Principal.Orphan)
        {
            return Violation(app, RuleFacts.AtLeast(Severity.Low, highest), "Consents belong to an app that the directory does not list.");
        }

        if (app.Classification.FirstParty || app.Classification.Ai.Verdict != AiVerdict.Unknown || !RuleFacts.AiSigns(app))
        {
            return new Verdict.Pass("identified, or without signs of AI");
        }

        return highest >= Severity.High
            ? Violation(app, highest, "An unidentified app with signs of AI holds permissions of high impact.")
            : new Verdict.Pass("holds no permission of high impact");
    }

    private static Verdict.Violation Violation(AssessedApp app, Severity severity, string title) => new(
        severity,
        title,
        [
            new("service principal", app.Id.ToString()),
            new("signs", string.Join(", ", app.Classification.Ai.Evidence.Where(signal => signal.Weight > 0).Select(signal => signal.Matched))),
            RuleFacts.Users(app),
            RuleFacts.Permissions("permissions", app.Permissions),
        ]);
}
