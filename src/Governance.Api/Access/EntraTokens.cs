using System.Collections.Frozen;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Governance.Api.Access;

/// <summary>Tokens of Entra in both versions: signature by a key of the authority, issuer, tenant, audience, lifetime, and who holds them.</summary>
/// <remarks>Nothing but the token counts: what else a platform in front may say about the caller proves nothing here.</remarks>
public sealed class EntraTokens : ICallerProof
{
    private const int Longest = 16 * 1024;

    /// <summary>Longest lifetime Entra gives a token, that of clients which can answer a revocation.</summary>
    /// <remarks>Source: Microsoft Entra, continuous access evaluation, token lifetime.</remarks>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(28);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = Longest };
    private readonly EntraOptions _options;
    private readonly TimeProvider _time;
    private readonly FrozenDictionary<(Guid Tenant, string Version), Issuer> _issuers;

    /// <param name="http">Client for the authority's metadata and keys; not disposed here.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names each.</exception>
    public EntraTokens(EntraOptions options, HttpClient http, TimeProvider time)
    {
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join("; ", problems.Select(problem => $"{problem.Setting} {problem.Demand}")), nameof(options));
        }

        _options = options;
        _time = time;
        var root = options.LoginEndpoint!.GetLeftPart(UriPartial.Authority);
        var documents = new HttpDocumentRetriever(http) { RequireHttps = options.LoginEndpoint.Scheme == Uri.UriSchemeHttps };
        _issuers = (from tenant in options.Tenants.Keys
                    from version in EntraTokenVersion.All
                    select new Issuer(
                        tenant,
                        version,
                        new ConfigurationManager<OpenIdConnectConfiguration>($"{root}/{tenant}{version.MetadataPath}", new OpenIdConnectConfigurationRetriever(), documents)))
            .ToFrozenDictionary(issuer => (issuer.Tenant, issuer.Version.Name));
    }

    /// <summary>Proves an access token. An ID token is none, although its audience is the client id too: it tells who signed in and gives no access.</summary>
    /// <inheritdoc/>
    public async ValueTask<ApiCaller?> ProveAsync(string bearer, CancellationToken cancellationToken)
    {
        var valid = await ValidAsync(bearer, version => version.UriAsAudience ? [ClientId, _options.AudienceUri] : [ClientId], cancellationToken)
            .ConfigureAwait(false);
        if (valid is not var (token, issuer) || token.Client(issuer.Version) is not { } client)
        {
            return null;
        }

        return token.HasScopes() && token.ExcludesPrograms() ? User(token, issuer) : Caller(token, issuer, $"app:{client}", CallerKind.Program);
    }

    /// <summary>Proves an ID token, which a sign-in to the application gives; its audience is always the client id.</summary>
    /// <inheritdoc cref="ICallerProof.ProveAsync"/>
    public async ValueTask<ApiCaller?> ProveIdTokenAsync(string token, CancellationToken cancellationToken) =>
        await ValidAsync(token, _ => [ClientId], cancellationToken).ConfigureAwait(false) is var (valid, issuer)
        && valid.Client(issuer.Version) is null && !valid.HasScopes() && valid.ExcludesPrograms()
            ? User(valid, issuer)
            : null;

    private string ClientId => _options.ClientId.ToString();

    /// <returns>Null for a token that Entra did not issue for one of the audiences and an accepted tenant, or that is not valid now.</returns>
    private async ValueTask<(JsonWebToken Token, Issuer Issuer)?> ValidAsync(
        string token, Func<EntraTokenVersion, string[]> audiences, CancellationToken cancellationToken)
    {
        if (IssuerOf(token) is not { } issuer)
        {
            return null;
        }

        await ReachAsync(issuer, cancellationToken).ConfigureAwait(false);
        var result = await _handler.ValidateTokenAsync(token, Demands(issuer, audiences(issuer.Version))).ConfigureAwait(false);
        return result is { IsValid: true, SecurityToken: JsonWebToken valid } ? (valid, issuer) : null;
    }

    /// <summary>The issuer that a token has to prove: the one of the tenant and version it claims.</summary>
    /// <returns>Null for what is no token, and for a tenant that is not accepted.</returns>
    private Issuer? IssuerOf(string token)
    {
        if (token.Length > Longest || token.Count(character => character == '.') != 2 || !_handler.CanReadToken(token))
        {
            return null;
        }

        try
        {
            var claimed = _handler.ReadJsonWebToken(token);
            return claimed.Id("tid") is { } tenant && claimed.Text("ver") is { } version ? _issuers.GetValueOrDefault((tenant, version)) : null;
        }
        catch (Exception fault) when (fault is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private static async Task ReachAsync(Issuer issuer, CancellationToken cancellationToken)
    {
        try
        {
            await issuer.Metadata.GetConfigurationAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new ProofUnavailableException("the authority that signs tokens cannot be reached", fault);
        }
    }

    /// <remarks>The issuer and the keys are those of the metadata.</remarks>
    private TokenValidationParameters Demands(Issuer issuer, string[] audiences) => new()
    {
        ConfigurationManager = issuer.Metadata,
        ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ValidateIssuer = true,
        ValidateAudience = true,
        ValidAudiences = audiences,
        ValidateIssuerSigningKey = true,
        LifetimeValidator = InLifetime,
        TryAllIssuerSigningKeys = false,
    };

    private bool InLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters demands)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return notBefore is { } begin && expires is { } end && end - begin <= LongestLifetime
            && end + _options.ClockSkew > now && begin - _options.ClockSkew <= now;
    }

    /// <summary>A person is tenant and object id. <c>sub</c> names the same person anew for every client, so it identifies nobody.</summary>
    private ApiCaller User(JsonWebToken token, Issuer issuer) => token.Id("oid") is { } person
        ? Caller(token, issuer, person.ToString(), CallerKind.Person)
        : Caller(token, issuer, "unidentified", CallerKind.Unidentified);

    private ApiCaller Caller(JsonWebToken token, Issuer issuer, string id, CallerKind kind)
    {
        var sees = _options.Tenants[issuer.Tenant];
        return new ApiCaller($"{issuer.Tenant}/{id}", kind, token.Roles(), sees.IsDefaultOrEmpty ? [issuer.Tenant] : sees);
    }

    private sealed record Issuer(Guid Tenant, EntraTokenVersion Version, ConfigurationManager<OpenIdConnectConfiguration> Metadata);
}
