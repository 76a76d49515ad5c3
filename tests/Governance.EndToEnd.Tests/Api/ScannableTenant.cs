using System.Collections.Immutable;
using Governance.Cli;
using Governance.Cli.Commands;
using Governance.Cli.Serving;
using Governance.Core.Catalogue;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>The made-up organisation behind a gate: a scan waits there before it reads, and can be made to fail.</summary>
internal sealed class ScannableTenant : ITenantSources, IAsyncDisposable
{
    private readonly GraphSimulator _simulator;
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;
    private GraphSimulator? _shuffled;

    private ScannableTenant(GraphSimulator simulator) => _simulator = simulator;

    public Guid Id => _simulator.Tenant.TenantId;

    public ImmutableArray<Guid> Tenants => [Id];

    public GraphSimulator Simulator => _simulator;

    /// <summary>Scans that have come to the gate.</summary>
    public int Arrived => Volatile.Read(ref _arrived);

    /// <summary>What the next readings throw; null for none.</summary>
    public Exception? Fault { get; set; }

    /// <summary>The arrival after which nothing fails any more.</summary>
    public int FaultUntil { get; set; } = int.MaxValue;

    /// <summary>True when the gate stands before the commit rather than before the reading, after everything was read.</summary>
    public bool GateAfterReading { get; set; }

    /// <summary>True when only the first scan to arrive waits at the gate.</summary>
    public bool GateOnlyFirst { get; set; }

    public static async Task<ScannableTenant> StartAsync(SimulatedTenant? tenant = null)
    {
        var made = new ScannableTenant(await GraphSimulator.StartAsync(tenant ?? MarketingOrganisation.Create(20260105, 2)));
        made.OpenGate();
        return made;
    }

    /// <summary>The same organisation at another address, its lists in another order.</summary>
    public async Task<GraphSimulator> ShuffledAsync() => _shuffled ??= await GraphSimulator.StartAsync(_simulator.Tenant.Shuffled(seed: 16));

    public void CloseGate() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void OpenGate() => _gate.TrySetResult();

    public Task<OpenedTenant> OpenAsync(Guid tenantId, ScanMode mode, CancellationToken cancellationToken)
    {
        var source = SourceOptions.Graph(new GraphOptions { Endpoint = _simulator.Endpoint }, new FixedToken("canary-graph-token"), TimeProvider.System, tenantId);
        var request = ScanCommand.Request(LearnedCatalogue.Of(ProductCatalogue.Embedded), GovernancePolicy.BuiltIn, string.Empty, tenantId);
        return Task.FromResult(new OpenedTenant(new Gated(this, source.Source), request, source));
    }

    public async ValueTask DisposeAsync()
    {
        OpenGate();
        await _simulator.DisposeAsync();
        await (_shuffled?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private sealed class Gated(ScannableTenant tenant, IConsentSource source) : IConsentSource
    {
        public ScanMode Mode => source.Mode;

        public async Task<SourceReading> ReadAsync(IProgress<ReadProgress> progress, CancellationToken cancellationToken)
        {
            var reading = tenant.GateAfterReading ? await source.ReadAsync(progress, cancellationToken) : null;
            var arrival = Interlocked.Increment(ref tenant._arrived);
            var waits = arrival == 1 || !tenant.GateOnlyFirst;
            progress.Report(new ReadProgress(Governance.Core.Consents.InventoryPart.Users, 1, 600, false));
            await (waits ? tenant._gate.Task : Task.CompletedTask).WaitAsync(cancellationToken);
            return tenant.Fault is { } fault && arrival <= tenant.FaultUntil ? throw fault : reading ?? await source.ReadAsync(progress, cancellationToken);
        }
    }
}
