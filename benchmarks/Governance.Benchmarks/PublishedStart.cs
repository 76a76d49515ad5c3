using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Governance.Benchmarks;

/// <summary>How soon the program answers, as it is built here and as it is published: compiled ahead, for the runtime that is installed.</summary>
internal static class PublishedStart
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    public static async Task RunAsync(int rounds)
    {
        Print.Line($"\n### Start, median of {rounds + 2}\n\n| build | `--help`, start to end ms | first byte to Graph ms | size MB |\n|---|---|---|---|");
        await MeasureAsync("as built", AppContext.BaseDirectory, rounds + 2, null);
        var folder = Directory.CreateTempSubdirectory("governance-published-");
        try
        {
            var published = Path.Combine(folder.FullName, "out");
            await PublishAsync(folder.FullName, published);
            var bytes = Directory.EnumerateFiles(published, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".pdb", StringComparison.Ordinal)).Sum(file => new FileInfo(file).Length);
            await MeasureAsync("published, ReadyToRun", published, rounds + 2, bytes / 1e6);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
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

    /// <summary>Publishes beside the sources, so that neither their output nor their lock files are touched.</summary>
    private static async Task PublishAsync(string folder, string output)
    {
        var project = Repository("src/Governance.Cli/Governance.Cli.csproj");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true",
            "--artifacts-path", Path.Combine(folder, "artifacts"), "-p:NuGetLockFilePath=obj/published.lock.json", "-p:RunAnalyzers=false", "-o", output, "-v", "q", "-clp:ErrorsOnly",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"publishing took more than {Patience.TotalMinutes} minutes");
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"the program cannot be published here: {(await said).Split('\n')[0]}");
        }
    }

    private static string Repository(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GovernanceFunctions.sln")))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        throw new InvalidOperationException("run this from a working copy: the sources are needed to publish the program");
    }
}
