using System.Diagnostics;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A client that a public generator makes from the contract, run by Node; generator and compiler are installed beside the tests when they are missing.</summary>
internal static class GeneratedClient
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Api", "Client");

    /// <summary>Programs that are needed and that this machine lacks.</summary>
    public static IEnumerable<string> Missing => new[] { "node", "npm" }.Where(program =>
        !(Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))));

    /// <summary>Generates the client from a contract, compiles it strictly together with the calls, and makes them.</summary>
    /// <returns>What the calls printed.</returns>
    public static async Task<string> CallAsync(byte[] contract, IReadOnlyDictionary<string, string> environment)
    {
        if (!File.Exists(Path.Combine(Folder, "node_modules", "typescript", "bin", "tsc")) || !File.Exists(Path.Combine(Folder, "node_modules", "@hey-api", "openapi-ts", "bin", "index.cjs")))
        {
            await RunAsync("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"], environment);
        }

        await File.WriteAllBytesAsync(Path.Combine(Folder, "openapi.json"), contract);
        await RunAsync("node", ["node_modules/@hey-api/openapi-ts/bin/index.cjs", "-i", "openapi.json", "-o", "generated", "-c", "@hey-api/client-fetch"], environment);
        await RunAsync("node", ["node_modules/typescript/bin/tsc", "-p", "."], environment);
        return await RunAsync("node", ["out/calls.js"], environment);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {arguments[0]} ended with {process.ExitCode}:\n{output}{await errors}");
        return output;
    }
}

/// <summary>A test that needs Node; says so where there is none.</summary>
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (GeneratedClient.Missing.ToArray() is { Length: > 0 } missing)
        {
            Skip = $"{string.Join(" and ", missing)} not found: the client of a public generator needs Node";
        }
    }
}
