using System.Text.Json;

namespace Governance.Benchmarks;

/// <summary>The same tenant collected by each client, each in a process of its own.</summary>
internal static class Collecting
{
    /// <summary>What collects a tenant; <c>warm</c> is ours a second time in one process, without what compiling costs.</summary>
    private static readonly string[] Clients = ["drain", "parse", "ours", "warm", "sdk"];

    /// <summary>Rounds go over all clients in turn, so that a busy moment of the machine strikes them alike.</summary>
    public static async Task RunAsync(SimulatorProcess simulator, int size, int rounds)
    {
        var costs = Clients.ToDictionary(client => client, _ => new List<ClientCost>());
        var counts = new Dictionary<string, ServedCounts>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var client in Clients)
            {
                await simulator.CountsAsync();
                var run = await Child.MeasureAsync(typeof(Runner).Assembly.Location, "client", client, simulator.Endpoint.ToString(), simulator.Resources);
                costs[client].Add(JsonSerializer.Deserialize<ClientCost>(run.Output)!);
                counts[client] = await simulator.CountsAsync();
            }
        }

        var floor = Print.Median(costs["drain"], cost => cost.Wall);
        var sdk = Print.Median(costs["sdk"], cost => cost.Wall);
        var rows = costs["ours"][0].Rows;
        Print.Line($"\n### Collecting, {size:#,##0} grants, {rows:#,##0} rows in all, median of {rounds}\n");
        Print.Line("| client | requests | resource units | wall ms | x drain | x SDK | CPU ms | CPU us per grant | CPU us per row | allocated MB | peak RSS MB |");
        Print.Line("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var client in Clients)
        {
            var cost = costs[client];
            var twice = client == "warm" ? 2 : 1;
            var wall = Print.Median(cost, one => one.Wall);
            var cpu = Print.Median(cost, one => one.Cpu);
            Print.Line($"| {client} | {counts[client].Calls / twice} | {counts[client].Units / twice} | {wall:0} | {wall / floor:0.00} | {wall / sdk:0.00} | {cpu:0} | {cpu * 1000 / size:0.00} | {cpu * 1000 / rows:0.00} | {Print.Median(cost, one => one.Allocated):0.0} | {Print.Median(cost, one => one.Peak):0} |");
        }
    }
}
