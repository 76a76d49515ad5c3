using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>A change of consent as the directory audit log tells it.</summary>
/// <param name="Id">Id of the log entry.</param>
/// <param name="At">When it happened; UTC.</param>
/// <param name="Activity">Activity name as logged.</param>
/// <param name="CorrelationId">Entries of one act share it; null when the log gave none.</param>
/// <param name="ClientId">Service principal that gained or lost; null when the log did not say.</param>
/// <param name="ActorId">User or service principal that acted; null when the log did not say.</param>
/// <param name="AdminConsent">True when an administrator consented; null when the log did not say.</param>
/// <param name="OnBehalfOfAll">True when the consent covers every user; null when the log did not say.</param>
/// <param name="AddedScopes">Scopes that the entry shows as new against before; empty when none or not stated.</param>
/// <param name="RemovedScopes">Scopes that the entry shows as gone.</param>
public sealed record ConsentEvent(
    string Id,
    DateTimeOffset At,
    string Activity,
    Guid? CorrelationId,
    Guid? ClientId,
    Guid? ActorId,
    bool? AdminConsent,
    bool? OnBehalfOfAll,
    ImmutableArray<string> AddedScopes,
    ImmutableArray<string> RemovedScopes);
