using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Governance.StandIns.Entra;

/// <summary>Version of a token. That of access tokens is chosen by the API's registration, that of ID tokens by the endpoint used.</summary>
internal enum TokenVersion
{
    V1,
    V2,
}

/// <summary>Stands for Entra's authority: discovery documents of both versions, one set of keys, and tokens in the documented shapes and no others.</summary>
/// <remarks>
/// Sources, of learn.microsoft.com/entra: identity-platform/access-token-claims-reference (2023-05), identity-platform/id-token-claims-reference (2023-05),
/// identity-platform/optional-claims-reference, agent-id/agent-token-claims (2025-11). A test that wants a token which Entra does not issue changes one
/// of these, so that exactly one thing is wrong about it.
/// </remarks>
internal sealed class EntraAuthority(Func<string> root) : IDisposable
{
    /// <summary>The API's registration.</summary>
    public static readonly Guid ClientId = Guid.Parse("a91a91a9-1111-4222-8333-444444444444");

    /// <summary>The client that asks for tokens.</summary>
    public static readonly Guid Client = Guid.Parse("c11e1170-1111-4222-8333-444444444444");

    public static readonly Guid UsualPerson = Guid.Parse("0c0c0c0c-1111-4222-8333-444444444444");

    private static readonly Guid UsualServicePrincipal = Guid.Parse("5e5e5e5e-1111-4222-8333-444444444444");

    /// <summary>Access tokens last 60 to 90 minutes. Source: identity-platform/access-tokens, token lifetime.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(75);

    public static string ApplicationIdUri => $"api://{ClientId}";

    public const string KeyId = "key-1";

    public RSA Key { get; } = RSA.Create(2048);

    public string Issuer(TokenVersion version, Guid tenant) => version == TokenVersion.V1 ? $"{root()}/sts/{tenant}/" : $"{root()}/{tenant}/v2.0";

    public void Map(WebApplication app)
    {
        app.MapGet("/{tenant:guid}/.well-known/openid-configuration", (HttpContext context, Guid tenant) => MetadataAsync(context, Issuer(TokenVersion.V1, tenant)));
        app.MapGet("/{tenant:guid}/v2.0/.well-known/openid-configuration", (HttpContext context, Guid tenant) => MetadataAsync(context, Issuer(TokenVersion.V2, tenant)));
        app.MapGet("/keys", KeysAsync);
    }

    /// <summary>An access token for a user who is signed in at a client that asked for the <c>profile</c> scope.</summary>
    public string Delegated(TokenVersion version, Guid tenant, Guid person, IEnumerable<string> roles, Action<SecurityTokenDescriptor>? change = null)
    {
        var token = Access(version, tenant, roles);
        token.Claims["oid"] = person.ToString();
        token.Claims["sub"] = Pairwise(person);
        token.Claims["scp"] = "access_as_user";
        token.Claims[version == TokenVersion.V1 ? "unique_name" : "preferred_username"] = "someone@example.com";
        if (version == TokenVersion.V1)
        {
            token.Claims["acr"] = "1";
            token.Claims["amr"] = new[] { "pwd", "mfa" };
            token.Claims["ipaddr"] = "192.0.2.1";
        }

        return Sign(token, change);
    }

    /// <summary>An access token that an application got for itself. The optional claim <c>idtyp</c> is there when the registration asks for it.</summary>
    public string Application(TokenVersion version, Guid tenant, IEnumerable<string> roles, bool idtyp = false, Action<SecurityTokenDescriptor>? change = null)
    {
        var token = Access(version, tenant, roles);
        token.Claims["oid"] = token.Claims["sub"] = UsualServicePrincipal.ToString();
        token.Claims[version == TokenVersion.V1 ? "appidacr" : "azpacr"] = "1";
        if (idtyp)
        {
            token.Claims["idtyp"] = "app";
        }

        return Sign(token, change);
    }

    /// <summary>An ID token of a sign-in to the API's own registration.</summary>
    public string IdToken(TokenVersion version, Guid tenant, Guid person, IEnumerable<string> roles, Action<SecurityTokenDescriptor>? change = null)
    {
        var token = New(version, tenant, ClientId.ToString(), roles);
        token.Claims["oid"] = person.ToString();
        token.Claims["sub"] = Pairwise(person);
        token.Claims["nonce"] = "678910";
        token.Claims["name"] = "Someone";
        token.Claims[version == TokenVersion.V1 ? "unique_name" : "preferred_username"] = "someone@example.com";
        return Sign(token, change);
    }

    public void Dispose() => Key.Dispose();

    /// <summary>A v1.0 token has the resource URI that the client asked with as its audience, a v2.0 token always the client id.</summary>
    private SecurityTokenDescriptor Access(TokenVersion version, Guid tenant, IEnumerable<string> roles)
    {
        var token = New(version, tenant, version == TokenVersion.V1 ? ApplicationIdUri : ClientId.ToString(), roles);
        token.Claims[version == TokenVersion.V1 ? "appid" : "azp"] = Client.ToString();
        token.Claims[version == TokenVersion.V1 ? "appidacr" : "azpacr"] = "0";
        return token;
    }

    private SecurityTokenDescriptor New(TokenVersion version, Guid tenant, string audience, IEnumerable<string> roles)
    {
        var now = DateTime.UtcNow;
        var token = new SecurityTokenDescriptor
        {
            Issuer = Issuer(version, tenant),
            Audience = audience,
            IssuedAt = now.AddMinutes(-1),
            NotBefore = now.AddMinutes(-1),
            Expires = now + Lifetime,
            Claims = new Dictionary<string, object>
            {
                ["tid"] = tenant.ToString(), ["ver"] = version == TokenVersion.V1 ? "1.0" : "2.0", ["uti"] = Guid.NewGuid().ToString("N"),
            },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(Key) { KeyId = KeyId }, SecurityAlgorithms.RsaSha256),
        };
        if (roles.ToArray() is { Length: > 0 } some)
        {
            token.Claims["roles"] = some;
        }

        return token;
    }

    /// <summary>One person has another <c>sub</c> for each client.</summary>
    private static string Pairwise(Guid person) => Base64UrlEncoder.Encode(SHA256.HashData([.. person.ToByteArray(), .. Client.ToByteArray()]));

    private static string Sign(SecurityTokenDescriptor token, Action<SecurityTokenDescriptor>? change)
    {
        change?.Invoke(token);
        var issued = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
        var first = token.Claims.TryGetValue("ver", out var version) && version is "1.0";
        return first && token.SigningCredentials is { } credentials ? WithThumbprint(issued, credentials) : issued;
    }

    /// <summary>A v1.0 token names its key twice: <c>x5t</c> has the use and the value of <c>kid</c>. The library writes only one that it computes itself.</summary>
    private static string WithThumbprint(string issued, SigningCredentials credentials)
    {
        var parts = issued.Split('.');
        var header = JsonNode.Parse(Base64UrlEncoder.Decode(parts[0]))!.AsObject();
        header["x5t"] = header["kid"]?.DeepClone();
        var signed = $"{Base64UrlEncoder.Encode(header.ToJsonString())}.{parts[1]}";
        var signer = credentials.Key.CryptoProviderFactory.CreateForSigning(credentials.Key, credentials.Algorithm);
        var signature = signer.Sign(Encoding.ASCII.GetBytes(signed));
        credentials.Key.CryptoProviderFactory.ReleaseSignatureProvider(signer);
        return $"{signed}.{Base64UrlEncoder.Encode(signature)}";
    }

    private Task MetadataAsync(HttpContext context, string issuer) => context.Response.WriteAsJsonAsync(new
    {
        issuer, jwks_uri = $"{root()}/keys", authorization_endpoint = $"{root()}/authorize", token_endpoint = $"{root()}/token",
    });

    private Task KeysAsync(HttpContext context)
    {
        var parameters = Key.ExportParameters(false);
        return context.Response.WriteAsJsonAsync(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", kid = KeyId, n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) } },
        });
    }
}
