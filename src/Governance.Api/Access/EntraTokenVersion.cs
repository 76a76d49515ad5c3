using System.Collections.Immutable;

namespace Governance.Api.Access;

/// <summary>One of the two versions of tokens. The API's registration chooses that of access tokens, whatever endpoint the client used.</summary>
/// <param name="Name">Value of <c>ver</c>.</param>
/// <param name="MetadataPath">Where the discovery document is, behind authority and tenant. It names the issuer, which each cloud has its own of.</param>
/// <param name="ClientClaim">Claim that names the client of an access token.</param>
/// <param name="UriAsAudience">Whether <c>aud</c> may be the application ID URI.</param>
/// <remarks>Source: Microsoft identity platform, access token claims reference.</remarks>
internal sealed record EntraTokenVersion(string Name, string MetadataPath, string ClientClaim, bool UriAsAudience)
{
    public static readonly ImmutableArray<EntraTokenVersion> All =
    [
        new("1.0", "/.well-known/openid-configuration", "appid", UriAsAudience: true),
        new("2.0", "/v2.0/.well-known/openid-configuration", "azp", UriAsAudience: false),
    ];
}
