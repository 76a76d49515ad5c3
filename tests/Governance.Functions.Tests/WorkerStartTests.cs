using System.Diagnostics;

namespace Governance.Functions.Tests;

/// <summary>The built worker as a process, as a host starts it.</summary>
public sealed class WorkerStartTests
{
    private static readonly Dictionary<string, string> Right = new()
    {
        ["NightlyAuditSchedule"] = "0 0 2 * * *",
        ["IncrementalScanSchedule"] = "0 0 */4 * * *",
        ["RecoverStalledSchedule"] = "0 */10 * * * *",
        ["ScanQueue"] = "scan-tenant",
        ["DigestQueue"] = "post-digest",
        ["DigestSchedule"] = "0 */15 * * * *",
        ["ParkedQueue"] = "parked",
        ["KpiQueue"] = "compute-kpis",
        ["ServiceBus__fullyQualifiedNamespace"] = "example.servicebus.windows.net",
        ["State__TableServiceUri"] = "https://example.table.core.windows.net",
        ["Audit__Tenants"] = "0a0a0a0a-1111-4222-8333-444444444444",
    };

    [Theory]
    [InlineData("NightlyAuditSchedule", "0 2 * * *", "NightlyAuditSchedule")]
    [InlineData("RecoverStalledSchedule", "", "RecoverStalledSchedule")]
    [InlineData("ScanQueue", "", "ScanQueue")]
    [InlineData("ServiceBus__fullyQualifiedNamespace", "<canary-name>", "FullyQualifiedNamespace")]
    [InlineData("ServiceBus", "Endpoint=sb://canary.servicebus.windows.net/;SharedAccessKeyName=canary;SharedAccessKey=canary", "emulator on this machine")]
    [InlineData("ServiceBus", "canary", "emulator on this machine")]
    [InlineData("State__TableServiceUri", "http://canary.example", "State__TableServiceUri")]
    [InlineData("Audit__Tenants", "<canary-tenant>", "Audit__Tenants")]
    [InlineData("Audit__PolicyFile", "canary.yaml", "Audit__PolicyFile")]
    [InlineData("Entra__ClientId", "0a0a0a0a-1111-4222-8333-444444444444", "Entra__TenantId")]
    [InlineData("Entra__ClientId", " ", "Entra__TenantId")]
    [InlineData("Entra__ApplicationIdUri", "api://canary", "Entra__TenantId")]
    [InlineData("Entra__TenantId", "0a0a0a0a-1111-4222-8333-444444444444", "Entra__ClientId")]
    [InlineData("Entra__TenantId", "<canary>", "Entra__TenantId")]
    public async Task A_wrong_setting_stops_the_start_and_is_named_without_its_value(string setting, string value, string named)
    {
        var (code, output) = await StartAsync(new Dictionary<string, string>(Right) { [setting] = value });

        Assert.NotEqual(0, code);
        Assert.Contains("OptionsValidationException", output, StringComparison.Ordinal);
        Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_right_settings_the_worker_starts_and_asks_for_its_host()
    {
        var (_, output) = await StartAsync(Right);

        Assert.DoesNotContain("OptionsValidationException", output, StringComparison.Ordinal);
        Assert.Contains("RpcException", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> StartAsync(Dictionary<string, string> settings)
    {
        var worker = Path.Combine(AppContext.BaseDirectory, "Governance.Functions.dll");
        string[] host = ["--functions-uri", "http://127.0.0.1:1", "--functions-worker-id", "w", "--functions-request-id", "r", "--functions-grpc-max-message-length", "2147483647"];
        var start = new ProcessStartInfo("dotnet", ["exec", worker, .. host]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var stop = patience.Token.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
