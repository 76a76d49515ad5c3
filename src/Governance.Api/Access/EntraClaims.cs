using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Governance.Api.Access;

/// <summary>What the claims of a token say about whoever holds it.</summary>
/// <remarks>
/// Sources: Microsoft identity platform, access token claims reference, ID token claims reference and optional claims reference;
/// Microsoft Entra Agent ID, token claims reference (November 2025).
/// </remarks>
internal static class EntraClaims
{
    /// <summary>Value of <c>scp</c> in an agent's token that has no user.</summary>
    private const string Unscoped = "/";

    /// <summary>Facets of an agent identity and of the user account of an agent.</summary>
    private static readonly ImmutableArray<string> AgentFacets = ["11", "13"];

    /// <summary>The client that an access token was issued to: <c>appid</c> in v1.0, <c>azp</c> in v2.0. An ID token names none.</summary>
    /// <returns>Null when the token names no client.</returns>
    public static Guid? Client(this JsonWebToken token, EntraTokenVersion version) => token.Id(version.ClientClaim);

    /// <summary>Scopes, which only a token for a user has.</summary>
    public static bool HasScopes(this JsonWebToken token) => token.Text("scp") is { } scopes && scopes != Unscoped;

    /// <summary>
    /// Whether the token speaks of the user alone. <c>idtyp</c> and the facets are optional claims: present they rule a person out, absent they prove nothing.
    /// </summary>
    public static bool ExcludesPrograms(this JsonWebToken token) =>
        token.Text("idtyp") is null or "user" && !token.Facets("xms_act_fct").Concat(token.Facets("xms_sub_fct")).Any(facet => AgentFacets.Contains(facet));

    /// <returns>Null for a claim that is missing or no GUID.</returns>
    public static Guid? Id(this JsonWebToken token, string claim) => Guid.TryParseExact(token.Text(claim), "D", out var id) && id != Guid.Empty ? id : null;

    /// <returns>Null for a claim that is missing or empty.</returns>
    public static string? Text(this JsonWebToken token, string name) => token.TryGetClaim(name, out Claim claim) && claim.Value.Length > 0 ? claim.Value : null;

    public static ApiRoles Roles(this JsonWebToken token) => RoleNames.Parse(token.Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value));

    private static string[] Facets(this JsonWebToken token, string claim) => token.Text(claim)?.Split(' ') ?? [];
}
