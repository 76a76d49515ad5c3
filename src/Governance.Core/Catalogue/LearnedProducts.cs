namespace Governance.Core.Catalogue;

/// <summary>A catalogue together with what people of a tenant confirmed.</summary>
public static class LearnedProducts
{
    public static async Task<ProductCatalogue> ForAsync(this ProductCatalogue products, Guid tenantId, ILearnedApps learned, CancellationToken cancellationToken)
    {
        var confirmed = await learned.ConfirmationsAsync(tenantId, cancellationToken).ConfigureAwait(false);
        return confirmed.IsEmpty ? products : products.WithLearnedAppIds(confirmed.Select(confirmation => confirmation.App));
    }
}
