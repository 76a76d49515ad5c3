using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>People who did not take the training use an AI tool.</summary>
internal sealed class ConsentByUntrainedUsers : IAppRule
{
    public string Id => "consent-by-untrained-users";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants];

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (RuleFacts.NoAiInUse(app) is { } nothing)
        {
            return nothing;
        }

        if (context.TrainedUsers is not { } trained)
        {
            return new Verdict.NotAssessed("members of the training group");
        }

        var consenting = OwnConsents.Users(context.Inventory.Grants, app.Id);
        var untrained = consenting.Count(user => !trained.Contains(user));
        if (untrained == 0)
        {
            return new Verdict.Pass("everyone who consented is trained");
        }

        return new Verdict.Violation(
            app.Permissions.Any(permission => permission.Rating.Categories.Contains(DataCategory.CustomerPii)) ? Severity.Medium : Severity.Low,
            "People without training consented to an AI tool.",
            [RuleFacts.Number("untrained users", untrained), RuleFacts.Number("users with a consent of their own", consenting.Count)]);
    }
}
