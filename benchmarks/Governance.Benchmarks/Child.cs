using System.Diagnostics;

namespace Governance.Benchmarks;

/// <summary>Other processes: this program again, or the command line.</summary>
internal static class Child
{
    public static Process Start(IEnumerable<string> arguments) => Start(typeof(Child).Assembly.Location, arguments);

    public static Process Start(string assembly, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["GOVERNANCE_BENCHMARK_TOKEN"] = "opaque";
        return Process.Start(start)!;
    }

    /// <returns>Seconds on the wall and of the processor, peak memory in MB, and what it wrote.</returns>
    public static async Task<(double Wall, double Cpu, double Peak, string Output)> MeasureAsync(string assembly, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Start(assembly, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var notes = process.StandardError.ReadToEndAsync();
        var (peak, cpu) = (0L, TimeSpan.Zero);
        while (!process.HasExited)
        {
            try
            {
                process.Refresh();
                (peak, cpu) = (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime);
            }
            catch (InvalidOperationException)
            {
                // It ended between the two lines.
                break;
            }

            await Task.Delay(10);
        }

        await process.WaitForExitAsync();
        var text = await output;
        return process.ExitCode is 0 or 3
            ? (watch.Elapsed.TotalSeconds, cpu.TotalSeconds, peak / 1e6, text)
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {await notes}");
    }
}
