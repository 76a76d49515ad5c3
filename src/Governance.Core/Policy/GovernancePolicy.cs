using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Policy;

/// <summary>What the organisation decided: which tools are approved, denied or under review, and the bounds of reports.</summary>
/// <param name="Version">Digest of the content: 12 hexadecimal digits, the same for the same meaning.</param>
/// <param name="KpiTargets">Target by KPI id; a KPI without one has no target.</param>
/// <param name="TrainingGroupId">Group whose members are trained; null when not configured.</param>
public sealed record GovernancePolicy(
    string Version,
    ImmutableArray<DepartmentOfInterest> DepartmentsOfInterest,
    ImmutableArray<ToolApproval> Approved,
    ImmutableArray<ToolDenial> Denied,
    ImmutableArray<ToolReview> UnderReview,
    ImmutableSortedDictionary<string, decimal> KpiTargets,
    Guid? TrainingGroupId)
{
    internal static readonly ImmutableArray<string> DefaultSignOffRoles = ["marketing", "security", "legal"];

    /// <summary>What holds where no policy file says otherwise: nothing approved, marketing watched, targets that make sense.</summary>
    public static GovernancePolicy BuiltIn => BuiltInPolicy.Value;

    /// <summary>Days without a sign-in after which access counts as dormant. Default 90.</summary>
    public int DormantAfterDays { get; init; } = 90;

    /// <summary>Smallest group shown with its number in executive views; smaller ones are summed up. Default 5.</summary>
    public int SmallestGroupShown { get; init; } = 5;

    /// <summary>Roles that must each sign off before an app can be approved. Default marketing, security and legal.</summary>
    public ImmutableArray<string> SignOffRoles { get; init; } = DefaultSignOffRoles;

    public ReviewPeriods ReviewPeriods { get; init; } = ReviewPeriods.Default;

    public RevocationLimits Revocation { get; init; } = RevocationLimits.Default;

    public RetentionPeriods Retention { get; init; } = RetentionPeriods.Default;

    /// <summary>Channels that receive digests; the version of the policy does not depend on them, as no verdict does.</summary>
    public ImmutableArray<DigestSetting> Digests { get; init; } = [];

    /// <summary>Figures of the breach-cost scenario; null when it is off.</summary>
    public CostScenarioSetting? CostScenario { get; init; }

    public Departments Departments { get; } = new(DepartmentsOfInterest);
}
