using System.Diagnostics;
using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Benchmarks;

/// <summary>Reads a tenant once and then its changes again and again; before each time it asks whoever started it to let so many happen.</summary>
internal static class ChangingClient
{
    public static async Task<int> RunAsync(Uri endpoint, int[] steps)
    {
        Inventory? last = null;
        last = (await OurCollection.ReadAsync(endpoint, () => last)).Inventory;
        foreach (var step in steps)
        {
            Console.WriteLine($"change {step}");
            await Console.In.ReadLineAsync();
            using var process = Process.GetCurrentProcess();
            var cpu = process.TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            var reading = await OurCollection.ReadAsync(endpoint, () => last);
            var wall = watch.Elapsed;
            process.Refresh();
            last = reading.Inventory;
            Console.WriteLine(JsonSerializer.Serialize(new ClientCost(
                wall.TotalMilliseconds, (process.TotalProcessorTime - cpu).TotalMilliseconds, 0, process.PeakWorkingSet64 / 1e6, reading.Requests.Total)));
        }

        return 0;
    }
}
