using System.Collections.Immutable;

namespace Governance.Core.Catalogue;

/// <summary>Decides what an app is, by the most trusted signal that identifies it.</summary>
internal static class AiJudgement
{
    public static AiAssessment Of(AppTraits traits)
    {
        var named = NamedProduct.In(traits);
        var evidence = new List<Signal>();
        var identity = ByAppId(traits, evidence) ?? ByLearnedId(traits, evidence);
        var published = ByPublisher(traits, named, evidence);
        var hosted = ByHost(traits, named, evidence);
        Name(traits, named, evidence);
        AiDomains(traits, evidence);
        evidence.AddRange(traits.Name.SignsBeside(named?.Match));

        identity ??= published ?? hosted ?? (named is null ? null : new Identity(named.Product.Kind, named.Product, named.Product.Vendor, named.Product.Category, IdentityProof.Name, named.Weight));
        return identity is null ? Generic(traits, evidence) : Identified(traits, identity, named, evidence);
    }

    private sealed record Identity(AiVerdict Kind, Product? Product, string? Vendor, string? Category, IdentityProof Proof, double Weight);

    private static Identity? ByAppId(AppTraits traits, List<Signal> evidence)
    {
        if (traits.Known is not { } product || traits.Principal.AppId is not { } id)
        {
            return null;
        }

        evidence.Add(new Signal("appId", id.ToString("D"), product.Name, Signed(product.Kind, SignalWeights.AppId)));
        return new Identity(product.Kind, product, product.Vendor, product.Category, IdentityProof.AppId, SignalWeights.AppId);
    }

    private static Identity? ByLearnedId(AppTraits traits, List<Signal> evidence)
    {
        if (traits.Principal.AppId is not { } id || !traits.Catalogue.Learned.TryGetValue(id, out var learned))
        {
            return null;
        }

        var product = learned.Product is { } name ? traits.Catalogue.Names.Exact(NameWords.Of(name).Folded)?.Product : null;
        evidence.Add(new Signal("learnedAppId", id.ToString("D"), learned.Product ?? learned.Verdict.ToString(), Signed(learned.Verdict, SignalWeights.LearnedAppId)));
        return new Identity(learned.Verdict, product, product?.Vendor, product?.Category, IdentityProof.AppId, SignalWeights.LearnedAppId);
    }

    private static Identity? ByPublisher(AppTraits traits, NamedProduct? named, List<Signal> evidence)
    {
        if (traits.VerifiedMaker.IsEmpty)
        {
            return null;
        }

        var made = traits.VerifiedMaker;
        var vendor = made[0].Vendor;
        var product = named is not null && made.Contains(named.Product) ? named.Product
            : traits.Hosts.Select(host => host.Product).FirstOrDefault(served => served is not null && made.Contains(served))
            ?? (made.Length == 1 ? made[0] : null);
        var kind = product?.Kind ?? (made.All(other => other.Kind == made[0].Kind) ? made[0].Kind : AiVerdict.Unknown);
        evidence.Add(new Signal("verifiedPublisher", traits.Principal.VerifiedPublisher!.Name, product?.Name ?? vendor, Signed(kind, SignalWeights.VerifiedPublisher)));
        if (kind == AiVerdict.Unknown)
        {
            // A vendor of many things: its name alone tells none of them.
            return null;
        }

        return new Identity(kind, product, vendor, product?.Category ?? made[0].Category, IdentityProof.Publisher, SignalWeights.VerifiedPublisher);
    }

    private static Identity? ByHost(AppTraits traits, NamedProduct? named, List<Signal> evidence)
    {
        var served = traits.Hosts.Where(host => host.Product is not null).ToList();
        foreach (var host in served)
        {
            evidence.Add(new Signal("domain", host.Host, host.Product!.Name, Signed(host.Product.Kind, SignalWeights.Domain)));
        }

        var chosen = served.FirstOrDefault(host => named is not null && AppTraits.SameVendor(host.Product!, named.Product)) ?? served.FirstOrDefault();
        if (chosen?.Product is not { } product)
        {
            return null;
        }

        product = named is not null && AppTraits.SameVendor(product, named.Product) ? named.Product : product;
        var borrowed = !chosen.Reply && traits.RepliesElsewhere(host => host.Product is { } other && AppTraits.SameVendor(other, product));
        return new Identity(product.Kind, product, product.Vendor, product.Category, borrowed ? IdentityProof.Name : IdentityProof.Domain, SignalWeights.Domain);
    }

    private static void Name(AppTraits traits, NamedProduct? named, List<Signal> evidence)
    {
        if (named is not null)
        {
            evidence.Add(new Signal("name", traits.Name.Words.Raw, named.Match.Name.Text, Signed(named.Product.Kind, named.Weight)));
        }

        if (!traits.StatedMaker.IsEmpty && traits.VerifiedMaker.IsEmpty && traits.StatedMaker.All(made => made.Kind == traits.StatedMaker[0].Kind))
        {
            evidence.Add(new Signal("publisherName", traits.Principal.PublisherName!, traits.StatedMaker[0].Vendor, Signed(traits.StatedMaker[0].Kind, SignalWeights.PublisherName)));
        }
    }

    private static void AiDomains(AppTraits traits, List<Signal> evidence)
    {
        foreach (var host in traits.Hosts.Where(host => host.Product is null))
        {
            if (host.Registrable.EndsWith(".ai", StringComparison.Ordinal))
            {
                evidence.Add(new Signal("aiDomain", host.Host, ".ai", GenericSignals.AiDomain));
                return;
            }

            var label = host.Registrable.AsSpan(0, host.Registrable.IndexOf('.'));
            if (label.EndsWith("-ai") || label.StartsWith("ai-") || label.Contains("gpt", StringComparison.Ordinal))
            {
                evidence.Add(new Signal("aiDomain", host.Host, label.ToString(), GenericSignals.AiLabel));
                return;
            }
        }
    }

    private static AiAssessment Identified(AppTraits traits, Identity identity, NamedProduct? named, List<Signal> evidence)
    {
        var signs = Math.Min(GenericSignals.Cap, NameReading.Strength(traits.Name.SignsBeside(named?.Match)));
        var (kind, proof, product) = (identity.Kind, identity.Proof, identity.Product);
        if (kind == AiVerdict.AiFeature && proof != IdentityProof.AppId && named is not null && product is not null && AppTraits.SameVendor(named.Product, product))
        {
            var part = Math.Min(GenericSignals.Cap, NameReading.Strength(traits.Name.SignsOfHead(named.Match)));
            if (part >= GenericSignals.Strong)
            {
                // "Notion AI": the AI part of a wider product, named as such.
                return Result(traits, AiVerdict.Ai, part, identity, evidence);
            }
        }

        if (kind == AiVerdict.NotAi && proof == IdentityProof.Name && signs >= GenericSignals.Strong && (named is null || named.Match.First > traits.Name.Connecting || NameReading.Strength(traits.Name.SignsOfHead(named.Match)) >= GenericSignals.Strong))
        {
            // "GPT for Excel": the named product is what it works with.
            return Result(traits, AiVerdict.Ai, signs, new Identity(AiVerdict.Ai, null, null, null, IdentityProof.None, signs), evidence);
        }

        var confidence = Confidence(kind, identity.Weight, evidence);
        return Result(traits, kind, confidence, identity, evidence);
    }

    /// <summary>Signals for the same verdict add up; each that says otherwise takes its part away.</summary>
    private static double Confidence(AiVerdict kind, double weight, List<Signal> evidence)
    {
        var agree = 0.0;
        var contradicted = false;
        foreach (var kinds in evidence.Where(signal => signal.Kind is "appId" or "learnedAppId" or "verifiedPublisher" or "domain" or "name" or "publisherName").GroupBy(signal => signal.Kind, StringComparer.Ordinal))
        {
            var best = kinds.Where(signal => Says(kind, signal)).Select(signal => Math.Abs(signal.Weight)).DefaultIfEmpty(0).Max();
            agree = SignalWeights.Combine(agree, best);
            contradicted |= best == 0 && kinds.Any(signal => Math.Abs(signal.Weight) > 0.05 && !Says(kind, signal));
        }

        var confidence = Math.Max(weight, agree);
        return contradicted ? confidence * SignalWeights.Contradiction : confidence;
    }

    private static bool Says(AiVerdict kind, Signal signal) => kind == AiVerdict.NotAi ? signal.Weight < 0 : signal.Weight > 0;

    private static AiAssessment Generic(AppTraits traits, List<Signal> evidence)
    {
        var strength = NameReading.Strength(evidence.Where(signal => signal.Kind is "genericName" or "aiDomain" or "publisherName"));
        var strong = strength >= GenericSignals.Strong && evidence.Exists(signal => signal.Kind == "genericName" && signal.Weight >= 0.3);
        var confidence = Math.Min(GenericSignals.Cap, strength);
        var vendor = traits.VerifiedMaker is [var made, ..] ? made.Vendor : null;
        return Result(traits, strong ? AiVerdict.Ai : AiVerdict.Unknown, strong ? confidence : Math.Min(confidence, GenericSignals.Strong - 0.01),
            new Identity(AiVerdict.Unknown, null, vendor, null, vendor is null ? IdentityProof.None : IdentityProof.Publisher, 0), evidence);
    }

    private static AiAssessment Result(AppTraits traits, AiVerdict verdict, double confidence, Identity identity, List<Signal> evidence) => new(
        verdict,
        Math.Round(Math.Clamp(confidence, 0, 0.999), 3),
        identity.Product?.Category ?? identity.Category,
        identity.Product?.Vendor ?? identity.Vendor,
        identity.Product?.Name,
        identity.Proof,
        traits.Internal,
        [.. evidence.OrderByDescending(signal => Math.Abs(signal.Weight)).ThenBy(signal => signal.Kind, StringComparer.Ordinal).ThenBy(signal => signal.Value, StringComparer.Ordinal)]);

    /// <summary>Against AI below 0; a product with AI in it speaks for it by half.</summary>
    private static double Signed(AiVerdict kind, double weight) => kind switch
    {
        AiVerdict.NotAi => -weight,
        AiVerdict.AiFeature => weight / 2,
        AiVerdict.Unknown => 0,
        _ => weight,
    };
}
