using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Findings;

/// <summary>An app with every verdict on it.</summary>
/// <param name="FirstSeen">Start of the first scan that saw it.</param>
/// <param name="LastSeen">Start of the last scan that saw it.</param>
public sealed record AssessedApp(
    ConsentedApp App,
    Classification Classification,
    ImmutableArray<RatedPermission> Permissions,
    RiskScore Risk,
    Standing Standing,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen)
{
    public Guid Id => App.Principal.Id;

    /// <summary>How many users the app reached, one entry for each change, oldest first; see <see cref="ReachHistory"/>.</summary>
    public ImmutableArray<UsersFrom> UsersOverTime { get; init; } = [];

    /// <summary>An AI product that holds a consent: what most KPIs count. Microsoft's own apps are left out.</summary>
    public bool AiInUse => Classification.Ai.IsAi && App.HoldsConsent && !Classification.FirstParty;

    /// <summary>AI in use that policy does not cover: everything but approved.</summary>
    public bool Unapproved => AiInUse && Standing.State != GovernanceState.Approved;
}

/// <summary>From a day on (UTC) an app reached so many users, until the next entry.</summary>
public readonly record struct UsersFrom(DateOnly Day, int Users);
