using Governance.Core.Scans;
using Governance.State.Contract;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server whose tenant was scanned, and which also keeps a scan of a tenant that others must not see. Shared by tests that only read.</summary>
public sealed class ScannedServer : IAsyncLifetime
{
    internal static readonly Guid Foreign = Guid.Parse("f0f0f0f0-1111-4222-8333-444444444444");

    internal RunningServer Server { get; private set; } = null!;

    internal Authority Authority { get; private set; } = null!;

    internal SampleScan ForeignScan { get; } = SampleScans.First(Foreign) with { PolicyText = string.Empty };

    public async Task InitializeAsync()
    {
        Authority = await Authority.StartAsync();
        var tenant = await ScannableTenant.StartAsync();
        var limits = new Governance.Api.Http.ApiOptions { RefusalsPerMinute = 1000, RequestsPerSecond = 1000, ChangesPerMinute = 1000 };
        Server = await RunningServer.StartAsync(tenant, Authority.Options(tenant.Id), limits);
        await Server.ScanAsync();
        await Server.Scans.CommitAsync(ForeignScan, default);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await Server.Tenant.DisposeAsync();
        await Authority.DisposeAsync();
    }

    /// <summary>A caller of the tenant with these roles.</summary>
    internal HttpClient Caller(params string[] roles) => Server.Client(Authority.Token(Server.Tenant.Id, roles));
}
