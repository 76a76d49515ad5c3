using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Governance.Api.Access;

/// <summary>Access tokens of Entra: signature by a key of the authority, issuer, tenant, audience, lifetime and app roles.</summary>
/// <remarks>Nothing but the token counts: what else a platform in front may say about the caller proves nothing here.</remarks>
public sealed class EntraTokens : ICallerProof
{
    private const int Longest = 16 * 1024;

    /// <summary>Signatures with a public key; a symmetric key or none at all would let anybody sign who knows what is public.</summary>
    private static readonly string[] Algorithms =
        [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = Longest };
    private readonly EntraOptions _options;
    private readonly TimeProvider _time;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _authority;

    /// <param name="http">Client for the authority's metadata and keys; not disposed here.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names each.</exception>
    public EntraTokens(EntraOptions options, HttpClient http, TimeProvider time)
    {
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(options));
        }

        _options = options;
        _time = time;
        _authority = new ConfigurationManager<OpenIdConnectConfiguration>(
            options.Authority!.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(http) { RequireHttps = options.Authority.Scheme == Uri.UriSchemeHttps });
    }

    public ValueTask<ApiCaller?> ProveAsync(string bearer, CancellationToken cancellationToken) => ProveAsync(bearer, _options.Audience, cancellationToken);

    /// <summary>Proves an ID token, which a sign-in to the application gives; its audience is always the application id, never the id URI.</summary>
    /// <inheritdoc cref="ICallerProof.ProveAsync"/>
    public ValueTask<ApiCaller?> ProveIdTokenAsync(string token, CancellationToken cancellationToken) => ProveAsync(token, _options.ApplicationId, cancellationToken);

    private async ValueTask<ApiCaller?> ProveAsync(string token, string audience, CancellationToken cancellationToken)
    {
        if (token.Length > Longest || token.Count(character => character == '.') != 2 || !_handler.CanReadToken(token))
        {
            return null;
        }

        var authority = await AuthorityAsync(cancellationToken).ConfigureAwait(false);
        var result = await _handler.ValidateTokenAsync(token, Demands(authority, audience)).ConfigureAwait(false);
        return result is { IsValid: true, SecurityToken: JsonWebToken proven } ? CallerOf(proven, authority.Issuer) : null;
    }

    private async Task<OpenIdConnectConfiguration> AuthorityAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _authority.GetConfigurationAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new ProofUnavailableException("the authority that signs tokens cannot be reached", fault);
        }
    }

    private TokenValidationParameters Demands(OpenIdConnectConfiguration authority, string audience) => new()
    {
        ConfigurationManager = _authority,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ValidateIssuer = true,
        ValidIssuers = _options.Tenants.Keys.Select(tenant => IssuerOf(authority.Issuer, tenant)),
        ValidateAudience = true,
        ValidAudience = audience,
        ValidateIssuerSigningKey = true,
        LifetimeValidator = InLifetime,
        TryAllIssuerSigningKeys = false,
    };

    /// <summary>Metadata of a shared authority has a placeholder where the tenant goes.</summary>
    private static string IssuerOf(string issuer, Guid tenant) => issuer.Replace("{tenantid}", tenant.ToString(), StringComparison.OrdinalIgnoreCase);

    private bool InLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters demands)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return expires is { } end && end + _options.ClockSkew > now && (notBefore is not { } begin || begin - _options.ClockSkew <= now);
    }

    /// <summary>The tenant a token names must be accepted and be the one that its issuer speaks for.</summary>
    private ApiCaller? CallerOf(JsonWebToken token, string issuer)
    {
        if (!Guid.TryParse(Claim(token, "tid"), out var tenant) || !_options.Tenants.TryGetValue(tenant, out var sees) || token.Issuer != IssuerOf(issuer, tenant))
        {
            return null;
        }

        var id = Claim(token, "oid") ?? Claim(token, "sub");
        var roles = RoleNames.Parse(token.Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value));
        return id is null ? null : new ApiCaller($"{tenant}/{id}", roles, sees.IsDefaultOrEmpty ? [tenant] : sees);
    }

    private static string? Claim(JsonWebToken token, string type) => token.TryGetClaim(type, out Claim claim) && claim.Value.Length > 0 ? claim.Value : null;
}
