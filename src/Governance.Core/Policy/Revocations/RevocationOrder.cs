using System.Collections.Immutable;

namespace Governance.Core.Policy.Revocations;

public enum OrderState
{
    /// <summary>Waits for others to agree.</summary>
    Planned,

    /// <summary>Enough people agreed; it may be carried out.</summary>
    SignedOff,

    /// <summary>Everything on it was taken away or was gone already.</summary>
    Executed,

    /// <summary>Someone said no.</summary>
    Declined,

    /// <summary>What it was made for had changed: a new plan is needed.</summary>
    Voided,
}

/// <summary>An order to revoke as the ledger tells it.</summary>
/// <param name="Id"><c>V</c> and the number of the entry that planned it.</param>
/// <param name="Plan">Null when it was erased with a person in it: then it cannot be carried out.</param>
/// <param name="Reason">Null when it was erased.</param>
/// <param name="Approvers">People who agreed, each once.</param>
/// <param name="Needed">How many must.</param>
/// <param name="Done">Items taken away, by their place in the plan: what was found (<c>revoked</c> or <c>alreadyGone</c>).</param>
/// <param name="Undo">State of each item before its call, by place; null where it was erased. An item that was seen to be there after a call that failed has none.</param>
/// <param name="Restored">Items put back.</param>
/// <param name="Failure">Why the last attempt stopped; null when it did not.</param>
public sealed record RevocationOrder(
    string Id,
    Guid ServicePrincipalId,
    Guid? AppId,
    string Fingerprint,
    OrderState State,
    string PlannedBy,
    DateTimeOffset PlannedAt,
    int Items,
    int Users,
    RevocationPlan? Plan,
    string? Reason,
    ImmutableArray<string> Approvers,
    int Needed,
    ImmutableSortedDictionary<int, string> Done,
    ImmutableSortedDictionary<int, RevocationItem?> Undo,
    ImmutableSortedSet<int> Restored,
    string? Failure)
{
    /// <summary>When whoever carries the order out or undoes it wrote last; null while nobody does.</summary>
    public DateTimeOffset? TakenAt { get; init; }
}
