using System.Collections.Immutable;

namespace Governance.Core.Policy;

/// <summary>Keys that a policy file may have; the published JSON schema lists the same.</summary>
internal static class PolicyKeys
{
    public static readonly ImmutableArray<string> Top =
    [
        "version", "departmentsOfInterest", "approved", "denied", "underReview", "kpiTargets", "dormantAfterDays", "smallestGroupShown", "trainingGroup",
        "signOffRoles", "reviewPeriods", "revocation", "retention",
        "digests", "costScenario",
    ];

    public static readonly ImmutableArray<string> Department = ["name", "aliases"];

    public static readonly ImmutableArray<string> Approved =
    [
        "tool", "appId", "ownerTenant", "permissions", "departments", "tenantWide", "approvedOn", "reviewBy", "expiresOn", "owner", "conditions",
        "dataCategories",
    ];

    public static readonly ImmutableArray<string> Denied = ["tool", "appId", "reason"];

    public static readonly ImmutableArray<string> UnderReview = ["tool", "appId", "dueOn"];

    public static readonly ImmutableArray<string> ReviewPeriods = ["requestDays", "reviewDays", "approvalDays"];

    public static readonly ImmutableArray<string> Revocation = ["approvers", "mostItems", "mostUsers", "validDays", "protectedApps"];

    public static readonly ImmutableArray<string> Retention = ["inventoryDays", "resolvedFindingDays", "kpiDays", "decisionTextDays"];

    /// <summary>Kinds of data, as the permission table names them.</summary>
    public static readonly ImmutableArray<string> DataCategories = ["customerPii", "campaignPerformance", "creativeAssets", "communications", "identityDirectory", "content"];
}
