using System.Diagnostics;

namespace Governance.EndToEnd.Tests.Cli;

/// <summary>Runs the built program as a process of its own, with the runtime settings that it ships with.</summary>
/// <remarks>What a build switch such as invariant globalization does is seen nowhere else.</remarks>
internal static class Binary
{
    public static async Task<Run> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "exec", typeof(Governance.Cli.CommandLine).Assembly.Location }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (output, notes) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Run(process.ExitCode, await output, await notes);
    }
}
