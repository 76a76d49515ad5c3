using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Catalogue;

/// <summary>What an app shows of itself, read once for all judgements.</summary>
internal sealed class AppTraits
{
    private AppTraits(ServicePrincipal principal, ProductCatalogue catalogue, Guid? homeTenant)
    {
        Principal = principal;
        Catalogue = catalogue;
        Internal = homeTenant is { } home && principal.OwnerTenantId == home;
        Known = principal.AppId is { } id ? catalogue.ByAppId.GetValueOrDefault(id) : null;
        FirstParty = MicrosoftTenants.Own(principal) || Known is not null && Known.VendorKey == "microsoft" || Reserved(principal.AppId);
        Name = NameReading.Of(principal.Name, catalogue);
        if (Name.Matches.Count == 0 && principal.AppDisplayName is { } chosen && chosen != principal.Name)
        {
            // A tenant may rename an app; what its publisher calls it then still names the product.
            var other = NameReading.Of(chosen, catalogue);
            Name = other.Matches.Count > 0 || other.Signs.Count > Name.Signs.Count ? other : Name;
        }

        Hosts = AppHost.Of(principal, catalogue);
        PublisherKeyVerified = PublisherKey.Of(principal.VerifiedPublisher?.Name);
        VerifiedMaker = MakerOf(PublisherKeyVerified);
        StatedMaker = MakerOf(PublisherKey.Of(principal.PublisherName));
    }

    public ServicePrincipal Principal { get; }

    public ProductCatalogue Catalogue { get; }

    /// <summary>True when the app is registered in the tenant itself.</summary>
    public bool Internal { get; }

    public bool FirstParty { get; }

    /// <summary>The product of its application id; null when the id is in no catalogue.</summary>
    public Product? Known { get; }

    public NameReading Name { get; }

    public List<AppHost> Hosts { get; }

    /// <summary>Empty when the publisher is not verified.</summary>
    public string PublisherKeyVerified { get; }

    /// <summary>Products of the verified publisher; empty when it is not verified or not in the catalogue.</summary>
    public ImmutableArray<Product> VerifiedMaker { get; }

    /// <summary>Products of the publisher that the app states without proof.</summary>
    public ImmutableArray<Product> StatedMaker { get; }

    /// <summary>True when reply URLs lead elsewhere than to this vendor's hosts: a homepage then proves nothing.</summary>
    public bool RepliesElsewhere(Func<AppHost, bool> own) => Hosts.Exists(host => host.Reply && !own(host));

    public static AppTraits Of(ServicePrincipal principal, ProductCatalogue catalogue, Guid? homeTenant) => new(principal, catalogue, homeTenant);

    public static bool SameVendor(Product one, Product other) =>
        ReferenceEquals(one, other) || one.VendorKey == other.VendorKey;

    private ImmutableArray<Product> MakerOf(string key) =>
        key.Length > 0 && Catalogue.ByPublisher.TryGetValue(key, out var made) ? made : [];

    /// <summary>Ids of this form are given out by Microsoft alone.</summary>
    private static bool Reserved(Guid? appId) => appId is { } id && id.ToString("D").AsSpan(8).SequenceEqual("-0000-0000-c000-000000000000");
}
