using Governance.Core.Consents;

namespace Governance.Core.Catalogue;

/// <summary>Decides what an app is. Keeps no state: safe for many threads, and equal input gives equal output.</summary>
/// <param name="catalogue">Products to recognise.</param>
/// <param name="homeTenant">Tenant that is judged; null when unknown, and then no app counts as internal.</param>
public sealed class AppClassifier(ProductCatalogue catalogue, Guid? homeTenant)
{
    public Classification Classify(ServicePrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        var traits = AppTraits.Of(principal, catalogue, homeTenant);
        var assessment = AiJudgement.Of(traits);
        var imitation = ImitationDetector.Find(traits, assessment);
        return new Classification(
            imitation is null ? assessment : imitation.Apply(assessment),
            imitation?.Lookalike,
            traits.FirstParty,
            KnownAbusedApps.ReasonFor(principal.AppId));
    }
}
