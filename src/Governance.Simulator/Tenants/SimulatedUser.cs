namespace Governance.Simulator.Tenants;

/// <summary>A user of the tenant.</summary>
public sealed record SimulatedUser
{
    public required Guid Id { get; init; }

    public required string DisplayName { get; init; }

    public required string UserPrincipalName { get; init; }

    public string? GivenName { get; init; }

    public string? Surname { get; init; }

    public string? Mail { get; init; }

    public string? JobTitle { get; init; }

    /// <summary>Null for about one user in twenty, as found in real directories.</summary>
    public string? Department { get; init; }

    public string? OfficeLocation { get; init; }

    public string? Country { get; init; }

    /// <summary>Language tag such as <c>de-DE</c>.</summary>
    public string? PreferredLanguage { get; init; }

    public bool AccountEnabled { get; init; } = true;

    /// <summary><c>Member</c>, <c>Guest</c>, or null.</summary>
    public string? UserType { get; init; } = "Member";

    public Guid? ManagerId { get; init; }
}
