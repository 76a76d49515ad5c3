using System.Collections.Immutable;

namespace Governance.Core.Policy;

/// <summary>Which app an entry of the policy means.</summary>
/// <param name="Tool">Product name of the catalogue; null when <paramref name="AppId"/> is given. It holds only for apps whose identity is proven.</param>
/// <param name="AppId">Application id; null when only the product is named.</param>
/// <param name="OwnerTenantId">Tenant in which the app must be registered; null for any.</param>
public sealed record ToolReference(string? Tool, Guid? AppId, Guid? OwnerTenantId)
{
    public string Name => Tool ?? AppId?.ToString() ?? string.Empty;
}

/// <summary>A tool that the organisation allows, and within which bounds.</summary>
/// <param name="Permissions">Permission values it may hold; null when the approval does not bind them.</param>
/// <param name="Departments">Departments that may use it; null when the approval does not bind them.</param>
/// <param name="TenantWide">False: a tenant-wide consent goes beyond the approval.</param>
/// <param name="ApprovedOn">Null when the entry does not say.</param>
/// <param name="ReviewBy">Day by which a review is due; null when none is set.</param>
/// <param name="ExpiresOn">Last day on which the approval holds; null when it does not end.</param>
/// <param name="Owner">Who answers for the tool; null when the entry does not say.</param>
public sealed record ToolApproval(
    ToolReference Tool,
    ImmutableArray<string>? Permissions,
    ImmutableArray<string>? Departments,
    bool TenantWide,
    DateOnly? ApprovedOn,
    DateOnly? ReviewBy,
    DateOnly? ExpiresOn,
    string? Owner,
    string? Conditions)
{
    /// <summary>Kinds of data its permissions may open; null when the approval does not bind them.</summary>
    public ImmutableArray<string>? DataCategories { get; init; }
}

/// <summary>A tool that the organisation forbids.</summary>
public sealed record ToolDenial(ToolReference Tool, string Reason);

/// <summary>A tool whose review is under way.</summary>
/// <param name="DueOn">Day by which it should be decided; null when none is set.</param>
public sealed record ToolReview(ToolReference Tool, DateOnly? DueOn);
