namespace Governance.Core.Consents;

/// <summary>Tenants in which Microsoft registers its own apps.</summary>
/// <remarks>Source: merill/microsoft-info, read 2026-11-22. Owned by Microsoft does not mean approved.</remarks>
public static class MicrosoftTenants
{
    private static readonly HashSet<Guid> Owners =
    [
        Guid.Parse("f8cdef31-a31e-4b4a-93e4-5f571e91255a"),
        Guid.Parse("72f988bf-86f1-41af-91ab-2d7cd011db47"),
        Guid.Parse("cdc5aeea-15c5-4db6-b079-fcadd2505dc2"),
    ];

    public static bool Own(ServicePrincipal principal) => principal.OwnerTenantId is { } owner && Owners.Contains(owner);
}
