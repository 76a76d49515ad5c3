using System.Diagnostics;

namespace Governance.EndToEnd.Tests;

/// <summary>Scripts of a test folder, run by Node; the packages of its <c>package.json</c> are installed when they are missing.</summary>
/// <param name="folder">Folder beside the tests, such as <c>Infra</c>.</param>
/// <param name="needed">Files of the packages that show that they are there.</param>
internal sealed class NodeTools(string folder, params string[] needed)
{
    private static readonly SemaphoreSlim Installing = new(1);

    public string Folder { get; } = Path.Combine(AppContext.BaseDirectory, folder);

    /// <summary>True when Node and npm are on this machine.</summary>
    public static bool Present => OnPath("node") is not null && OnPath("npm") is not null;

    /// <returns>Null when no folder of <c>PATH</c> has it.</returns>
    public static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(path => Path.Combine(path, program)).FirstOrDefault(File.Exists);

    /// <returns>What the script wrote to its output.</returns>
    public async Task<string> RunAsync(string script, params string[] arguments)
    {
        await InstallAsync();
        return await StartAsync("node", [script, .. arguments]);
    }

    private async Task InstallAsync()
    {
        await Installing.WaitAsync();
        try
        {
            if (needed.Any(file => !File.Exists(Path.Combine(Folder, "node_modules", file))))
            {
                await StartAsync("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps"]);
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    private async Task<string> StartAsync(string program, string[] arguments)
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
