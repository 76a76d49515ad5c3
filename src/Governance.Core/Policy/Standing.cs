namespace Governance.Core.Policy;

/// <summary>Where an app stands with the organisation's policy.</summary>
public enum GovernanceState
{
    NotApplicable,
    Approved,
    UnderReview,
    Unapproved,
    Denied,
    Drifted,
    Expired,
}

/// <summary>Where an app stands, and why in one sentence.</summary>
/// <param name="Approval">Name of the policy entry it rests on; null when none applies.</param>
public sealed record Standing(GovernanceState State, string Reason, string? Approval);
