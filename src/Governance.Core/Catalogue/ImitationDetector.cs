using System.Collections.Immutable;
using System.Text;

namespace Governance.Core.Catalogue;

/// <summary>Finds apps that look like a product they are not. Accuses only with a positive sign; missing proof of identity is none.</summary>
internal static class ImitationDetector
{
    public static Imitation? Find(AppTraits traits, AiAssessment assessment)
    {
        if (assessment.Proof == IdentityProof.AppId || traits.FirstParty || traits.Internal)
        {
            return null;
        }

        var spelled = MisspeltName.Find(traits, traits.Name.Words) ?? (traits.PublisherKeyVerified.Length > 0 || traits.Principal.PublisherName is not { } publisher
            ? null
            : MisspeltName.Find(traits, NameWords.Of(publisher)));
        var claims = BrandClaim.Find(traits);
        if (spelled is { } near)
        {
            var evidence = ImmutableArray.Create(near.Evidence);
            if (claims is not null)
            {
                evidence = evidence.AddRange(claims.Evidence);
            }

            var imitates = Corrected(traits, near) ?? near.Word.Brand.Name;
            var product = traits.Catalogue.Names.Exact(NameWords.Of(imitates).Folded)?.Product ?? near.Word.Brand.Product;
            return new Imitation(new Lookalike(imitates, near.Technique, evidence), product);
        }

        return claims is null ? null : new Imitation(new Lookalike(claims.Brand.Name, claims.Technique, claims.Evidence), claims.Brand.Product);
    }

    /// <returns>The longest product name that the name would hold if it were spelt right; null when it would hold none.</returns>
    private static string? Corrected(AppTraits traits, NearMiss near)
    {
        var raw = traits.Name.Words.Raw;
        var at = raw.IndexOf(near.Written, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var right = new StringBuilder(raw).Remove(at, near.Written.Length).Insert(at, near.Word.Folded).ToString();
        return traits.Catalogue.Names.FindIn(NameWords.Of(right))
            .Where(match => match.Name.Text.Contains(near.Word.Folded, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(match => match.Name.Text.Length)
            .Select(match => match.Name.Product.Name)
            .FirstOrDefault();
    }
}
