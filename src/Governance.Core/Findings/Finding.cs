using System.Collections.Immutable;
using Governance.Core.Risk;

namespace Governance.Core.Findings;

public enum FindingState
{
    Open,
    Acknowledged,
    Muted,
    Resolved,
}

/// <summary>The answer of a rule for one subject that we keep.</summary>
/// <param name="Id">Stable over scans: made of tenant, rule and subject.</param>
/// <param name="Rule">Id of the rule, in kebab case.</param>
/// <param name="Subject">What it is about: the app's service principal id, or for a consent request its app id.</param>
/// <param name="SubjectName">Name to show, as received.</param>
/// <param name="Title">One sentence without tenant text in it.</param>
/// <param name="Evidence">Facts the verdict rests on, as name and value, in fixed order; values may hold tenant text.</param>
/// <param name="Unconfirmed">True when the last scan could not look: the state is the one known before.</param>
/// <param name="FirstSeen">Start of the scan that opened it for the first time.</param>
/// <param name="LastSeen">Start of the last scan that saw it.</param>
/// <param name="OpenedAt">Start of the scan that opened or reopened it last.</param>
/// <param name="ResolvedBy">Why it was resolved; null while it is not.</param>
/// <param name="PolicyVersion">Policy it was judged by.</param>
public sealed record Finding(
    string Id,
    Guid TenantId,
    string Rule,
    string Subject,
    string SubjectName,
    Severity Severity,
    FindingState State,
    string Title,
    ImmutableArray<EvidenceItem> Evidence,
    bool Unconfirmed,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ResolvedAt,
    string? ResolvedBy,
    string PolicyVersion)
{
    /// <summary>Events so far: the sequence number of the last one.</summary>
    public int Events { get; init; }

    /// <summary>Number of the last ledger entry on it that is part of its state; 0 for none.</summary>
    public long Mark { get; init; }

    /// <summary>Null while it is not muted.</summary>
    public FindingMute? Mute { get; init; }

    /// <summary>What kind of proof resolved it; null while it is not resolved.</summary>
    public ResolutionCause? Cause { get; init; }

    /// <summary>True when it still stands, acknowledged or muted ones included.</summary>
    public bool Live => State != FindingState.Resolved;
}

/// <summary>Why and how long a finding is silent.</summary>
/// <param name="Until">Last day of it, UTC.</param>
/// <param name="Permissions">What the app held when it was muted; null where the finding is not about an app.</param>
/// <param name="Entry">Number of the ledger entry, which tells who and why.</param>
public sealed record FindingMute(DateOnly Until, ImmutableArray<string>? Permissions, long Entry);

/// <summary>What may resolve a finding; nothing else does.</summary>
public enum ResolutionCause
{
    /// <summary>Every part it rests on was read whole and shows it no more.</summary>
    CompleteEvidence,

    /// <summary>The service principal is missing from a list that was read whole.</summary>
    Removal,

    /// <summary>A revocation was carried out and read back.</summary>
    Revocation,

    /// <summary>A version of the policy allows it.</summary>
    Policy,
}

public sealed record EvidenceItem(string Name, string Value);

/// <summary>What happened to a finding.</summary>
/// <param name="Sequence">Counted from 1 within the finding, without gaps.</param>
/// <param name="Change"><c>opened</c>, <c>reopened</c>, <c>severityChanged</c>, <c>evidenceChanged</c>, <c>unconfirmed</c>, <c>confirmed</c>, <c>resolved</c>, <c>acknowledged</c>, <c>muted</c>, <c>unmuted</c>.</param>
/// <param name="ScanId">Scan that showed it; empty for what happened since the last scan.</param>
public sealed record FindingEvent(string FindingId, int Sequence, DateTimeOffset At, string Change, string Detail, string ScanId);
