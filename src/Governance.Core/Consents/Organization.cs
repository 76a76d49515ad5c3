namespace Governance.Core.Consents;

/// <summary>The tenant that was read.</summary>
/// <param name="TenantId">Graph <c>organization.id</c>.</param>
/// <param name="Name">Display name; empty when the source did not say.</param>
/// <param name="Country">Two-letter country code; null when the source did not say.</param>
public sealed record Organization(Guid TenantId, string Name, string? Country);
