using System.Diagnostics;
using Governance.Simulator;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Cli;

/// <summary>The program as a process that is told to stop in the middle of a scan.</summary>
public sealed class InterruptedCommandTests
{
    [Fact]
    public async Task A_scan_that_is_told_to_stop_says_so_in_one_line()
    {
        await StopAsync("-TERM");
        if (!InterruptIgnored())
        {
            await StopAsync("-INT");
        }
    }

    /// <summary>What a shell starts in the background ignores the interrupt, and so does everything that it starts.</summary>
    private static bool InterruptIgnored() =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var ignored
        && (Convert.ToUInt64(ignored.Split('\t')[1], 16) & 0b10) != 0;

    private static async Task StopAsync(string signal)
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(2000), seed: 5), new SimulatorOptions());
        tenant.Simulator.Faults.Add("silence@users:1!always");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "exec", typeof(Governance.Cli.CommandLine).Assembly.Location, "scan", "--graph-endpoint", tenant.Simulator.Endpoint.ToString(), "--token-env", "PATH", "--data", tenant.Data })
        {
            start.ArgumentList.Add(argument);
        }

        using var scan = Process.Start(start)!;
        while (tenant.Simulator.Requests.HttpCalls == 0)
        {
            Assert.False(scan.HasExited);
            await Task.Delay(20);
        }

        using var kill = Process.Start("kill", [signal, scan.Id.ToString()]);
        var notes = await scan.StandardError.ReadToEndAsync();
        await scan.WaitForExitAsync();

        Assert.Equal(5, scan.ExitCode);
        Assert.EndsWith("governance: stopped; the unfinished work does not show", notes.Trim(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", notes, StringComparison.Ordinal);
    }
}
