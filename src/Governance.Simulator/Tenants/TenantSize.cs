namespace Governance.Simulator.Tenants;

/// <summary>How much a made-up tenant holds.</summary>
/// <param name="ServicePrincipals">All of them, resources included.</param>
/// <param name="Grants">Delegated permission grants.</param>
/// <param name="AppRoleAssignments">Over all resources.</param>
/// <param name="Users">At least 1.</param>
/// <param name="Resources">Service principals that declare app roles; at least 1 and fewer than all.</param>
public sealed record TenantSize(int ServicePrincipals, int Grants, int AppRoleAssignments, int Users, int Resources)
{
    /// <summary>A tenant in the proportions of a real one with that many grants, from 100 to 1,000,000.</summary>
    public static TenantSize ForGrants(int grants)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grants, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(grants, 1_000_000);
        return grants switch
        {
            < 1_000 => new(40 + (grants / 4), grants, grants / 2, 50 + (grants / 2), 8),
            < 10_000 => new(300 + (grants / 10), grants, grants / 2, grants / 2, 20),
            < 100_000 => new(800 + (grants / 12), grants, grants * 3 / 10, grants * 3 / 10, 40 + (grants / 1_000)),
            _ => new(10_000 + ((grants - 100_000) / 23), grants, grants / 4, 50_000 + ((grants - 100_000) / 4), 150 + ((grants - 100_000) / 2_600)),
        };
    }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Grants);
        ArgumentOutOfRangeException.ThrowIfNegative(AppRoleAssignments);
        ArgumentOutOfRangeException.ThrowIfLessThan(Users, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Resources, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ServicePrincipals, Resources);
    }
}
