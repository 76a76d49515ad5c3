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
    public string Version => string.Join('+', _ofTenant.OrderBy(tenant => tenant.Key).Select(tenant => tenant.Value.Version).DefaultIfEmpty(_products.Version));

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
            await AddAsync(ofTenant, products, kept.Learned, tenant, cancellationToken).ConfigureAwait(false);
        }

        return new LearnedCatalogue(products, ofTenant);
    }

    public static async Task<LearnedCatalogue> ReadAsync(ProductCatalogue products, ILearnedApps learned, Guid tenant, CancellationToken cancellationToken)
    {
        var ofTenant = new Dictionary<Guid, ProductCatalogue>();
        await AddAsync(ofTenant, products, learned, tenant, cancellationToken).ConfigureAwait(false);
        return new LearnedCatalogue(products, ofTenant);
    }

    public ProductCatalogue For(Guid tenant) => _ofTenant.GetValueOrDefault(tenant, _products);

    private static async Task AddAsync(
        Dictionary<Guid, ProductCatalogue> ofTenant, ProductCatalogue products, ILearnedApps learned, Guid tenant, CancellationToken cancellationToken)
    {
        var confirmed = await learned.ConfirmationsAsync(tenant, cancellationToken).ConfigureAwait(false);
        if (!confirmed.IsEmpty)
        {
            ofTenant.Add(tenant, products.WithLearnedAppIds(confirmed.Select(confirmation => confirmation.App)));
        }
    }
}
