using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>An app's identity in one tenant, as Graph <c>servicePrincipal</c> states it.</summary>
/// <remarks>Every text comes from the tenant or the app's publisher: data, never to be trusted or matched by substring.</remarks>
public sealed record ServicePrincipal
{
    /// <summary>Object id in this tenant; <c>clientId</c> and <c>resourceId</c> of grants refer to it.</summary>
    public required Guid Id { get; init; }

    /// <summary>Application id, the same in every tenant. Null on agent identities, which have none.</summary>
    public Guid? AppId { get; init; }

    /// <summary>Name shown in this tenant. Null when the source gave none.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Name the publisher chose. Null when the source gave none.</summary>
    public string? AppDisplayName { get; init; }

    /// <summary>Tenant in which the application is registered. Null on managed identities and orphans.</summary>
    public Guid? OwnerTenantId { get; init; }

    /// <summary><c>Application</c>, <c>ManagedIdentity</c>, <c>Legacy</c>, <c>SocialIdp</c>, <c>ServiceIdentity</c> or a value not known yet.</summary>
    public string? Type { get; init; }

    /// <summary>False: nobody can sign in to the app. Null when the source did not say.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Null when the publisher is not verified or the source did not say.</summary>
    public VerifiedPublisher? VerifiedPublisher { get; init; }

    /// <summary>Publisher as the app states it, unproven. Null in most tenants: v1.0 rarely returns it.</summary>
    public string? PublisherName { get; init; }

    /// <summary>When the app came to this tenant. Null when the source did not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Homepage as the publisher wrote it: never fetched, never a link without a check.</summary>
    public string? Homepage { get; init; }

    public ImmutableArray<string> ReplyUrls { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>True: only users assigned to the app can use it.</summary>
    public bool AssignmentRequired { get; init; }

    /// <summary>Graph <c>disabledByMicrosoftStatus</c>; null or <c>NotDisabled</c> when Microsoft has not acted.</summary>
    public string? DisabledByMicrosoft { get; init; }

    /// <summary>App roles this app offers as a resource; empty for most apps.</summary>
    public ImmutableArray<AppRole> AppRoles { get; init; } = [];

    /// <summary>True for a principal that only grants refer to: its own record was not in a list that was read whole.</summary>
    public bool Orphan { get; init; }

    /// <summary>The name to show: tenant's, publisher's, else an empty string.</summary>
    public string Name => DisplayName ?? AppDisplayName ?? string.Empty;
}
