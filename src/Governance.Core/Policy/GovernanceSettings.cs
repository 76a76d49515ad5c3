using System.Collections.Immutable;

namespace Governance.Core.Policy;

/// <summary>How long the steps of an approval may take and how long it holds, in days.</summary>
/// <param name="RequestDays">From a request to its decision. Default 14.</param>
/// <param name="ReviewDays">From an approval to its next review. Default 180.</param>
/// <param name="ApprovalDays">From an approval to its end. Default 365.</param>
public sealed record ReviewPeriods(int RequestDays, int ReviewDays, int ApprovalDays)
{
    public static readonly ReviewPeriods Default = new(14, 180, 365);
}

/// <summary>How much a revocation may touch, and who must agree.</summary>
/// <param name="Approvers">People beside the planner who must agree. Default 1.</param>
/// <param name="MostItems">Grants and app role assignments on one order. Default 100.</param>
/// <param name="MostUsers">Users whose access one order may end. Default 500.</param>
/// <param name="ValidDays">Days after which a plan is too old to be carried out. Default 7.</param>
/// <param name="ProtectedApps">App ids that no order may touch.</param>
public sealed record RevocationLimits(int Approvers, int MostItems, int MostUsers, int ValidDays, ImmutableArray<Guid> ProtectedApps)
{
    public static readonly RevocationLimits Default = new(1, 100, 500, 7, []);
}

/// <summary>How long records are kept, in days; null keeps them.</summary>
/// <param name="InventoryDays">What scans read: user ids among it.</param>
/// <param name="ResolvedFindingDays">Findings from the day they were resolved, with their history.</param>
/// <param name="KpiDays">Figures of scans.</param>
/// <param name="DecisionTextDays">Free text beside ledger entries and the names of people who acted in them; the entries stay.</param>
public sealed record RetentionPeriods(int? InventoryDays, int? ResolvedFindingDays, int? KpiDays, int? DecisionTextDays)
{
    public static readonly RetentionPeriods Default = new(null, null, null, null);
}
