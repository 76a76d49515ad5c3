using System.Collections.Immutable;

namespace Governance.Core.Catalogue;

/// <summary>Keeps what people confirmed apps of their tenant to be.</summary>
public interface ILearnedApps
{
    /// <summary>Every confirmation of a tenant, oldest first; the last one on an app id counts.</summary>
    Task<ImmutableArray<Confirmation>> ConfirmationsAsync(Guid tenantId, CancellationToken cancellationToken);

    /// <summary>Adds a confirmation; earlier ones stay.</summary>
    Task ConfirmAsync(Guid tenantId, Confirmation confirmation, CancellationToken cancellationToken);
}

/// <summary>A person's word on what an app is.</summary>
/// <param name="By">Who said so, as given.</param>
/// <param name="Reason">Why, as given; never empty.</param>
public sealed record Confirmation(LearnedApp App, string By, string Reason, DateTimeOffset At);
