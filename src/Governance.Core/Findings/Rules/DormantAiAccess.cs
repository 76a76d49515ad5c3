using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>An AI tool that nobody uses any more keeps its access.</summary>
internal sealed class DormantAiAccess : IAppRule
{
    public string Id => "dormant-ai-access";

    public ImmutableArray<InventoryPart> RestsOn => [.. RuleFacts.Consents, InventoryPart.SignInActivity];

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (RuleFacts.NoAiInUse(app) is { } nothing)
        {
            return nothing;
        }

        var boundary = context.AsOf.AddDays(-context.Policy.DormantAfterDays);
        if (app.App.LastSignIn is { } last && last >= boundary)
        {
            return new Verdict.Pass("signed in again");
        }

        if (!app.App.SignInsKnown || !context.Read(InventoryPart.SignInActivity))
        {
            return new Verdict.NotAssessed("sign-in activity");
        }

        if (app.App.LastSignIn is null && (app.App.Principal.CreatedAt ?? app.FirstSeen) > boundary)
        {
            return new Verdict.Pass("too new to be dormant");
        }

        return new Verdict.Violation(
            RuleFacts.Highest(app.Permissions) >= Severity.High ? Severity.Medium : Severity.Low,
            "An AI tool without recent sign-ins keeps its access.",
            [
                RuleFacts.Day("last sign-in", app.App.LastSignIn),
                RuleFacts.Number("dormant after days", context.Policy.DormantAfterDays),
                RuleFacts.Permissions("permissions", app.Permissions),
            ]);
    }
}
