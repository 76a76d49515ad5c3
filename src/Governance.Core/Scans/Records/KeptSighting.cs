using System.Collections.Immutable;
using Governance.Core.Findings;
using Governance.Core.Policy;

namespace Governance.Core.Scans.Records;

/// <summary>What the next scan has to know of a kept app: its record read without the rest.</summary>
internal sealed record KeptSighting(SightedApp App);

/// <inheritdoc cref="AssessedApp"/>
internal sealed record SightedApp(SightedConsents App, DateTimeOffset FirstSeen)
{
    public ImmutableArray<UsersFrom> UsersOverTime { get; init; } = [];

    public Standing? Standing { get; init; }
}

/// <inheritdoc cref="Consents.ConsentedApp"/>
internal sealed record SightedConsents(SightedPrincipal Principal, int Grants, int AppRoles);

/// <inheritdoc cref="Consents.ServicePrincipal"/>
internal sealed record SightedPrincipal(Guid Id, bool Orphan);
