using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Governance.Core.Scans;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A scan from the moment somebody asks for it to the results it leaves.</summary>
public sealed class ScanOverHttpTests
{
    [Fact]
    public async Task A_scan_is_accepted_at_once_shows_its_progress_and_links_to_its_results()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        using var client = server.Client();

        using var asked = await client.PostAsync("/api/scans", ApiClient.Json("""{"mode":"full"}"""));
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        Assert.Contains(JsonDocument.Parse(await asked.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString(), new[] { "queued", "running" });
        var location = asked.Headers.Location!.ToString();

        await RunningServer.Until(async () => (await client.GetJson(location)).GetProperty("parts").GetArrayLength() > 0);
        var running = await client.GetJson(location);
        Assert.Equal("running", running.GetProperty("status").GetString());
        Assert.Equal(("users", "reading", 1, 600), Part(running.GetProperty("parts")[0]));

        using var joined = await client.PostAsync("/api/scans", null);
        Assert.Equal(location, joined.Headers.Location!.ToString());

        server.Tenant.OpenGate();
        var ended = await RunningServer.EndOf(client, location);
        Assert.Equal("complete", ended.GetProperty("status").GetString());
        Assert.Equal(Enum.GetValues<Core.Consents.InventoryPart>().Length, ended.GetProperty("parts").GetArrayLength());
        foreach (var link in new[] { "self", "apps", "findings", "kpis", "report" })
        {
            using var result = await client.GetAsync(ended.GetProperty("links").GetProperty(link).GetString());
            Assert.Equal(HttpStatusCode.OK, result.StatusCode);
        }

        using var next = await client.PostAsync("/api/scans", null);
        Assert.NotEqual(location, next.Headers.Location!.ToString());
        await RunningServer.EndOf(client, next.Headers.Location.ToString());
        Assert.Equal(2, (await server.Scans.ScansAsync(server.Tenant.Id, 10, default)).Length);
    }

    [Fact]
    public async Task A_cancelled_scan_ends_and_leaves_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        using var client = server.Client();
        using var asked = await client.PostAsync("/api/scans", null);
        var location = asked.Headers.Location!.ToString();
        await RunningServer.Until(() => Task.FromResult(server.Tenant.Arrived == 1));

        using var cancel = await client.PostAsync($"{location}/cancel", null);
        var ended = await RunningServer.EndOf(client, location);
        using var again = await client.PostAsync($"{location}/cancel", null);

        Assert.Equal(HttpStatusCode.Accepted, cancel.StatusCode);
        Assert.Equal("cancelled", ended.GetProperty("status").GetString());
        Assert.Equal("scan-ended", await again.Problem(HttpStatusCode.Conflict));
        Assert.Empty(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
        await RunningServer.Until(async () => (await server.Queue.CountAsync(default)) is { Done: 1, Leased: 0, Pending: 0, Parked: 0 });
        server.Tenant.OpenGate();
        Assert.Equal("complete", (await server.ScanAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_scan_that_changed_meanwhile_is_not_cancelled_by_whoever_saw_it_before()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        using var client = server.Client();
        using var asked = await client.PostAsync("/api/scans", null);
        var location = asked.Headers.Location!.ToString();
        await RunningServer.Until(async () => (await client.GetJson(location)).GetProperty("status").GetString() == "running");

        using var stale = await Cancel(client, location, asked.Headers.ETag!);
        Assert.Equal("changed-meanwhile", await stale.Problem(HttpStatusCode.PreconditionFailed));

        // Progress may change it between the two requests: whoever is refused looks again.
        await RunningServer.Until(async () =>
        {
            using var now = await client.GetAsync(location);
            using var cancelled = await Cancel(client, location, now.Headers.ETag!);
            return cancelled.StatusCode == HttpStatusCode.Accepted;
        });
        Assert.Equal("cancelled", (await RunningServer.EndOf(client, location)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_access_that_is_refused_ends_the_run_and_parks_its_message_until_it_is_replayed()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.Fault = new TenantAccessDeniedException(403, "the right Directory.Read.All is missing");
        using var client = server.Client();

        var failed = await server.ScanAsync();
        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.Contains("Directory.Read.All", failed.GetProperty("problem").GetString(), StringComparison.Ordinal);
        await RunningServer.Until(async () => (await client.GetJson("/api/queue")).GetProperty("parked").GetArrayLength() == 1);
        Assert.Equal("degraded", (await client.GetJson("/api/health")).GetProperty("status").GetString());

        server.Tenant.Fault = null;
        var parked = (await client.GetJson("/api/queue")).GetProperty("parked")[0];
        using var replayed = await client.PostAsync($"/api/queue/{parked.GetProperty("id").GetString()}/replay", null);
        Assert.Equal(HttpStatusCode.Accepted, replayed.StatusCode);
        await RunningServer.Until(async () => (await client.GetJson($"/api/scans/{failed.GetProperty("id").GetString()}")).GetProperty("status").GetString() == "complete");
        using var unknown = await client.PostAsync($"/api/queue/{parked.GetProperty("id").GetString()}/replay", null);
        Assert.Equal("not-found", await unknown.Problem(HttpStatusCode.NotFound));
        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        using var client = server.Client();
        foreach (var path in new[] { "/api/apps?limit=5", "/api/findings", "/api/kpis", "/api/report", "/api/export?format=csv", "/api/export?format=json&what=all", "/api/digests?language=de" })
        {
            using var first = await client.GetAsync(path);
            Assert.NotNull(first.Headers.ETag);
            Assert.Equal(HttpStatusCode.NotModified, await Known(client, path, first.Headers.ETag!));
        }

        using var before = await client.GetAsync("/api/kpis");
        await server.ScanAsync();
        Assert.Equal(HttpStatusCode.OK, await Known(client, "/api/kpis", before.Headers.ETag!));
    }

    [Fact]
    public async Task Before_the_first_scan_lists_say_so_instead_of_being_empty()
    {
        await using var server = await RunningServer.StartAsync();
        using var client = server.Client();

        using var apps = await client.GetAsync("/api/apps");
        var health = await client.GetJson("/api/health/details");

        Assert.Equal("no-scan-yet", await apps.Problem(HttpStatusCode.NotFound));
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Contains("none is kept", health.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "scans").GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> Cancel(HttpClient client, string location, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{location}/cancel");
        request.Headers.IfMatch.Add(tag);
        return await client.SendAsync(request);
    }

    private static async Task<HttpStatusCode> Known(HttpClient client, string path, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(tag);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static (string?, string?, int, int) Part(JsonElement part) =>
        (part.GetProperty("name").GetString(), part.GetProperty("status").GetString(), part.GetProperty("items").GetInt32(), part.GetProperty("expected").GetInt32());
}
