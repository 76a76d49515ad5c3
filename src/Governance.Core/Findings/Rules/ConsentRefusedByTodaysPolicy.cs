using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>Users hold consents of their own that the tenant's consent setting would refuse today.</summary>
internal sealed class ConsentRefusedByTodaysPolicy : IAppRule
{
    public string Id => "consent-refused-by-todays-policy";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants];

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (RuleFacts.NoAiInUse(app) is { } nothing)
        {
            return nothing;
        }

        if (context.Inventory.UserConsent is not { } setting)
        {
            return new Verdict.NotAssessed("the tenant's consent policy");
        }

        var users = OwnConsents.Users(context.Inventory.Grants, app.Id).Count;
        if (users == 0)
        {
            return new Verdict.Pass("no user holds a consent of their own");
        }

        return setting switch
        {
            UserConsentPolicy.AnyApp => new Verdict.Pass("users may consent to any app"),
            UserConsentPolicy.Nothing => Violation(app, users, "users may not consent at all"),
            UserConsentPolicy.VerifiedAndLow when app.App.Principal.VerifiedPublisher is null && !app.Classification.Ai.Internal =>
                Violation(app, users, "users may consent only to apps of verified publishers"),
            UserConsentPolicy.VerifiedAndLow => new Verdict.NotAssessed("which permissions the tenant classifies as low"),
            _ => new Verdict.NotAssessed("the content of the tenant's consent policy"),
        };
    }

    private static Verdict.Violation Violation(AssessedApp app, int users, string setting) => new(
        RuleFacts.Highest(app.Permissions) >= Severity.High ? Severity.Medium : Severity.Low,
        "Users hold consents that today's consent setting would refuse.",
        [new("setting", setting), RuleFacts.Number("users with a consent of their own", users), RuleFacts.Publisher(app)]);
}
