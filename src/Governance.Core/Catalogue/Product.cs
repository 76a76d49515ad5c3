using System.Collections.Immutable;

namespace Governance.Core.Catalogue;

/// <summary>A product that apps are recognised as.</summary>
/// <param name="Name">The product's usual name.</param>
/// <param name="Vendor">Who makes it.</param>
/// <param name="Kind">What a recognised app is: <see cref="AiVerdict.Ai"/>, <see cref="AiVerdict.AiFeature"/> or <see cref="AiVerdict.NotAi"/>.</param>
/// <param name="Category">One of <see cref="ProductCategories"/>.</param>
/// <param name="Domains">Registrable domains, or hosts below one, in lower-case ASCII.</param>
/// <param name="Aliases">Other names it goes by.</param>
/// <param name="Ambiguous">Those of name and aliases that are common words or names of others, and need another signal.</param>
/// <param name="Publishers">Further names of the vendor as a verified publisher.</param>
/// <param name="AppIds">Application ids, the same in every tenant.</param>
public sealed record Product(
    string Name,
    string Vendor,
    AiVerdict Kind,
    string Category,
    ImmutableArray<string> Domains,
    ImmutableArray<string> Aliases,
    ImmutableArray<string> Ambiguous,
    ImmutableArray<string> Publishers,
    ImmutableArray<Guid> AppIds)
{
    /// <summary>Name and aliases.</summary>
    internal IEnumerable<string> Names => Aliases.Prepend(Name);

    /// <summary>The vendor's name as publishers are compared.</summary>
    internal string VendorKey { get; } = PublisherKey.Of(Vendor);

    /// <summary>Vendor, the further names it publishes under, and the product's own name, under which many vendors publish.</summary>
    internal IEnumerable<string> PublisherNames => Ambiguous.Contains(Name) ? Publishers.Prepend(Vendor) : Publishers.Prepend(Vendor).Append(Name);
}
