using System.Collections.Immutable;

namespace Governance.Core.Risk;

/// <summary>How bad it is; the contract names are the lower-case forms.</summary>
public enum Severity
{
    None,
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>What a permission opens.</summary>
public enum DataCategory
{
    CustomerPii,
    CampaignPerformance,
    CreativeAssets,
    Communications,
    IdentityDirectory,
    Content,
}

/// <summary>What is known of one permission.</summary>
/// <param name="Rated">False when the permission is not in the table: the severity is then the stated default.</param>
/// <param name="Writes">True when it can change things.</param>
/// <param name="Reason">One sentence.</param>
public sealed record PermissionRating(
    bool Rated, Severity Severity, ImmutableArray<DataCategory> Categories, bool Writes, string Reason)
{
    /// <summary>True when it opens more than what the signed-in user owns or somebody picked one by one.</summary>
    public bool TenantWide { get; init; }

    /// <summary>Name of the API in the table; null when the table does not know it.</summary>
    public string? Resource { get; init; }
}

/// <summary>A permission the app holds, rated.</summary>
public sealed record RatedPermission(Consents.HeldPermission Held, PermissionRating Rating);

/// <summary>One part of a score.</summary>
/// <param name="Factor">Family: <c>permissions</c>, <c>reach</c>, <c>publisher</c>, <c>persistence</c>, <c>lookalike</c>, <c>staleness</c>, <c>abusedElsewhere</c>.</param>
/// <param name="Points">Points added; 0 to the family's cap.</param>
public sealed record RiskContribution(string Factor, int Points, string Reason);

/// <summary>How much harm an app could do and how likely; says nothing about approval.</summary>
/// <param name="Score">0 to 100: the sum of <paramref name="Contributions"/>.</param>
/// <param name="Level">From the score by the thresholds of the weights file.</param>
/// <param name="WeightsVersion">Version of the weights it was computed with.</param>
public sealed record RiskScore(int Score, Severity Level, ImmutableArray<RiskContribution> Contributions, string WeightsVersion);
