using System.Text.Json;

namespace Governance.Benchmarks;

/// <summary>What follows the collection stage by stage, and the command line as a user runs it.</summary>
internal static class WholeProgram
{
    public static async Task StagesAsync(SimulatorProcess simulator, int size)
    {
        var run = await Child.MeasureAsync(typeof(Runner).Assembly.Location, "stages", simulator.Endpoint.ToString());
        Print.Line($"\n### Stages in one process, {size:#,##0} grants\n\n| stage | wall ms |\n|---|---|");
        foreach (var (stage, time) in JsonSerializer.Deserialize<Dictionary<string, double>>(run.Output)!)
        {
            Print.Line($"| {stage} | {time:0.0} |");
        }
    }

    /// <summary>Collect, judge, store; then again; then with cursors; then only the changes; then the report.</summary>
    /// <param name="build">Says how the program was built.</param>
    /// <param name="program">Folder of the program.</param>
    public static async Task RunAsync(SimulatorProcess simulator, int size, string build, string program)
    {
        var folder = Directory.CreateTempSubdirectory("governance-benchmark-");
        try
        {
            var cli = Path.Combine(program, "governance.dll");
            string[] scan = ["scan", "--graph-endpoint", simulator.Endpoint.ToString(), "--token-env", "GOVERNANCE_BENCHMARK_TOKEN", "--data", folder.FullName];
            Print.Line($"\n### The whole program, {build}, {size:#,##0} grants\n\n| run | requests | wall s | CPU s | peak RSS MB |\n|---|---|---|---|---|");
            foreach (var (name, arguments) in new (string, string[])[]
            {
                ("first scan", scan), ("scan again, no change", scan), ("scan again, as JSON", [.. scan, "--format", "json"]), ("scan with cursors", [.. scan, "--incremental"]), ("incremental, no change", [.. scan, "--incremental"]),
                ("report", ["report", "--data", folder.FullName, "--out", Path.Combine(folder.FullName, "report.html")]),
            })
            {
                await simulator.CountsAsync();
                var run = await Child.MeasureAsync(cli, arguments);
                Print.Line($"| {name} | {(await simulator.CountsAsync()).Calls} | {run.Wall:0.00} | {run.Cpu:0.00} | {run.Peak:0} |");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
