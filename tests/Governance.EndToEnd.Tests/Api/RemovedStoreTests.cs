using System.Net;
using System.Text.Json;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server whose data folder was emptied under it takes nothing more and says so.</summary>
public sealed class RemovedStoreTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Acts_and_scans_are_refused_and_health_says_why(bool replaced)
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        using var client = server.Client();
        var finding = (await client.GetJson("/api/findings")).GetProperty("findings")[0].GetProperty("id").GetString()!;
        Assert.Equal("healthy", State(await client.GetJson("/api/health/details")));

        Remove(server, replaced);

        using var muted = await client.PostAsync(
            $"/api/findings/{Uri.EscapeDataString(finding)}/mute",
            ApiClient.Json($$"""{"reason":"too loud","until":"{{TimeProvider.System.GetUtcNow().AddDays(9):yyyy-MM-dd}}"}"""));
        using var asked = await client.PostAsync("/api/scans", null);
        using var health = await client.GetAsync("/api/health");
        Assert.Equal("store-gone", await muted.Problem(HttpStatusCode.ServiceUnavailable));
        Assert.Equal("store-gone", await asked.Problem(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal("unhealthy", State(await client.GetJson("/api/health/details")));
    }

    [Fact]
    public async Task A_scan_that_runs_meanwhile_is_not_reported_as_done()
    {
        await using var server = await RunningServer.StartAsync();
        using var client = server.Client();
        server.Tenant.CloseGate();
        using var asked = await client.PostAsync("/api/scans", null);
        await RunningServer.Until(() => Task.FromResult(server.Tenant.Arrived > 0));

        Remove(server, replaced: false);
        server.Tenant.OpenGate();

        await RunningServer.Until(() => Task.FromResult(server.Log.Lines.Any(line => line.Contains("Gone", StringComparison.Ordinal))));
        using var scan = await client.GetAsync(asked.Headers.Location);
        var text = await scan.Content.ReadAsStringAsync();
        Assert.True(!scan.IsSuccessStatusCode || JsonDocument.Parse(text).RootElement.GetProperty("completedAt").ValueKind == JsonValueKind.Null, text);
    }

    private static void Remove(RunningServer server, bool replaced)
    {
        foreach (var end in (string[])["", "-wal", "-shm"])
        {
            File.Delete(server.Database + end);
        }

        if (replaced)
        {
            File.WriteAllBytes(server.Database, []);
        }
    }

    private static string State(JsonElement details) =>
        details.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "file").GetProperty("status").GetString()!;
}
