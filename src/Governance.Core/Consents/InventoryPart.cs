namespace Governance.Core.Consents;

/// <summary>One collection that a scan reads; the contract names are the camel-case forms.</summary>
public enum InventoryPart
{
    ServicePrincipals,
    Oauth2PermissionGrants,
    AppRoleAssignments,
    Users,
    ConsentEvents,
    ConsentRequests,
    SignInActivity,
    AgentIdentities,
}

/// <summary>How much of a part was read.</summary>
public enum PartStatus
{
    /// <summary>The last link was reached and the counts agree.</summary>
    Complete,

    /// <summary>Some of it was read; absence from it proves nothing.</summary>
    Partial,

    /// <summary>Nothing of it could be read: a missing right, a missing licence, or a source that cannot contain it.</summary>
    Unavailable,

    /// <summary>It was not asked for.</summary>
    Skipped,
}

/// <summary>What was read of one part, with the evidence for its completeness.</summary>
/// <param name="Items">Distinct items read.</param>
/// <param name="Expected">Count stated by the source; null when it stated none.</param>
/// <param name="Pages">Pages received whole.</param>
/// <param name="Requests">Requests sent, repeats included.</param>
/// <param name="Reason">Why it is not complete; on a complete part how it came to be so, or null when there is nothing to say.</param>
/// <param name="LastLink">Path and query of the last page received, without host; null when no page was.</param>
public sealed record PartReading(
    InventoryPart Part,
    PartStatus Status,
    long Items,
    long? Expected,
    int Pages,
    int Requests,
    string? Reason,
    string? LastLink)
{
    public bool Complete => Status == PartStatus.Complete;

    public static PartReading Skipped(InventoryPart part, string reason) => new(part, PartStatus.Skipped, 0, null, 0, 0, reason, null);

    public static PartReading Unavailable(InventoryPart part, string reason, int requests = 0) =>
        new(part, PartStatus.Unavailable, 0, null, 0, requests, reason, null);
}
