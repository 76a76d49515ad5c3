using System.Collections.Frozen;

namespace Governance.Core.Catalogue;

/// <summary>A brand that others imitate.</summary>
/// <param name="Publishers">Keys of the names under which its owner publishes.</param>
/// <param name="Curated">True when publishers and domains are known to be complete enough to tell a stranger.</param>
/// <param name="Microsoft">True when its apps come from Microsoft's own tenants.</param>
/// <param name="Product">The product of that name in the catalogue; null when there is none.</param>
internal sealed record Brand(string Name, FrozenSet<string> Publishers, FrozenSet<string> Domains, bool Curated, bool Microsoft, Product? Product)
{
    public bool Owns(AppHost host) =>
        Domains.Contains(host.Registrable) || Domains.Contains(host.Host) ||
        Product is not null && host.Product is { } served && AppTraits.SameVendor(served, Product);

    /// <summary>True when the app is proven to come from the brand's owner, or from the tenant itself.</summary>
    public bool Genuine(AppTraits traits) =>
        traits.FirstParty || traits.Internal || traits.Known is not null
        || traits.Principal.AppId is { } id && traits.Catalogue.Learned.ContainsKey(id)
        || Publishers.Contains(traits.PublisherKeyVerified)
        || Product is not null && traits.VerifiedMaker.Any(made => AppTraits.SameVendor(made, Product))
        || traits.Hosts.Exists(host => host.Reply && Owns(host)) && !traits.RepliesElsewhere(Owns);
}

/// <summary>A word of a brand's name.</summary>
/// <param name="Others">Further words of the name; empty when this one is all of it.</param>
/// <param name="Distinctive">True when a near miss of it is hardly ever chance.</param>
internal sealed record BrandWord(string Folded, string[] Others, Brand Brand, bool Distinctive);
