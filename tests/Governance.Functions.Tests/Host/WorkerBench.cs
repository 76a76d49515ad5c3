using Azure.Data.Tables;
using Governance.Azure.ServiceBus;
using Governance.Azure.Tables;
using Governance.Azure.Tests.ServiceBus;
using Governance.Azure.Tests.Tables;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Records;
using Governance.Core.Scans.Runs;
using Governance.Simulator;
using Governance.Simulator.Tenants;
using Governance.StandIns.Entra;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Functions.Tests.Host;

/// <summary>Everything a deployed app has, for one test: tables in Azurite, queues at the peer, a simulated tenant as Graph, an identity, a workflow. Workers are started on it.</summary>
internal sealed class WorkerBench : IAsyncDisposable
{
    private readonly ServiceBusPeer _peer;
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly string _policy;
    private readonly List<IAsyncDisposable> _open = [];
    private readonly Uri _tables;
    private readonly ApartTable _apart;

    private WorkerBench(ServiceBusPeer peer, Azurite azurite, GraphSimulator graph, LocalCloud cloud)
    {
        (_peer, Graph, Cloud) = (peer, graph, cloud);
        Table = azurite.NewTable();
        _apart = new ApartTable(azurite.Table(new TableOptions { TableName = Table.Name }.ApartTableName));
        _apart.Client.Create();
        _tables = new Uri(Table.Uri.AbsoluteUri[..Table.Uri.AbsoluteUri.LastIndexOf('/')]);
        _policy = Path.Combine(Path.GetTempPath(), $"governance-{_name}.yaml");
        File.WriteAllText(_policy, """
            version: 1
            approved: []
            digests: [{name: leads, urlEnv: WORKFLOW_URL, period: day, at: "00:00"}]
            """);
        Queues = new Dictionary<string, string> { ["ScanQueue"] = $"scan-{_name}", ["DigestQueue"] = $"digest-{_name}", ["KpiQueue"] = $"kpis-{_name}", ["ParkedQueue"] = $"parked-{_name}" };
        Settings = new Dictionary<string, string>(Queues)
        {
            ["NightlyAuditSchedule"] = "0 0 2 * * *",
            ["IncrementalScanSchedule"] = "0 0 */4 * * *",
            ["DigestSchedule"] = "0 */15 * * * *",
            ["RecoverStalledSchedule"] = "0 */10 * * * *",
            ["ServiceBus"] = peer.ConnectionString,
            ["State__TableServiceUri"] = _tables.AbsoluteUri,
            ["State__TableName"] = Table.Name,
            ["Audit__Tenants"] = Tenant.ToString(),
            ["Audit__PolicyFile"] = _policy,
            ["Audit__GraphEndpoint"] = graph.Endpoint.AbsoluteUri,
            ["Audit__ReaderClientId"] = LocalCloud.Identity.ToString(),
            ["Audit__OptionalParts"] = "ConsentEvents",
            ["Entra__TenantId"] = Tenant.ToString(),
            ["Entra__ClientId"] = EntraAuthority.ClientId.ToString(),
            ["Entra__LoginEndpoint"] = cloud.Root.AbsoluteUri,
            ["WORKFLOW_URL"] = $"{cloud.Root}workflow?api-version=1&sig=made-up",
            ["IDENTITY_ENDPOINT"] = $"{cloud.Root}identity",
            ["IDENTITY_HEADER"] = LocalCloud.IdentityHeader,
        };
    }

    public Dictionary<string, string> Queues { get; }

    /// <summary>Of workers that are started from now on.</summary>
    public Dictionary<string, string> Settings { get; }

    public GraphSimulator Graph { get; }

    public LocalCloud Cloud { get; }

    public TableClient Table { get; }

    public Guid Tenant => Graph.Tenant.TenantId;

    public IScanStore Store => new TableScanStore(Table, new TableOptions(), NullLogger<TableScanStore>.Instance);

    public IDecisionLedger Ledger => new TableDecisionLedger(Table, _apart, new TableOptions(), NullLogger<TableDecisionLedger>.Instance);

    public IScanRuns Runs => new TableScanRuns(Table);

    public static async Task<WorkerBench> StartAsync(ServiceBusPeer peer, Azurite azurite, TenantSize? size = null, SimulatorOptions? options = null)
    {
        var graph = await GraphSimulator.StartAsync(ScaledTenant.Create(size ?? new TenantSize(40, 100, 30, 50, 4), seed: 9), options ?? new SimulatorOptions { LosesRows = false });
        var bench = new WorkerBench(peer, azurite, graph, await LocalCloud.StartAsync());
        foreach (var queue in bench.Queues.Values)
        {
            await peer.MakeAsync(queue, lockSeconds: 300);
        }

        return bench;
    }

    /// <summary>Starts a worker as the host starts one on an instance.</summary>
    public async Task<StandInHost> WorkerAsync()
    {
        var deliveries = new QueueDeliveries(_peer.Client(), Queues);
        _open.Add(deliveries);
        var host = await StandInHost.StartAsync(Settings, deliveries);
        _open.Add(host);
        return host;
    }

    /// <summary>Puts a message into a queue as another program would.</summary>
    public async Task SendAsync(string queue, QueueMessage message)
    {
        await using var client = _peer.Client();
        await using var sender = client.CreateSender(Queues[queue]);
        await sender.SendMessageAsync(CarriedMessage.New(message, DateTimeOffset.UtcNow));
    }

    /// <summary>Changes one figure of the last scan behind the program's back.</summary>
    public async Task TamperAsync(string kpi)
    {
        var generation = (await Store.StateAsync(Tenant, default))!.LastScan.Generation;
        var key = TableKeys.Scan(generation);
        await foreach (var row in Table.QueryAsync<TableEntity>(entity => entity.RowKey == key))
        {
            var kept = TableGeneration.From(row);
            var figures = kept.ToKpis()!.Values.Select(value => value.Id == kpi ? value with { Value = value.Value + 1 } : value);
            await Table.UpdateEntityAsync((kept with { Kpis = ScanRecords.ToBytes([.. figures]) }).ToEntity(row.PartitionKey), row.ETag, TableUpdateMode.Replace);
        }
    }

    /// <summary>Leaves a tenant with a live run and a scan that cannot be read.</summary>
    public async Task BreakAsync(Guid tenant)
    {
        const string Run = "broken";
        var partition = TableKeys.Tenant(tenant);
        await Table.AddEntityAsync(new TableEntity(TableScanRuns.TenantsWithRuns, partition));
        await Table.AddEntityAsync(new TableEntity(partition, TableKeys.LiveRun) { ["Run"] = Run });
        await Table.AddEntityAsync(new TableEntity(partition, TableKeys.Run(Run)));
        await Table.AddEntityAsync(new TableEntity(partition, TableKeys.Scan(1)));
    }

    /// <summary>Lets time pass for a queue: locks end, and what is scheduled becomes due.</summary>
    public Task PassAsync(string queue, TimeSpan time) => _peer.PassAsync(Queues[queue], time);

    public async Task<int> WaitingAsync(string queue, bool deadLetters = false) =>
        (await _peer.StateAsync(Queues[queue] + (deadLetters ? "/$deadletterqueue" : string.Empty))).GetProperty("messages").GetArrayLength();

    public async ValueTask DisposeAsync()
    {
        foreach (var open in Enumerable.Reverse(_open))
        {
            await open.DisposeAsync();
        }

        await Graph.DisposeAsync();
        await Cloud.DisposeAsync();
        File.Delete(_policy);
    }
}
