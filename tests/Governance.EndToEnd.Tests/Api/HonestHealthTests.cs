using System.Text.Json;
using Governance.Core.Digest;
using Governance.EndToEnd.Tests.Cli;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Invariant 22: health is not green while something needs a look, and says what.</summary>
public sealed class HonestHealthTests
{
    [Fact]
    public async Task A_sound_scan_alone_is_healthy_and_an_incomplete_one_after_it_is_not()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal("degraded", (await HealthAsync(server)).Status);
        await server.ScanAsync();
        Assert.Equal(("healthy", ""), await HealthAsync(server));

        server.Tenant.Simulator.Faults.Add("403@users!always");
        Assert.Equal("partial", (await server.ScanAsync()).GetProperty("status").GetString());

        var (status, notes) = await HealthAsync(server);
        Assert.Equal("degraded", status);
        Assert.Contains("incomplete", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_whose_head_is_gone_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        using (var client = server.Client())
        {
            var app = (await client.GetJson("/api/apps?limit=1&state=unapproved")).GetProperty("apps")[0].GetProperty("servicePrincipalId").GetString();
            using var opened = await client.PostAsync("/api/requests", ApiClient.Json($$"""{"app":"{{app}}","purpose":"texts"}"""));
            Assert.True(opened.IsSuccessStatusCode, await opened.Content.ReadAsStringAsync());
        }

        await server.RestartAsync(() => Directory.Delete(Path.Combine(Path.GetDirectoryName(server.Database)!, "ledger-heads"), recursive: true));

        var (status, notes) = await HealthAsync(server);
        Assert.Equal("degraded", status);
        Assert.Contains("ledger", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_of_which_nobody_knows_whether_it_shows_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        var outbox = server.Services.GetRequiredService<IDigestOutbox>();
        var slot = new DigestSlot(server.Tenant.Id, "leads", DigestAudience.Executive, "2026-W47");
        var claim = Assert.IsType<DigestClaim.Granted>(await outbox.ClaimAsync(slot, "scan", TimeProvider.System.GetUtcNow(), false, default));
        Assert.Equal("healthy", (await HealthAsync(server)).Status);

        await outbox.RecordAsync(claim.Entry with { State = DigestState.Unknown }, default);

        var (status, notes) = await HealthAsync(server);
        Assert.Equal("degraded", status);
        Assert.Contains("digest status", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_asks_without_a_token_and_says_when_nobody_answers()
    {
        await using var server = await RunningServer.StartAsync();
        var address = server.Address.ToString();
        var before = await Run.Of("health", "--server", address);
        await server.ScanAsync();
        var after = await Run.Of("health", "--server", address);
        await using var other = await OtlpReceiver.StartAsync();
        var stranger = await Run.Of("health", "--server", other.Address);
        await server.StopAsync();
        var silent = await Run.Of("health", "--server", address);

        Assert.Equal((0, "degraded"), (before.Code, before.Output.Trim()));
        Assert.Equal((0, "healthy"), (after.Code, after.Output.Trim()));
        Assert.Equal((5, 5), (stranger.Code, silent.Code));
        Assert.Contains("does not answer", silent.Notes, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:", silent.Notes, StringComparison.Ordinal);
    }

    private static async Task<(string Status, string Notes)> HealthAsync(RunningServer server)
    {
        using var stranger = server.Stranger();
        using var client = server.Client();
        var status = (await stranger.GetJson("/api/health")).GetProperty("status").GetString()!;
        var details = await client.GetJson("/api/health/details");
        Assert.Equal(status, details.GetProperty("status").GetString());
        return (status, string.Concat(details.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("note")).Where(note => note.ValueKind == JsonValueKind.String).Select(note => note.GetString() + ";")));
    }
}
