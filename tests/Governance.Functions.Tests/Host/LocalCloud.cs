using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Governance.Functions.Tests.Host;

/// <summary>What an app in Azure finds around it, on this machine: the endpoint of its managed identity, an authority that signs tokens of callers, a Teams workflow.</summary>
internal sealed class LocalCloud : IAsyncDisposable
{
    public const string Audience = "api://governance";
    public const string IdentityHeader = "the-header-of-this-app";
    public static readonly Guid Identity = Guid.Parse("1d1d1d1d-1111-4222-8333-444444444444");
    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private LocalCloud(WebApplication app) => _app = app;

    public Uri Root => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Resources that the managed identity asked tokens for.</summary>
    public ConcurrentQueue<string> TokensFor { get; } = new();

    /// <summary>Bodies posted to the workflow.</summary>
    public ConcurrentQueue<string> Posted { get; } = new();

    public static async Task<LocalCloud> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var cloud = new LocalCloud(app);
        app.MapGet("/identity", cloud.IdentityAsync);
        app.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", (HttpContext context, string tenant) => context.Response.WriteAsJsonAsync(new
        {
            issuer = $"{cloud.Root}{tenant}/v2.0", jwks_uri = $"{cloud.Root}keys", authorization_endpoint = $"{cloud.Root}authorize", token_endpoint = $"{cloud.Root}token",
        }));
        app.MapGet("/keys", cloud.KeysAsync);
        app.MapPost("/workflow", cloud.PostedAsync);
        await app.StartAsync();
        return cloud;
    }

    /// <summary>A token of a caller of the API.</summary>
    public string Token(Guid tenant, params string[] roles) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = $"{Root}{tenant}/v2.0",
        Audience = Audience,
        Subject = new ClaimsIdentity([new Claim("tid", tenant.ToString()), new Claim("oid", "0c0c0c0c-1111-4222-8333-444444444444"), .. roles.Select(role => new Claim("roles", role))]),
        SigningCredentials = new SigningCredentials(new RsaSecurityKey(_key) { KeyId = "key-1" }, SecurityAlgorithms.RsaSha256),
    });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    /// <summary>As App Service answers (api-version 2019-08-01).</summary>
    private async Task IdentityAsync(HttpContext context)
    {
        if (context.Request.Headers["X-IDENTITY-HEADER"] != IdentityHeader || context.Request.Query["client_id"] != Identity.ToString())
        {
            context.Response.StatusCode = 403;
            return;
        }

        var resource = context.Request.Query["resource"].ToString();
        TokensFor.Enqueue(resource);
        await context.Response.WriteAsJsonAsync(new
        {
            access_token = "token-of-the-identity", expires_on = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds().ToString(), resource, token_type = "Bearer", client_id = Identity,
        });
    }

    private Task KeysAsync(HttpContext context)
    {
        var parameters = _key.ExportParameters(false);
        return context.Response.WriteAsJsonAsync(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", kid = "key-1", n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) } },
        });
    }

    private async Task PostedAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Posted.Enqueue(await reader.ReadToEndAsync());
        context.Response.StatusCode = 202;
    }
}
