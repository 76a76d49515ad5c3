namespace Governance.Core.Catalogue;

/// <summary>The product that an app's name points to.</summary>
/// <param name="Weight">How far the name is to be trusted.</param>
internal sealed record NamedProduct(NameMatch Match, double Weight)
{
    /// <summary>Shorter common words name nothing by themselves.</summary>
    private const int ShortestAlone = 5;

    public Product Product => Match.Name.Product;

    /// <returns>Null when the name points to no product, or only by a common word that nothing else supports.</returns>
    public static NamedProduct? In(AppTraits traits)
    {
        var name = traits.Name;
        var candidates = name.Matches
            .Select(match => (Match: match, Weight: WeightOf(traits, match)))
            .Where(candidate => candidate.Weight > 0)
            .ToList();
        if (candidates.Count == 0)
        {
            return null;
        }

        var (best, weight) = candidates
            .OrderBy(candidate => candidate.Match.First > name.Connecting)
            .ThenByDescending(candidate => candidate.Match.Name.Product.Kind == AiVerdict.Ai)
            .ThenByDescending(candidate => candidate.Weight)
            .ThenByDescending(candidate => candidate.Match.Last - candidate.Match.First)
            .ThenBy(candidate => candidate.Match.First)
            .First();
        return new NamedProduct(best, weight);
    }

    private static double WeightOf(AppTraits traits, NameMatch match)
    {
        var whole = traits.Name.Whole(match);
        if (!match.Name.Ambiguous || Supported(traits, match))
        {
            return whole ? SignalWeights.WholeName : SignalWeights.PartOfName;
        }

        var folded = NameWords.Of(match.Name.Text).Folded;
        return whole && folded.Length >= ShortestAlone && !OrdinaryWords.Embedded.Contains(folded) && !Contradicted(traits, match.Name.Product)
            ? SignalWeights.AmbiguousName
            : 0;
    }

    /// <summary>A common word counts when the publisher, a host, the ".ai" spelling or a word for AI agrees.</summary>
    private static bool Supported(AppTraits traits, NameMatch match)
    {
        var product = match.Name.Product;
        return traits.VerifiedMaker.Any(made => AppTraits.SameVendor(made, product))
            || traits.StatedMaker.Any(made => AppTraits.SameVendor(made, product))
            || traits.Hosts.Exists(host => host.Product is { } served && AppTraits.SameVendor(served, product))
            || product.Kind is AiVerdict.Ai or AiVerdict.AiFeature && !Contradicted(traits, product) && (traits.Name.BesideAi(match)
                || NameReading.Strength(traits.Name.SignsBeside(match)) >= GenericSignals.Strong
                || traits.Name.Matches.Exists(other => other != match && !ReferenceEquals(other.Name.Product, product) && AppTraits.SameVendor(other.Name.Product, product)));
    }

    /// <summary>Somebody else is proven to be behind the app.</summary>
    private static bool Contradicted(AppTraits traits, Product product) =>
        traits.PublisherKeyVerified.Length > 0 && !traits.VerifiedMaker.Any(made => AppTraits.SameVendor(made, product))
        || traits.Hosts.Count > 0 && !traits.Hosts.Exists(host => host.Product is { } served && AppTraits.SameVendor(served, product));
}
