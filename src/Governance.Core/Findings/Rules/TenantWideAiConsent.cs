using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>One consent gave an AI tool that is not approved access on behalf of every user.</summary>
internal sealed class TenantWideAiConsent : IAppRule
{
    public string Id => "tenant-wide-ai-consent";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants];

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (RuleFacts.NoAiInUse(app) is { } nothing)
        {
            return nothing;
        }

        if (!app.App.Reach.TenantWide)
        {
            return new Verdict.Pass("consent for every user no longer present");
        }

        if (RuleFacts.NotAssessed(app) is { } unknown)
        {
            return unknown;
        }

        if (RuleFacts.Approved(app))
        {
            return new Verdict.Pass("approved", PassBasis.Policy);
        }

        var forAll = app.Permissions.Where(permission => permission.Held is { Kind: PermissionKind.Delegated, TenantWide: true }).ToArray();
        return new Verdict.Violation(
            RuleFacts.AtLeast(Severity.Medium, RuleFacts.Highest(forAll)),
            "An AI tool without approval may act on behalf of every user.",
            [RuleFacts.Users(app), RuleFacts.Permissions("permissions for every user", forAll), RuleFacts.Standing(app)]);
    }
}
