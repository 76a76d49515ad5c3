using System.Collections.Immutable;

namespace Governance.Core.Policy.Approvals;

public enum RequestState
{
    /// <summary>Waits for sign-offs or for the decision.</summary>
    Open,
    Approved,
    Denied,
    Withdrawn,
}

/// <summary>What a person asks to be allowed.</summary>
/// <param name="OwnerTenantId">Tenant in which the app is registered; null when it is not known.</param>
/// <param name="Permissions">Permission values it may hold.</param>
/// <param name="Departments">Departments that may use it; null for all.</param>
/// <param name="DataCategories">Kinds of data it may open; null when not bound.</param>
/// <param name="TenantWide">True allows a consent for every user.</param>
public sealed record ApprovalScope(
    Guid AppId,
    Guid? OwnerTenantId,
    ImmutableArray<string> Permissions,
    ImmutableArray<string>? Departments,
    ImmutableArray<string>? DataCategories,
    bool TenantWide);

/// <summary>What the last scan said of the app when the request was made.</summary>
/// <param name="Score">0 to 100; null when no scan has seen the app.</param>
/// <param name="Level">Null as for <paramref name="Score"/>.</param>
/// <param name="Summary">Sentences of the assessment, without tenant text.</param>
public sealed record RiskPrefill(int? Score, string? Level, string? Verdict, int? Users, string Summary);

/// <summary>A yes of one role.</summary>
public sealed record SignOff(string Role, string Person, DateTimeOffset At);

/// <summary>A request for approval as the ledger tells it.</summary>
/// <param name="Id"><c>R</c> and the number of the entry that opened it.</param>
/// <param name="RequestedBy">Pseudonym.</param>
/// <param name="Owner">Pseudonym of who will answer for the tool.</param>
/// <param name="Renews">Request whose approval this one renews; null for a first one.</param>
/// <param name="Changes">Number of entries about it.</param>
public sealed record ApprovalRequest(
    string Id,
    ApprovalScope Scope,
    RequestState State,
    DateTimeOffset RequestedAt,
    string RequestedBy,
    string Owner,
    DateOnly DueOn,
    ImmutableArray<string> RequiredRoles,
    ImmutableArray<SignOff> SignOffs,
    RiskPrefill Risk,
    string? Renews,
    int Changes)
{
    public IEnumerable<string> MissingRoles => RequiredRoles.Where(role => SignOffs.All(signOff => signOff.Role != role));
}

/// <summary>What was decided on an app.</summary>
/// <param name="Entry">Number of the ledger entry.</param>
/// <param name="Approval">Null for a denial.</param>
/// <param name="Reason">Null when the text was erased or there is none.</param>
/// <param name="RequestId">Null for a denial without request.</param>
public sealed record RecordedDecision(
    long Entry, Guid AppId, ToolApproval? Approval, DateTimeOffset At, string DecidedBy, string? RequestId, string? Reason);
