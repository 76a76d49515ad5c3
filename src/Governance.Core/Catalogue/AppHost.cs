using Governance.Core.Consents;

namespace Governance.Core.Catalogue;

/// <summary>A host of an app's homepage or reply URLs that can identify somebody.</summary>
/// <param name="Registrable">What its registrant owns of it.</param>
/// <param name="Product">The product served from it; null when it is nobody's in the catalogue.</param>
/// <param name="Reply">True when it receives tokens; false when it is only the stated homepage.</param>
internal sealed record AppHost(string Host, string Registrable, Product? Product, bool Reply)
{
    /// <summary>Reply URLs looked at: an app has a few, and Graph allows a few hundred.</summary>
    private const int Limit = 256;

    /// <summary>Hosts of an app, each once, reply URLs first; generic hosts and what is no web address left out.</summary>
    public static List<AppHost> Of(ServicePrincipal principal, ProductCatalogue catalogue)
    {
        var hosts = new List<AppHost>();
        if (!principal.ReplyUrls.IsDefault)
        {
            foreach (var url in principal.ReplyUrls.AsSpan()[..Math.Min(principal.ReplyUrls.Length, Limit)])
            {
                Add(hosts, url, true, catalogue);
            }
        }

        Add(hosts, principal.Homepage, false, catalogue);
        return hosts;
    }

    private static void Add(List<AppHost> hosts, string? url, bool reply, ProductCatalogue catalogue)
    {
        if (WebHost.Of(url) is not { } host || hosts.Exists(known => known.Host == host))
        {
            return;
        }

        var product = catalogue.ByHost(host);
        var registrable = PublicSuffixes.Embedded.RegistrableDomain(host);
        if (product is not null || !registrable.IsEmpty && !GenericHosts.Embedded.Covers(host))
        {
            hosts.Add(new AppHost(host, registrable.IsEmpty ? host : registrable.ToString(), product, reply));
        }
    }
}
