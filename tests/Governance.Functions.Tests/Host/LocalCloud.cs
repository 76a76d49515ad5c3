using System.Collections.Concurrent;
using Governance.StandIns.Entra;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Governance.Functions.Tests.Host;

/// <summary>What an app in Azure finds around it, on this machine: the endpoint of its managed identity, an authority that signs tokens of callers, a Teams workflow.</summary>
internal sealed class LocalCloud : IAsyncDisposable
{
    public const string IdentityHeader = "the-header-of-this-app";
    public static readonly Guid Identity = Guid.Parse("1d1d1d1d-1111-4222-8333-444444444444");
    private readonly WebApplication _app;

    private LocalCloud(WebApplication app)
    {
        _app = app;
        Entra = new EntraAuthority(() => Root.GetLeftPart(UriPartial.Authority));
        Entra.Map(app);
    }

    /// <summary>Signs the tokens of callers of the API.</summary>
    public EntraAuthority Entra { get; }

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
        app.MapPost("/workflow", cloud.PostedAsync);
        await app.StartAsync();
        return cloud;
    }

    /// <summary>A token of a person who calls the API.</summary>
    public string Token(Guid tenant, params string[] roles) => Entra.Delegated(TokenVersion.V2, tenant, EntraAuthority.UsualPerson, roles);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Entra.Dispose();
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

    private async Task PostedAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Posted.Enqueue(await reader.ReadToEndAsync());
        context.Response.StatusCode = 202;
    }
}
