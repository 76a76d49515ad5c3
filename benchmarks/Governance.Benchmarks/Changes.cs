using System.Text.Json;

namespace Governance.Benchmarks;

/// <summary>An incremental reading against the number of changes since the last.</summary>
internal static class Changes
{
    private static readonly int[] Steps = [0, 10, 100, 1_000, 10_000];

    public static async Task RunAsync(SimulatorProcess simulator, int size)
    {
        Print.Line($"\n### Incremental reading, {size:#,##0} grants\n\n| changes | requests | resource units | wall ms | CPU ms |\n|---|---|---|---|---|");
        using var client = Child.Start(["changes", simulator.Endpoint.ToString(), .. Steps.Select(step => step.ToString())]);
        foreach (var step in Steps)
        {
            if (await client.StandardOutput.ReadLineAsync() is null)
            {
                throw new InvalidOperationException(await client.StandardError.ReadToEndAsync());
            }

            await simulator.ChangeAsync(step);
            await simulator.CountsAsync();
            await client.StandardInput.WriteLineAsync("go");
            await client.StandardInput.FlushAsync();
            var answer = await client.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException(await client.StandardError.ReadToEndAsync());
            var cost = JsonSerializer.Deserialize<ClientCost>(answer)!;
            var counts = await simulator.CountsAsync();
            Print.Line($"| {step:#,##0} | {counts.Calls} | {counts.Units} | {cost.Wall:0} | {cost.Cpu:0} |");
        }

        await client.WaitForExitAsync();
    }
}
