using Governance.Simulator;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Cli;

/// <summary>A simulated tenant and a data folder, scanned with the program.</summary>
internal sealed class ScannedTenant : IAsyncDisposable
{
    private const string Variable = "GOVERNANCE_TEST_TOKEN";

    private ScannedTenant(GraphSimulator simulator)
    {
        Simulator = simulator;
        Environment.SetEnvironmentVariable(Variable, "canary-token-5f1d");
    }

    public GraphSimulator Simulator { get; }

    public TemporaryFolder Folder { get; } = new();

    public string Data => Folder["data"];

    public static async Task<ScannedTenant> Serve(SimulatedTenant tenant, SimulatorOptions? options = null) =>
        new(await GraphSimulator.StartAsync(tenant, options));

    public Task<Run> Scan(params string[] more) => Run.Of(
        ["scan", "--graph-endpoint", Simulator.Endpoint.ToString(), "--token-env", Variable, "--data", Data, "--format", "json", .. more]);

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        Folder.Dispose();
    }
}
