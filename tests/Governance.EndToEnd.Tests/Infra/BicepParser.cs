using System.Diagnostics;
using System.Text.Json;

namespace Governance.EndToEnd.Tests.Infra;

/// <summary>The grammar of Bicep, run by Node; installed beside the tests when it is missing.</summary>
internal static class BicepParser
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Infra");
    private static readonly SemaphoreSlim Installing = new(1);

    /// <returns>Places that the grammar does not understand, as file:line:column.</returns>
    public static async Task<string[]> ProblemsAsync(params string[] files)
    {
        await InstallAsync();
        return JsonSerializer.Deserialize<string[]>(await RunAsync("node", ["parse.mjs", .. files]))!;
    }

    private static async Task InstallAsync()
    {
        await Installing.WaitAsync();
        try
        {
            if (!File.Exists(Path.Combine(Folder, "node_modules", "tree-sitter-bicep", "tree-sitter-bicep.wasm"))
                || !File.Exists(Path.Combine(Folder, "node_modules", "web-tree-sitter", "package.json")))
            {
                await RunAsync("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps"]);
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {arguments[0]} ended with {process.ExitCode}:\n{await errors}");
        return output;
    }
}
