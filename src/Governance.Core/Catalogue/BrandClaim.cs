using System.Collections.Immutable;

namespace Governance.Core.Catalogue;

/// <summary>A name that claims a brand while something else speaks against its owner being behind it.</summary>
internal sealed record BrandClaim(Brand Brand, string Technique, ImmutableArray<string> Evidence)
{
    public static BrandClaim? Find(AppTraits traits)
    {
        var words = traits.Name.Words;
        var claimed = Claimed(traits);
        if (claimed is not { } claim || claim.Brand.Genuine(traits))
        {
            return null;
        }

        var brand = claim.Brand;
        var rest = Remainder(words, claim.First, claim.Last);
        var foreign = traits.Hosts.Where(host => !brand.Owns(host)).ToList();
        var evidence = ImmutableArray.CreateBuilder<string>();
        string? technique = null;
        if (rest.OnlyBait && (rest.StrongBait > 0 || rest.WeakBait > 0 && foreign.Count > 0) && !rest.Integration && !ThirdPartyVerified(traits) && !OwnProduct(traits))
        {
            technique ??= "bait";
            evidence.Add($"\"{brand.Name}\" beside words that lure: {rest.Shown}");
        }

        if (brand.Microsoft && traits.Principal.OwnerTenantId is { } owner && !rest.Integration && (rest.OnlyBait || rest.Nothing) && !ThirdPartyVerified(traits))
        {
            technique = "wrongOwner";
            evidence.Insert(0, $"named as Microsoft's, registered in {owner:D}, which is not Microsoft's");
        }

        if (rest.Nothing && brand.Curated && traits.PublisherKeyVerified.Length > 0)
        {
            technique ??= "wrongPublisher";
            evidence.Add($"named {brand.Name}, verified publisher is {traits.Principal.VerifiedPublisher!.Name}");
        }
        else if (rest.Nothing && traits.PublisherKeyVerified.Length > 0 && foreign.Count > 0 && foreign.Count == traits.Hosts.Count && !Related(traits, brand))
        {
            technique ??= "wrongPublisher";
            evidence.Add($"named {brand.Name}, verified publisher is {traits.Principal.VerifiedPublisher!.Name} at {foreign[0].Registrable}");
        }

        if (rest.Nothing && (brand.Curated || brand.Domains.Count > 0) && foreign.Count > 0 && foreign.TrueForAll(host => host.Product is null) && foreign.Exists(host => host.Reply)
            && !traits.Hosts.Exists(host => host.Reply && brand.Owns(host)) && !Related(traits, brand))
        {
            technique ??= "wrongDomain";
            evidence.Add($"named {brand.Name}, leads to {string.Join(", ", foreign.Select(host => host.Registrable).Distinct(StringComparer.Ordinal).Take(3))}");
        }

        return technique is null ? null : new BrandClaim(brand, technique, evidence.ToImmutable());
    }

    /// <summary>The brand the name begins with, bait words aside; curated ones first, then the longest.</summary>
    private static (Brand Brand, int First, int Last)? Claimed(AppTraits traits)
    {
        var words = traits.Name.Words;
        var start = 0;
        foreach (var (first, last, _) in NameVocabulary.Bait.FindIn(words))
        {
            if (first <= start && words.StartsWord(first) && words.EndsWord(last))
            {
                start = Math.Max(start, last + 1);
            }
        }

        // A longer product name that begins with the brand, such as "Zendesk Support", is that product.
        var longest = traits.Name.Matches.Where(match => match.First <= start).Select(match => match.Last).DefaultIfEmpty(-1).Max();
        var found = traits.Catalogue.Brands.Phrases.FindIn(words)
            .Where(phrase => phrase.First <= start && words.StartsWord(phrase.First) && words.EndsWord(phrase.Last) && phrase.Last < traits.Name.Connecting)
            .OrderByDescending(phrase => phrase.Last)
            .ThenByDescending(phrase => phrase.Value.Curated)
            .Select(phrase => ((Brand Brand, int First, int Last)?)(phrase.Value, phrase.First, phrase.Last))
            .FirstOrDefault();
        return found is { } claim && (longest <= claim.Last || Owned(traits, claim.Brand, longest)) ? (claim.Brand, claim.First, Math.Max(claim.Last, longest)) : null;
    }

    /// <summary>The longer product is the brand owner's own, so that claiming it claims the brand.</summary>
    private static bool Owned(AppTraits traits, Brand brand, int last) => traits.Name.Matches.Exists(match =>
        match.Last == last && match.Name.Product.PublisherNames.Any(name => brand.Publishers.Contains(PublisherKey.Of(name))));

    private readonly record struct Rest(bool Nothing, bool OnlyBait, int StrongBait, int WeakBait, bool Integration, string Shown);

    /// <summary>What stands beside the brand: nothing but neutral words, bait, or something of its own.</summary>
    private static Rest Remainder(NameWords words, int first, int last)
    {
        var neutral = new bool[words.Count];
        var bait = new int[words.Count];
        foreach (var (from, to, _) in NameVocabulary.Neutral.FindIn(words))
        {
            Array.Fill(neutral, true, from, to - from + 1);
        }

        foreach (var (from, to, strong) in NameVocabulary.Bait.FindIn(words))
        {
            for (var piece = from; piece <= to; piece++)
            {
                bait[piece] = Math.Max(bait[piece], strong ? 2 : 1);
            }
        }

        var integration = NameVocabulary.Integration.FindIn(words).Any(word => word.First > last || word.Last < first);
        var (nothing, only, strongBait, weakBait) = (true, true, 0, 0);
        var shown = new List<string>();
        for (var piece = 0; piece < words.Count; piece++)
        {
            if (piece >= first && piece <= last)
            {
                continue;
            }

            strongBait += bait[piece] == 2 ? 1 : 0;
            weakBait += bait[piece] == 1 ? 1 : 0;
            var plain = neutral[piece] || words[piece].Digits;
            only &= plain || bait[piece] > 0;
            nothing &= plain && bait[piece] == 0;
            if (bait[piece] > 0)
            {
                shown.Add(words.Text(piece, piece).ToString());
            }
        }

        return new Rest(nothing, only, strongBait, weakBait, integration, string.Join(' ', shown));
    }

    /// <summary>A company that Microsoft has verified stands behind the app under its own name.</summary>
    private static bool ThirdPartyVerified(AppTraits traits) => traits.PublisherKeyVerified.Length > 0;

    /// <summary>A real product has the bait word in its name, such as "Okta Verify".</summary>
    private static bool OwnProduct(AppTraits traits) =>
        traits.Catalogue.Brands.OwnProducts.FindIn(traits.Name.Words).Any() && !traits.RepliesElsewhere(_ => false);

    /// <summary>A host or publisher carries the brand's word: perhaps a name of its owner that the catalogue lacks.</summary>
    private static bool Related(AppTraits traits, Brand brand)
    {
        if (brand.Curated)
        {
            return false;
        }

        var words = brand.Publishers.Append(NameWords.Of(brand.Name).Folded).Where(word => word.Length >= 4).ToList();
        return words.Exists(word => traits.PublisherKeyVerified.Contains(word, StringComparison.Ordinal)
            || traits.Hosts.Exists(host => host.Registrable.Replace("-", string.Empty, StringComparison.Ordinal).Replace(".", string.Empty, StringComparison.Ordinal).Contains(word, StringComparison.Ordinal)));
    }
}
