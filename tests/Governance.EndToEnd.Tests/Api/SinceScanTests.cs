using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Governance.Simulator.Tenants;
using static Governance.EndToEnd.Tests.Api.RevokingServer;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>What people do between two scans shows at once, and what the scan left stays as it is.</summary>
public sealed class SinceScanTests
{
    [Fact]
    public async Task A_mute_shows_at_once_in_the_list_and_the_finding_with_another_tag_and_ends_when_the_app_grows()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        using var client = server.Client();
        var state = (await server.Scans.StateAsync(server.Tenant.Id, default))!;
        var finding = state.Findings.First(known => known.Rule == "unapproved-ai-tool" && Grants(server, known.Subject).Any());
        var (list, one) = ("/api/findings?state=muted", $"/api/findings/{finding.Id}");
        var tags = new[] { await TagOf(client, list), await TagOf(client, one) };
        Assert.Equal(0, (await client.GetJson(list)).GetProperty("total").GetInt32());

        var muted = await Sent(client, $"{one}/mute", $$"""{"reason":"pilot","until":"{{DateTime.UtcNow.AddDays(30):yyyy-MM-dd}}"}""", HttpStatusCode.OK);

        Assert.Equal("muted", muted.GetProperty("state").GetString());
        Assert.Equal(finding.Id, Assert.Single((await client.GetJson(list)).GetProperty("findings").EnumerateArray()).GetProperty("id").GetString());
        Assert.DoesNotContain((await client.GetJson("/api/findings?limit=200")).GetProperty("findings").EnumerateArray(), known => known.GetProperty("id").GetString() == finding.Id);
        var shown = await client.GetJson(one);
        Assert.Equal("muted", shown.GetProperty("finding").GetProperty("state").GetString());
        var last = shown.GetProperty("history").EnumerateArray().Last();
        Assert.Equal(("muted", JsonValueKind.Null, finding.Events + 1), (last.GetProperty("change").GetString(), last.GetProperty("scanId").ValueKind, last.GetProperty("sequence").GetInt32()));
        Assert.Equal(tags.Length, new[] { await TagOf(client, list), await TagOf(client, one) }.Except(tags).Count());
        Assert.Equal("act-refused", await Refused(client, $"{one}/mute", $$"""{"reason":"again","until":"{{DateTime.UtcNow.AddDays(9):yyyy-MM-dd}}"}""", HttpStatusCode.Conflict));

        // What is kept is as the scan left it, until the next scan takes the mute in.
        Assert.Equal("Open", Stored((await server.Scans.StateAsync(server.Tenant.Id, default))!).State.ToString());
        await server.ScanAsync();
        Assert.Equal("Muted", Stored((await server.Scans.StateAsync(server.Tenant.Id, default))!).State.ToString());

        var grant = Grants(server, finding.Subject).First();
        server.Tenant.Simulator.Tenant.Change(change => change.Put(grant with { Scope = grant.Scope + " Sites.FullControl.All" }));
        await server.ScanAsync();
        Assert.Equal("open", (await client.GetJson(one)).GetProperty("finding").GetProperty("state").GetString());

        Core.Findings.Finding Stored(Core.Scans.TenantState now) => now.Findings.Single(known => known.Id == finding.Id);
    }

    [Fact]
    public async Task A_decision_shows_at_once_where_an_app_stands_and_says_where_it_stood_at_the_scan()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        using var client = server.Client();
        var app = (await client.GetJson("/api/apps?state=unapproved&limit=1")).GetProperty("apps")[0].GetProperty("servicePrincipalId").GetString();
        var one = $"/api/apps/{app}";
        Assert.False((await client.GetJson(one)).GetProperty("governance").TryGetProperty("atScan", out _));
        var (tag, kpis) = (await TagOf(client, one), await TagOf(client, "/api/kpis"));
        var contract = await client.GetJson("/api/openapi.json");

        await Sent(client, "/api/decisions", $$"""{"decision":"deny","app":"{{app}}","reason":"no contract"}""", HttpStatusCode.Created);

        var governance = (await client.GetJson(one)).GetProperty("governance");
        Assert.Equal(("denied", "no contract", "unapproved"), (governance.GetProperty("state").GetString(), governance.GetProperty("reason").GetString(), governance.GetProperty("atScan").GetString()));
        Assert.Equal(app, Assert.Single((await client.GetJson("/api/apps?state=denied")).GetProperty("apps").EnumerateArray()).GetProperty("servicePrincipalId").GetString());
        Assert.NotEqual(tag, await TagOf(client, one));
        using (var answer = await client.GetAsync(one))
        {
            await ContractTests.Conforms(contract, "getApp", answer, HttpStatusCode.OK);
        }

        // Figures are of the scan: they do not change between two scans.
        Assert.Equal(kpis, await TagOf(client, "/api/kpis"));

        await server.ScanAsync();
        governance = (await client.GetJson(one)).GetProperty("governance");
        Assert.Equal("denied", governance.GetProperty("state").GetString());
        Assert.False(governance.TryGetProperty("atScan", out _));
    }

    private static IEnumerable<SimulatedGrant> Grants(RunningServer server, string subject) =>
        server.Tenant.Simulator.Tenant.Grants.Where(grant => grant.ClientId.ToString() == subject);

    private static async Task<EntityTagHeaderValue> TagOf(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.ETag!;
    }
}
