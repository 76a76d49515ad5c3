using Governance.Core.Consents;

namespace Governance.Core.Catalogue;

/// <summary>Decides what an app is. Keeps no state: safe for many threads, and equal input gives equal output.</summary>
/// <param name="catalogue">Products to recognise.</param>
/// <param name="homeTenant">Tenant that is judged; null when unknown, and then no app counts as internal.</param>
/// <param name="asOf">When the apps were read; null when unknown, and then no app counts as fresh.</param>
public sealed class AppClassifier(ProductCatalogue catalogue, Guid? homeTenant, DateTimeOffset? asOf = null)
{
    /// <summary>How long an app counts as fresh; a look-alike is mostly used within days of its registration.</summary>
    private const int FreshDays = 30;

    public Classification Classify(ServicePrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        var traits = AppTraits.Of(principal, catalogue, homeTenant);
        var assessment = AiJudgement.Of(traits);
        var imitation = ImitationDetector.Find(traits, assessment);
        return new Classification(
            imitation is null ? assessment : imitation.Apply(assessment),
            imitation is null ? null : WithFreshness(imitation.Lookalike, principal),
            traits.FirstParty,
            KnownAbusedApps.ReasonFor(principal.AppId));
    }

    /// <summary>Freshness accuses nobody by itself; it stands beside the sign that does.</summary>
    private Lookalike WithFreshness(Lookalike lookalike, ServicePrincipal principal) =>
        asOf is { } read && principal.CreatedAt is { } created && created > read.AddDays(-FreshDays)
            ? lookalike with { Evidence = lookalike.Evidence.Add($"came to the tenant on {created.UtcDateTime:yyyy-MM-dd}, within {FreshDays} days of the scan") }
            : lookalike;
}
