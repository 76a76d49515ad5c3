using System.Globalization;
using System.Text.Json;

namespace Governance.Benchmarks;

/// <summary>Measures everything in one run and prints it as Markdown: sizes of tenant as arguments, <c>--rounds N</c> for the medians.</summary>
internal static class Runner
{
    private static readonly string[] Clients = ["drain", "parse", "ours", "sdk"];

    public static async Task<int> RunAsync(string[] args)
    {
        var at = Array.IndexOf(args, "--rounds");
        var rounds = at >= 0 ? int.Parse(args[at + 1]) : 3;
        int[] sizes = [.. args.Where((_, place) => at < 0 || place < at || place > at + 1).Select(int.Parse)];
        foreach (var size in sizes.Length == 0 ? [10_000, 100_000] : sizes)
        {
            using var simulator = await SimulatorProcess.StartAsync(size);
            await ClientsAsync(simulator, size, rounds);
            await StagesAsync(simulator);
            await WholeScanAsync(simulator, size);
        }

        await StartAsync(rounds);
        return 0;
    }

    /// <summary>Rounds go over all clients in turn, so that a busy moment of the machine strikes them alike.</summary>
    private static async Task ClientsAsync(SimulatorProcess simulator, int size, int rounds)
    {
        var costs = Clients.ToDictionary(client => client, _ => new List<ClientCost>());
        var counts = new Dictionary<string, (long Calls, long Units)>();
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

        var floor = Median(costs["drain"], cost => cost.Wall);
        var sdk = Median(costs["sdk"], cost => cost.Wall);
        Say($"\n### Collecting, {size:#,##0} grants, median of {rounds}\n");
        Say("| client | requests | resource units | wall ms | x drain | x SDK | CPU ms | CPU us per grant | allocated MB | peak RSS MB |");
        Say("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var client in Clients)
        {
            var cost = costs[client];
            var wall = Median(cost, one => one.Wall);
            var cpu = Median(cost, one => one.Cpu);
            Say($"| {client} | {counts[client].Calls} | {counts[client].Units} | {wall:0} | {wall / floor:0.00} | {wall / sdk:0.00} | {cpu:0} | {cpu * 1000 / size:0.00} | {Median(cost, one => one.Allocated):0.0} | {Median(cost, one => one.Peak):0} |");
        }
    }

    private static async Task StagesAsync(SimulatorProcess simulator)
    {
        var run = await Child.MeasureAsync(typeof(Runner).Assembly.Location, "stages", simulator.Endpoint.ToString());
        Say("\n| stage | ms |\n|---|---|");
        foreach (var (stage, time) in JsonSerializer.Deserialize<Dictionary<string, double>>(run.Output)!)
        {
            Say($"| {stage} | {time:0.0} |");
        }
    }

    /// <summary>The command line as a user runs it: collect, judge, store; then again; then only the changes; then the report.</summary>
    private static async Task WholeScanAsync(SimulatorProcess simulator, int size)
    {
        var folder = Directory.CreateTempSubdirectory("governance-benchmark-");
        var cli = Path.Combine(AppContext.BaseDirectory, "governance.dll");
        string[] scan = ["scan", "--graph-endpoint", simulator.Endpoint.ToString(), "--token-env", "GOVERNANCE_BENCHMARK_TOKEN", "--data", folder.FullName, "--format", "json"];
        Say($"\n### The whole program, {size:#,##0} grants\n\n| run | requests | wall s | CPU s | peak RSS MB |\n|---|---|---|---|---|");
        foreach (var (name, arguments) in new (string, string[])[]
        {
            ("first scan", scan), ("scan again, no change", scan), ("scan with cursors", [.. scan, "--incremental"]), ("incremental, no change", [.. scan, "--incremental"]),
            ("report", ["report", "--data", folder.FullName, "--out", Path.Combine(folder.FullName, "report.html")]),
        })
        {
            await simulator.CountsAsync();
            var run = await Child.MeasureAsync(cli, arguments);
            Say($"| {name} | {(await simulator.CountsAsync()).Calls} | {run.Wall:0.00} | {run.Cpu:0.00} | {run.Peak:0} |");
        }

        folder.Delete(recursive: true);
    }

    private static async Task StartAsync(int rounds)
    {
        var cli = Path.Combine(AppContext.BaseDirectory, "governance.dll");
        var times = new List<double>();
        for (var round = 0; round < rounds + 2; round++)
        {
            times.Add((await Child.MeasureAsync(cli, "--help")).Wall * 1000);
        }

        Say($"\n`--help` from start to end, unpublished build: median {times.Order().ElementAt(times.Count / 2):0} ms");
    }

    private static double Median(List<ClientCost> costs, Func<ClientCost, double> of) => costs.Select(of).Order().ElementAt(costs.Count / 2);

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Say(string line) => Console.WriteLine(line);
}
