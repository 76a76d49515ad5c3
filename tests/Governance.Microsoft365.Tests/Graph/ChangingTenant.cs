using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>A simulated tenant that is read again and again while it changes.</summary>
internal sealed class ChangingTenant : IAsyncDisposable
{
    private readonly GraphSimulator _simulator;
    private readonly HttpClient _http;

    private ChangingTenant(SimulatedTenant tenant, GraphSimulator simulator)
    {
        Tenant = tenant;
        _simulator = simulator;
        _http = GraphTransport.Client(Some.Options(simulator.Endpoint));
    }

    public SimulatedTenant Tenant { get; }

    public HandSetTime Time { get; } = new();

    /// <summary>What the last reading left, as a store would keep it; null before the first.</summary>
    public Inventory? Last { get; set; }

    /// <summary>Why everything was read although changes were asked for.</summary>
    public List<string> Said { get; } = [];

    public FaultPlan Faults => _simulator.Faults;

    public RequestLog Log => _simulator.Requests;

    public static async Task<ChangingTenant> ServeAsync(TenantSize size, int seed, Func<SimulatorOptions, SimulatorOptions>? alter = null)
    {
        var tenant = ScaledTenant.Create(size, seed);
        var options = new SimulatorOptions();
        return new(tenant, await GraphSimulator.StartAsync(tenant, alter?.Invoke(options) ?? options));
    }

    /// <summary>Reads changes since the last reading and keeps the result.</summary>
    public async Task<SourceReading> ChangesAsync()
    {
        var reading = await ReadAsync(new IncrementalReading((_, _) => Task.FromResult(Last), IncrementalReading.Weekly, Said.Add));
        Last = reading.Inventory;
        return reading;
    }

    public Task<SourceReading> FullAsync() => ReadAsync(null);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _simulator.DisposeAsync();
    }

    private Task<SourceReading> ReadAsync(IncrementalReading? incremental)
    {
        var options = Some.Options(_simulator.Endpoint);
        return new GraphConsentSource(_http, options, new FixedToken("opaque"), Time, NullLogger<GraphConsentSource>.Instance, incremental).ReadAsync();
    }

    /// <summary>Everything an inventory holds but its times and how it was read.</summary>
    public static string Facts(Inventory inventory) => Some.Content(inventory with { Parts = [] });
}
