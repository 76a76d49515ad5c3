using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Governance.Azure.Tests;

/// <summary>A stand-in written for Node, started on a free port of this machine; its packages are installed when they are missing.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly SemaphoreSlim Installing = new(1);
    private readonly Process _process;

    private NodeProcess(Process process) => _process = process;

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "node");

    /// <summary>Why no stand-in can be started here; null when one can.</summary>
    public static string? Missing { get; } = OnPath("node") && OnPath("npm")
        ? null
        : "SKIPPED: neither Table storage nor Service Bus had a stand-in, because Node and npm are not on this machine";

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="ready">Text in the line it prints once it answers.</param>
    public static async Task<NodeProcess> StartAsync(string ready, params string[] arguments)
    {
        await InstallAsync();
        var process = Run("node", arguments);
        var seen = new StringBuilder();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var stop = patience.Token.Register(() => process.Kill(entireProcessTree: true));
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            seen.AppendLine(line);
            if (line.Contains(ready, StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new NodeProcess(process);
            }
        }

        throw new InvalidOperationException($"node {string.Join(' ', arguments)} ended before it was ready:\n{seen}{await errors}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task InstallAsync()
    {
        await Installing.WaitAsync();
        try
        {
            var done = Path.Combine(Folder, "node_modules", ".installed");
            var wanted = await File.ReadAllTextAsync(Path.Combine(Folder, "package.json"));
            if (File.Exists(done) && await File.ReadAllTextAsync(done) == wanted)
            {
                return;
            }

            using var process = Run("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts");
            var errors = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"npm install in {Folder} failed:\n{await errors}");
            await File.WriteAllTextAsync(done, wanted);
        }
        finally
        {
            Installing.Release();
        }
    }

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".cmd")));

    private static Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }
}
