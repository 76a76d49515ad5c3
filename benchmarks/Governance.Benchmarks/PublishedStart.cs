using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Governance.Benchmarks;

/// <summary>How soon the program answers, as it is built here and as it is published: compiled ahead, for the runtime that is installed.</summary>
internal static class PublishedStart
{
    public static async Task RunAsync(PublishedProgram published, int rounds)
    {
        Print.Line($"\n### Start, median of {rounds + 2}\n\n| build | `--help`, start to end ms | first byte to Graph ms | size MB |\n|---|---|---|---|");
        await MeasureAsync("as built", AppContext.BaseDirectory, rounds + 2, null);
        await MeasureAsync("published, ReadyToRun", published.Folder, rounds + 2, published.Megabytes);
    }

    private static async Task MeasureAsync(string name, string folder, int rounds, double? size)
    {
        var cli = Path.Combine(folder, "governance.dll");
        var helps = new List<double>();
        var firsts = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            helps.Add((await Child.MeasureAsync(cli, "--help")).Wall * 1000);
            firsts.Add(await FirstByteAsync(cli));
        }

        Print.Line($"| {name} | {Print.Median(helps, time => time):0} | {Print.Median(firsts, time => time):0} | {(size is { } megabytes ? megabytes.ToString("0", System.Globalization.CultureInfo.InvariantCulture) : string.Empty)} |");
    }

    /// <returns>Milliseconds from the start of the process to the first byte of its first request; the request itself is refused.</returns>
    private static async Task<double> FirstByteAsync(string cli)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var data = Directory.CreateTempSubdirectory("governance-start-");
        try
        {
            var endpoint = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v1.0";
            var watch = Stopwatch.StartNew();
            using var process = Child.Start(cli, ["scan", "--graph-endpoint", endpoint, "--token-env", "GOVERNANCE_BENCHMARK_TOKEN", "--data", data.FullName]);
            var ended = process.WaitForExitAsync();
            var accepted = listener.AcceptTcpClientAsync();
            if (await Task.WhenAny(accepted, ended) == ended)
            {
                throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
            }

            using var client = await accepted;
            await client.GetStream().ReadExactlyAsync(new byte[1]);
            var time = watch.Elapsed;
            process.Kill();
            await ended;
            return time.TotalMilliseconds;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
