using System.Diagnostics;
using System.Text.Json;

namespace Governance.Benchmarks;

/// <summary>One client that collects a whole tenant and tells what it cost.</summary>
internal static class ClientProcess
{
    public static async Task<int> RunAsync(string kind, Uri endpoint, string resources)
    {
        var ids = await File.ReadAllLinesAsync(resources);
        if (kind == "warm")
        {
            // What is left once everything has been compiled, as in a process that serves.
            await OurCollection.RunAsync(endpoint);
            kind = "ours";
        }

        var before = (Cpu: Process.GetCurrentProcess().TotalProcessorTime, Bytes: GC.GetTotalAllocatedBytes(precise: true));
        var watch = Stopwatch.StartNew();
        var rows = kind switch
        {
            "ours" => await OurCollection.RunAsync(endpoint),
            "sdk" => await SdkCollection.RunAsync(endpoint, ids),
            "parse" => await BareCollection.RunAsync(endpoint, ids, parse: true),
            "drain" => await BareCollection.RunAsync(endpoint, ids, parse: false),
            _ => throw new ArgumentException($"there is no client '{kind}'"),
        };
        var wall = watch.Elapsed;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new ClientCost(
            wall.TotalMilliseconds,
            (process.TotalProcessorTime - before.Cpu).TotalMilliseconds,
            (GC.GetTotalAllocatedBytes(precise: true) - before.Bytes) / 1e6,
            process.PeakWorkingSet64 / 1e6,
            rows)));
        return 0;
    }
}

/// <summary>What collecting a tenant cost; times in milliseconds, memory in MB.</summary>
internal sealed record ClientCost(double Wall, double Cpu, double Allocated, double Peak, long Rows);
