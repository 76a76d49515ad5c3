using System.Collections.Immutable;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Brightwave;

/// <summary>One app of the made-up organisation, with everything that will happen to it.</summary>
internal sealed record AppPlan
{
    public required string Name { get; init; }

    /// <summary>Registrable domain of the vendor; null for apps without web addresses.</summary>
    public string? Host { get; init; }

    public required Guid Id { get; init; }

    public Guid? AppId { get; init; }

    public Guid? OwnerTenantId { get; init; }

    public string Type { get; init; } = "Application";

    public Guid? AgentBlueprintId { get; init; }

    /// <summary>First night on which the publisher is verified; null for never.</summary>
    public int? VerifiedFrom { get; init; }

    /// <summary>Users with a consent of their own on the first and the last night.</summary>
    public int UsersFirst { get; init; }

    public int UsersLast { get; init; }

    /// <summary>True when use spreads as a craze does, slowly, then at once.</summary>
    public bool Rises { get; init; }

    public string Scopes { get; init; } = "";

    /// <summary>From this night on the consents are for <see cref="GrownScopes"/>.</summary>
    public int? GrowsAt { get; init; }

    public string? GrownScopes { get; init; }

    public int? StartsAt { get; init; }

    public int? GoneAt { get; init; }

    public int? BackAt { get; init; }

    public int? DisabledAt { get; init; }

    public bool TenantWide { get; init; }

    public bool UsesSharePoint { get; init; }

    /// <summary>Consents remain, but nobody signs in.</summary>
    public bool Dormant { get; init; }

    /// <summary>Users assigned when assignment is required; 0 when it is not.</summary>
    public int AssignedUsers { get; init; }

    public ImmutableArray<string> GraphRoles { get; init; } = [];

    public ImmutableArray<string> ExchangeRoles { get; init; } = [];

    /// <summary>Marketing people find it first.</summary>
    public bool MarketingFirst { get; init; }

    public bool ExistsOn(int night) => StartsAt is not { } start || night >= start;

    /// <summary>Users with a consent of their own on a night; nights before the first are the weeks before the story starts.</summary>
    public int UsersOn(int night)
    {
        if (!ExistsOn(night) || (night >= GoneAt && !(night >= BackAt)))
        {
            return 0;
        }

        if (night < 0)
        {
            return UsersLast > UsersFirst ? Math.Max(0, UsersFirst + night) : UsersFirst;
        }

        var start = StartsAt ?? 0;
        var progress = start >= 11 ? 1 : (night - start) / (double)(11 - start);
        if (Rises)
        {
            progress = progress is 0 or 1 ? progress : 1 / (1 + Math.Exp(-12 * (progress - 0.6)));
        }

        var users = (int)Math.Round(UsersFirst + ((UsersLast - UsersFirst) * progress), MidpointRounding.AwayFromZero);
        return StartsAt is null ? users : Math.Max(1, users);
    }

    public string ScopesOn(int night) => night >= GrowsAt && GrownScopes is not null ? $"{Scopes} {GrownScopes}" : Scopes;

    public SimulatedServicePrincipal On(int night, DateTimeOffset start, ulong seed)
    {
        var hash = Hash.Mix(seed, Name + Host);
        var created = StartsAt is { } first ? start.AddDays((first * 7) - 2) : start.AddDays(-30 - Hash.Below(hash, 900)).AddSeconds(-Hash.Below(Hash.Mix(hash), 86_400));
        return new SimulatedServicePrincipal
        {
            Id = Id,
            AppId = AppId,
            DisplayName = Name,
            OwnerTenantId = OwnerTenantId,
            Type = Type,
            AgentBlueprintId = AgentBlueprintId,
            AccountEnabled = !(night >= DisabledAt),
            VerifiedPublisher = night >= VerifiedFrom
                ? new SimulatedPublisher(Name + ", Inc.", (1_000_000 + Hash.Below(Hash.Mix(seed, Host ?? Name), 8_999_999)).ToString(), start.AddDays(VerifiedFrom.Value > 0 ? (VerifiedFrom.Value * 7) - 3 : -200))
                : null,
            Created = created,
            Homepage = Host is null ? null : $"https://www.{Host}/",
            ReplyUrls = Host is null ? [] : [$"https://app.{Host}/auth/callback", $"https://{Host}/oauth/microsoft"],
            Tags = Host is null ? [] : ["WindowsAzureActiveDirectoryIntegratedApp"],
            PrivacyStatementUrl = Host is null || hash % 4 == 0 ? null : $"https://{Host}/privacy",
            TermsOfServiceUrl = Host is null || hash % 4 == 0 ? null : $"https://{Host}/terms",
            AssignmentRequired = AssignedUsers > 0,
            SignInAudience = Type == "ManagedIdentity" ? null : "AzureADMultipleOrgs",
        };
    }
}
