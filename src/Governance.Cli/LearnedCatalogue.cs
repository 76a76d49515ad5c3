using Governance.Core.Catalogue;

namespace Governance.Cli;

/// <summary>The catalogue together with what people of each tenant confirmed.</summary>
internal sealed class LearnedCatalogue
{
    private readonly ProductCatalogue _products;
    private readonly Dictionary<Guid, ProductCatalogue> _ofTenant;

    private LearnedCatalogue(ProductCatalogue products, Dictionary<Guid, ProductCatalogue> ofTenant)
    {
        _products = products;
        _ofTenant = ofTenant;
    }

    /// <summary>Of the products, and of every confirmation where there is one.</summary>
    public string Version => string.Join('+', _ofTenant.OrderBy(tenant => tenant.Key).Select(tenant => tenant.Value.Version).Where(version => version != _products.Version).DefaultIfEmpty(_products.Version));

    public static LearnedCatalogue Of(ProductCatalogue products) => new(products, []);

    public static async Task<LearnedCatalogue> ReadAsync(ProductCatalogue products, Kept kept, CancellationToken cancellationToken)
    {
        var ofTenant = new Dictionary<Guid, ProductCatalogue>();
        if (!File.Exists(kept.Database.Path))
        {
            return new LearnedCatalogue(products, ofTenant);
        }

        foreach (var tenant in await kept.Scans.TenantsAsync(cancellationToken).ConfigureAwait(false))
        {
            ofTenant.Add(tenant, await products.ForAsync(tenant, kept.Learned, cancellationToken).ConfigureAwait(false));
        }

        return new LearnedCatalogue(products, ofTenant);
    }

    public static async Task<LearnedCatalogue> ReadAsync(ProductCatalogue products, ILearnedApps learned, Guid tenant, CancellationToken cancellationToken) =>
        new(products, new() { [tenant] = await products.ForAsync(tenant, learned, cancellationToken).ConfigureAwait(false) });

    public ProductCatalogue For(Guid tenant) => _ofTenant.GetValueOrDefault(tenant, _products);
}
