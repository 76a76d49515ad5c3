using System.Text.Json;

namespace Governance.Benchmarks;

/// <summary>Waits as Graph has them and a quota as it sets one: the wall against the longest chain of pages, and how often it throttled.</summary>
internal static class Latency
{
    private static readonly (int Grants, ServedBehaviour Behaviour)[] Cases =
    [
        (20_000, new(80, 0.4, 3_500)), (200_000, new(40, 0.05, 3_500)),
    ];

    public static async Task RunAsync()
    {
        Print.Line("\n### Under latency and quota\n");
        Print.Line("| grants | ms a request, a row | units in 10 s | requests | resource units | answers 429 | wall s | longest chain s | x chain | CPU ms |\n|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (grants, behaviour) in Cases)
        {
            using var simulator = await SimulatorProcess.StartAsync(grants, behaviour);
            var chain = await simulator.LongestChainAsync() / 1000;
            await simulator.CountsAsync();
            var run = await Child.MeasureAsync(typeof(Runner).Assembly.Location, "client", "ours", simulator.Endpoint.ToString(), simulator.Resources);
            var cost = JsonSerializer.Deserialize<ClientCost>(run.Output)!;
            var counts = await simulator.CountsAsync();
            Print.Line($"| {grants:#,##0} | {behaviour.PerRequest}, {behaviour.PerRow} | {behaviour.Quota:#,##0} | {counts.Calls} | {counts.Units} | {counts.Throttled} | {cost.Wall / 1000:0.00} | {chain:0.00} | {cost.Wall / 1000 / chain:0.000} | {cost.Cpu:0} |");
        }
    }
}
