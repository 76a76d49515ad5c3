using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>An AI tool that is not approved works as itself, without a user, on the whole tenant.</summary>
internal sealed class AiApplicationPermission : IAppRule
{
    public string Id => "ai-application-permission";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.AppRoleAssignments];

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (RuleFacts.NoAiInUse(app) is { } nothing)
        {
            return nothing;
        }

        if (!app.App.HoldsApplicationPermission)
        {
            return new Verdict.Pass("application permission no longer present");
        }

        if (RuleFacts.NotAssessed(app) is { } unknown)
        {
            return unknown;
        }

        if (RuleFacts.Approved(app))
        {
            return new Verdict.Pass("approved", PassBasis.Policy);
        }

        var held = app.Permissions.Where(permission => permission.Held.Kind == PermissionKind.Application).ToArray();
        return new Verdict.Violation(
            RuleFacts.AtLeast(Severity.High, RuleFacts.Highest(held)),
            "An AI tool without approval holds permissions that need no user.",
            [RuleFacts.Permissions("application permissions", held), RuleFacts.Standing(app)]);
    }
}
