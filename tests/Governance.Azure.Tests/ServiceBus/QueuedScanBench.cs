using System.Collections.Immutable;
using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Azure.Tests.Tables;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Runs;
using Governance.State.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Azure.Tests.ServiceBus;

/// <summary>Queued scans of one tenant: state in Azurite, messages at the peer, a source whose reading a test can hold up or break.</summary>
internal sealed class QueuedScanBench(ServiceBusPeer peer, Azurite azurite) : ITenantSources, IConsentSource
{
    private readonly TableClient _table = azurite.NewTable();
    private int _scans;

    public ServiceBusBench Bus { get; } = new(peer, attempts: 3);

    /// <summary>Done before a reading ends; with the number of the reading from 1.</summary>
    public Func<int, CancellationToken, Task> Reading { get; set; } = (_, _) => Task.CompletedTask;

    public IScanRuns Runs => new TableScanRuns(_table);

    public IScanStore Store => new TableScanStore(_table, new TableOptions(), NullLogger<TableScanStore>.Instance);

    public ImmutableArray<Guid> Tenants => [SampleScans.Tenant];

    public ScanMode Mode => ScanMode.Full;

    public RunQueuedScan Handler => new(Runs, Store, this, Bus.Clock, Tail);

    /// <summary>Asks for a scan over a queue.</summary>
    public async Task<ScanRun> AskAsync(IScanQueue queue) =>
        (await new RequestScan(Runs, queue, Bus.Clock, Tail).AskAsync(SampleScans.Tenant, ScanMode.Full, "local:test", default)).Run;

    /// <summary>Takes a message, handles it and settles it as its end wants.</summary>
    /// <returns>Null when no message was due.</returns>
    public async Task<Settlement?> WorkAsync(IScanQueue queue, CancellationToken stop = default) =>
        await queue.ReceiveAsync(TimeSpan.FromMinutes(1), default) is { } delivery ? await HandleAsync(queue, delivery, stop) : null;

    public async Task<Settlement> HandleAsync(IScanQueue queue, Delivery delivery, CancellationToken stop = default)
    {
        try
        {
            return await Handler.HandleAsync(delivery, stop) switch
            {
                Handled.Later later => await queue.ReturnAsync(delivery, later.Reason, later.Delay, default),
                Handled.GoesOn on => await queue.PostponeAsync(delivery, on.Delay, default),
                Handled.Never never => await queue.ParkAsync(delivery, never.Reason, default),
                _ => await queue.CompleteAsync(delivery, default),
            };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return await queue.ReleaseAsync(delivery, default);
        }
    }

    public async Task<int> ScansKeptAsync() => (await Store.ScansAsync(SampleScans.Tenant, 100, default)).Length;

    public Task<OpenedTenant> OpenAsync(Guid tenantId, ScanMode mode, CancellationToken cancellationToken) => Task.FromResult(new OpenedTenant(
        this,
        new ScanRequest(
            GovernancePolicy.BuiltIn, string.Empty,
            inventory => new AppClassifier(ProductCatalogue.Embedded, inventory.Organization.TenantId, inventory.ReadAt).Classify, ProductCatalogue.Embedded.Version, tenantId),
        null));

    public async Task<SourceReading> ReadAsync(IProgress<ReadProgress> progress, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _scans);
        await Reading(number, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return new SourceReading(SampleInventories.Of(SampleScans.Tenant, seed: 7, Bus.Clock.GetUtcNow()), new RequestCounts(1, 0, 0));
    }

    public Task CloseAsync() => Bus.CloseAsync();

    private static string Tail() => Guid.NewGuid().ToString("N")[..6];
}
