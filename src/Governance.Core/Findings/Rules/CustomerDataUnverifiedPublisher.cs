using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>Permissions that open customer data are held by an AI app, or one with signs of AI, whose publisher nobody verified.</summary>
internal sealed class CustomerDataUnverifiedPublisher : IAppRule
{
    public string Id => "customer-data-unverified-publisher";

    public ImmutableArray<InventoryPart> RestsOn => RuleFacts.Consents;

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (app.Classification.FirstParty || app.Classification.Ai.Internal || !(app.Classification.Ai.IsAi || RuleFacts.AiSigns(app)))
        {
            return RuleFacts.NotAi;
        }

        if (app.App.Principal.VerifiedPublisher is not null)
        {
            return new Verdict.Pass("its publisher is verified");
        }

        var opening = app.Permissions.Where(permission => permission.Rating.Categories.Contains(DataCategory.CustomerPii)).ToArray();
        if (opening.Length == 0)
        {
            return new Verdict.Pass("holds no permission that opens customer data");
        }

        return new Verdict.Violation(
            opening.Any(permission => permission.Held.TenantWide) ? Severity.Critical : Severity.High,
            "An app of an unverified publisher can reach customer data.",
            [RuleFacts.Permissions("permissions that open customer data", opening), RuleFacts.Users(app), RuleFacts.Publisher(app)]);
    }
}
