using System.Text.Json.Serialization;

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
public sealed record Standing(GovernanceState State, string Reason, string? Approval)
{
    /// <summary>Facts without which an approval could not be assessed, without tenant text; null when everything was assessed.</summary>
    /// <remarks>The state is then the one of the last evidence, or the one without that approval.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NotAssessed { get; init; }

    public bool Unconfirmed => NotAssessed is not null;
}
