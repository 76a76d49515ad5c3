using System.Collections.Immutable;
using Governance.Core.Findings;
using Governance.Core.Policy;

namespace Governance.Core.Scans;

/// <summary>What a scan compares with: of the last committed scan only that, so that a large tenant is not held twice.</summary>
/// <param name="Apps">Apps of the last scan by service principal id.</param>
/// <param name="Gone">When apps that the last scan did not see were first seen.</param>
/// <param name="Findings">Every finding kept, resolved ones included, sorted by id.</param>
public sealed record KnownState(
    Scan LastScan, IReadOnlyDictionary<Guid, KnownApp> Apps, IReadOnlyDictionary<Guid, DateTimeOffset> Gone, ImmutableArray<Finding> Findings)
{
    /// <returns>When an app was first seen; null when no scan saw it.</returns>
    public DateTimeOffset? FirstSeen(Guid id) =>
        Apps.TryGetValue(id, out var app) ? app.FirstSeen : Gone.TryGetValue(id, out var first) ? first : null;

    /// <summary>The earliest sighting of any app; null when there never was one.</summary>
    public DateTimeOffset? Earliest => Apps.Values.Select(app => app.FirstSeen).Concat(Gone.Values).Cast<DateTimeOffset?>().Min();
}

/// <summary>What the next scan has to know of an app.</summary>
/// <param name="LastSeen">Start of the last scan that saw it.</param>
/// <param name="UsersOverTime">As in <see cref="AssessedApp.UsersOverTime"/>.</param>
/// <param name="Orphan">True when only grants or assignments told of it.</param>
/// <param name="Grants">Delegated permission grants held.</param>
/// <param name="AppRoles">App role assignments held as itself.</param>
/// <param name="Digest">Of its whole record: the same digest, nothing to write.</param>
/// <param name="Standing">Where it stood by an approval; null when no approval named it.</param>
public sealed record KnownApp(
    Guid Id,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    ImmutableArray<UsersFrom> UsersOverTime,
    bool Orphan,
    int Grants,
    int AppRoles,
    byte[] Digest,
    Standing? Standing)
{
    /// <param name="digest">Empty where the record is not compared.</param>
    public static KnownApp Of(AssessedApp app, byte[] digest) =>
        new(app.Id, app.FirstSeen, app.LastSeen, app.UsersOverTime, app.App.Principal.Orphan, app.App.Grants, app.App.AppRoles, digest, ByApproval(app.Standing));

    internal static Standing? ByApproval(Standing? standing) =>
        standing is { State: GovernanceState.Approved or GovernanceState.Drifted or GovernanceState.Expired } ? standing : null;
}
