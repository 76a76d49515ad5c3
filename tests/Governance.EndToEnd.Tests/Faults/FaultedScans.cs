using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Embedded.Sqlite;
using Governance.EndToEnd.Tests.Cli;
using Governance.Microsoft365.Graph;
using Governance.Microsoft365.Tests.Graph;
using Governance.Simulator;
using Governance.Simulator.Tenants;
using Governance.State.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>Whole scans of one small tenant, read, judged and stored, under a clock that waits for nobody.</summary>
internal sealed class FaultedScans : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HandSetTime _time;
    private int _scans;
    private readonly GraphSimulator _simulator;
    private readonly SqliteDatabase _database;
    private readonly SqliteScanStore _store;

    private FaultedScans(GraphSimulator simulator, HandSetTime time)
    {
        _time = time;
        _simulator = simulator;
        var options = new SqliteOptions { Folder = _folder["data"] };
        _database = new SqliteDatabase(options);
        _store = new SqliteScanStore(_database, options);
    }

    /// <summary>Several pages of everything, optional parts included.</summary>
    public static readonly SimulatedTenant Tenant = ReferenceTenant.Create();

    public int Fired => _simulator.Faults.Fired;

    /// <summary>Every page that was asked for so far: path and number.</summary>
    public ImmutableArray<string> Pages =>
    [
        .. _simulator.Requests.Entries
            .Select(entry => new Uri(_simulator.Endpoint, entry.PathAndQuery).AbsolutePath.Split('/', 3)[2])
            .GroupBy(path => path)
            .SelectMany(path => Enumerable.Range(1, path.Count()).Select(page => $"{path.Key}:{page}")),
    ];

    /// <param name="tenant">Null for <see cref="Tenant"/>.</param>
    public static async Task<FaultedScans> ServeAsync(SimulatedTenant? tenant = null)
    {
        var time = new HandSetTime();
        return new(await GraphSimulator.StartAsync(tenant ?? Tenant, new SimulatorOptions { TimeProvider = time, LosesRows = false }), time);
    }

    public void Fault(string fault) => _simulator.Faults.Add(Simulator.Faults.Fault.Parse(fault));

    public void Heal() => _simulator.Faults.Clear();

    /// <param name="policy">Null for the built-in one.</param>
    public async Task<ScanReport> ScanAsync(GovernancePolicy? policy = null)
    {
        _time.Advance(TimeSpan.FromHours(_scans++ == 0 ? 0 : 1));
        var options = ReferenceTenant.Options(_simulator.Endpoint);
        using var http = GraphTransport.Client(options);
        var source = new GraphConsentSource(http, options, new FixedToken("opaque"), _time, NullLogger<GraphConsentSource>.Instance);
        var request = new ScanRequest(
            policy ?? GovernancePolicy.BuiltIn, string.Empty, inventory => new AppClassifier(ProductCatalogue.Embedded, inventory.Organization.TenantId).Classify, "test");
        return await new ScanTenant(source, _store, _time, () => "0").RunAsync(request, new Unheard(), default);
    }

    public async Task<TenantState> StateAsync() => (await _store.StateAsync(_simulator.Tenant.TenantId, default))!;

    /// <summary>All that is stored, without counts of requests and pages and the time the scan took.</summary>
    public async Task<string> StoredAsync()
    {
        var state = (await _store.StateAsync(Tenant.TenantId, default))!;
        var inventory = (await _store.InventoryAsync(Tenant.TenantId, state.LastScan.Id, default))!;
        var scan = state.LastScan with
        {
            Requests = new RequestCounts(0, 0, 0),
            CompletedAt = state.LastScan.StartedAt,
            Parts = [.. state.LastScan.Parts.Select(part => part with { Requests = 0, Pages = 0, LastLink = null })],
        };
        return Plain.Of(state with { LastScan = scan }) + Plain.Of(inventory with { Parts = scan.Parts });
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class Unheard : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value)
        {
        }
    }
}
