using System.Collections.Immutable;
using System.Security.Claims;
using System.Security.Cryptography;
using Governance.Api.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A small authority on the loopback address that signs tokens as Entra does, with keys of its own.</summary>
internal sealed class Authority : IAsyncDisposable
{
    public const string Audience = "api://governance-tests";
    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private Authority(WebApplication app) => _app = app;

    public string KeyId { get; } = "key-1";

    public RSA Key => _key;

    public string Root => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Public part of the key, as an attacker would have it.</summary>
    public byte[] PublicKey => _key.ExportSubjectPublicKeyInfo();

    public static async Task<Authority> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var authority = new Authority(app);
        app.MapGet("/shared/.well-known/openid-configuration", (HttpContext context) => context.Response.WriteAsJsonAsync(new
        {
            issuer = $"{authority.Root}/{{tenantid}}/v2.0",
            jwks_uri = $"{authority.Root}/keys",
            authorization_endpoint = $"{authority.Root}/authorize",
            token_endpoint = $"{authority.Root}/token",
        }));
        app.MapGet("/keys", (HttpContext context) =>
        {
            var parameters = authority._key.ExportParameters(false);
            return context.Response.WriteAsJsonAsync(new
            {
                keys = new[] { new { kty = "RSA", use = "sig", kid = authority.KeyId, n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) } },
            });
        });
        await app.StartAsync();
        return authority;
    }

    public EntraOptions Options(params Guid[] tenants)
    {
        var options = new EntraOptions { Authority = new Uri($"{Root}/shared"), Audience = Audience };
        foreach (var tenant in tenants)
        {
            options.Tenants[tenant] = ImmutableArray<Guid>.Empty;
        }

        return options;
    }

    public string Issuer(Guid tenant) => $"{Root}/{tenant}/v2.0";

    public string Token(Guid tenant, params string[] roles) => Token(tenant, _ => { }, roles);

    /// <summary>A token of another person than the usual one.</summary>
    public string TokenOf(Guid person, Guid tenant, params string[] roles) => Token(
        tenant,
        token => token.Subject = new ClaimsIdentity([new Claim("tid", tenant.ToString()), new Claim("oid", person.ToString()), .. roles.Select(role => new Claim("roles", role))]),
        roles);

    /// <param name="change">What is to be wrong about the token.</param>
    public string Token(Guid tenant, Action<SecurityTokenDescriptor> change, params string[] roles)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Issuer(tenant),
            Audience = Audience,
            NotBefore = DateTime.UnixEpoch.AddYears(50),
            Expires = DateTime.UnixEpoch.AddYears(100),
            IssuedAt = DateTime.UnixEpoch.AddYears(50),
            Subject = new ClaimsIdentity([new Claim("tid", tenant.ToString()), new Claim("oid", "0c0c0c0c-1111-4222-8333-444444444444"), .. roles.Select(role => new Claim("roles", role))]),
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(_key) { KeyId = KeyId }, SecurityAlgorithms.RsaSha256),
        };
        change(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }
}
