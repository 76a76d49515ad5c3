using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>An app's identity in the tenant.</summary>
public sealed record SimulatedServicePrincipal
{
    public required Guid Id { get; init; }

    /// <summary>Null on agent identities.</summary>
    public Guid? AppId { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>The tenant in which the app is registered; null on managed identities and agents.</summary>
    public Guid? OwnerTenantId { get; init; }

    /// <summary><c>Application</c>, <c>ManagedIdentity</c>, <c>Legacy</c>, <c>SocialIdp</c> or <c>ServiceIdentity</c>.</summary>
    public string Type { get; init; } = "Application";

    public bool AccountEnabled { get; init; } = true;

    /// <summary>Null when the publisher is not verified; on the wire that is an object of nulls.</summary>
    public SimulatedPublisher? VerifiedPublisher { get; init; }

    public DateTimeOffset Created { get; init; }

    public string? Homepage { get; init; }

    public ImmutableArray<string> ReplyUrls { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Null when the publisher states no links.</summary>
    public string? PrivacyStatementUrl { get; init; }

    public string? TermsOfServiceUrl { get; init; }

    public string? SignInAudience { get; init; } = "AzureADMultipleOrgs";

    /// <summary>True: only assigned users may sign in.</summary>
    public bool AssignmentRequired { get; init; }

    /// <summary>Roles that this app, as a resource, lets others hold.</summary>
    public ImmutableArray<PermissionDefinition> AppRoles { get; init; } = [];

    /// <summary>Delegated scopes that this app publishes.</summary>
    public ImmutableArray<PermissionDefinition> Scopes { get; init; } = [];

    /// <summary>Set on agent identities alone.</summary>
    public Guid? AgentBlueprintId { get; init; }
}

/// <summary>The organisation that Microsoft verified as publisher.</summary>
public sealed record SimulatedPublisher(string DisplayName, string VerifiedPublisherId, DateTimeOffset Added);

/// <summary>A scope or an app role published by a resource.</summary>
/// <param name="Id">Differs between the scope and the app role of one name.</param>
/// <param name="Value">For example <c>Mail.Read</c>; null on roles that give no claim.</param>
/// <param name="AdminOnly">Users may not consent to it themselves. Means nothing on app roles.</param>
public sealed record PermissionDefinition(Guid Id, string? Value, bool AdminOnly = false);
