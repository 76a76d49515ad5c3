using System.Collections.Immutable;
using System.Security.Cryptography;
using Governance.Api.Access;
using Governance.StandIns.Entra;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>An authority on the loopback address, and the settings of a server that trusts it.</summary>
internal sealed class Authority : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Authority(WebApplication app)
    {
        _app = app;
        Entra = new EntraAuthority(() => Root);
        Entra.Map(app);
    }

    public EntraAuthority Entra { get; }

    public RSA Key => Entra.Key;

    public string Root => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Public part of the key, as an attacker would have it.</summary>
    public byte[] PublicKey => Key.ExportSubjectPublicKeyInfo();

    public static async Task<Authority> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var authority = new Authority(builder.Build());
        await authority._app.StartAsync();
        return authority;
    }

    public EntraOptions Options(params Guid[] tenants)
    {
        var options = new EntraOptions { LoginEndpoint = new Uri(Root), ClientId = EntraAuthority.ClientId };
        foreach (var tenant in tenants)
        {
            options.Tenants[tenant] = ImmutableArray<Guid>.Empty;
        }

        return options;
    }

    /// <summary>Options of <c>serve</c> that say the same.</summary>
    public string[] Arguments(Guid tenant) =>
        ["--entra-authority", Root, "--entra-client-id", EntraAuthority.ClientId.ToString(), "--entra-tenant", tenant.ToString()];

    /// <summary>A token of the usual person.</summary>
    public string Token(Guid tenant, params string[] roles) => Token(tenant, _ => { }, roles);

    public string TokenOf(Guid person, Guid tenant, params string[] roles) => Entra.Delegated(TokenVersion.V2, tenant, person, roles);

    /// <param name="change">What is to be wrong about the token.</param>
    public string Token(Guid tenant, Action<SecurityTokenDescriptor> change, params string[] roles) =>
        Entra.Delegated(TokenVersion.V2, tenant, EntraAuthority.UsualPerson, roles, change);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Entra.Dispose();
    }
}
