using System.Net;
using System.Text.Json;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Decisions over the API: the proven caller acts, and the rules are those of the command line.</summary>
public sealed class DecisionsOverHttpTests(ScannedServer fixture) : IClassFixture<ScannedServer>
{
    [Fact]
    public async Task A_request_is_signed_off_by_others_only_and_every_act_is_in_the_audit()
    {
        using var reader = fixture.Caller("Governance.Read");
        using var decider = fixture.Caller("Governance.Decide");
        var apps = (await reader.GetJson("/api/apps?limit=200")).GetProperty("apps").EnumerateArray();
        var app = apps.First(known => known.GetProperty("governance").GetProperty("state").GetString() == "unapproved").GetProperty("servicePrincipalId").GetString();

        var opened = await Sent(decider, "/api/requests", $$"""{"app":"{{app}}","purpose":"campaign texts"}""", HttpStatusCode.Created);
        var id = opened.GetProperty("id").GetString();

        // The same caller asked: neither a sign-off nor a denial is his.
        await Sent(decider, $"/api/requests/{id}/sign-offs", """{"role":"security"}""", HttpStatusCode.Forbidden);
        await Sent(decider, "/api/decisions", $$"""{"decision":"deny","request":"{{id}}","reason":"no"}""", HttpStatusCode.Forbidden);
        await Sent(decider, "/api/decisions", $$"""{"decision":"withdraw","request":"{{id}}","reason":"found another"}""", HttpStatusCode.Created);
        await Sent(reader, "/api/decisions", $$"""{"decision":"deny","app":"{{app}}","reason":"no"}""", HttpStatusCode.Forbidden);
        await Sent(decider, "/api/decisions", $$"""{"decision":"crown","app":"{{app}}"}""", HttpStatusCode.BadRequest);
        await Sent(decider, "/api/requests/R99999/sign-offs", """{"role":"security"}""", HttpStatusCode.NotFound);
        await Sent(decider, "/api/decisions", """{"decision":"approve","request":"R99999"}""", HttpStatusCode.NotFound);

        var listed = (await reader.GetJson("/api/decisions")).GetProperty("requests").EnumerateArray().Single(request => request.GetProperty("id").GetString() == id);
        Assert.Equal("withdrawn", listed.GetProperty("state").GetString());
        Assert.StartsWith("p-", listed.GetProperty("requestedBy").GetString(), StringComparison.Ordinal);
        Assert.True((await reader.GetJson("/api/audit")).GetProperty("sound").GetBoolean());
    }

    [Fact]
    public async Task What_waits_shows_in_digest_and_report_before_the_next_scan_and_changes_their_tags()
    {
        using var reader = fixture.Caller("Governance.Read");
        using var decider = fixture.Caller("Governance.Decide");
        var app = (await reader.GetJson("/api/apps?limit=200")).GetProperty("apps").EnumerateArray()
            .Last(known => known.GetProperty("governance").GetProperty("state").GetString() == "unapproved").GetProperty("servicePrincipalId").GetString();
        async Task<(string? Tag, int Waiting)> Report()
        {
            using var response = await reader.GetAsync("/api/report");
            var page = EndToEnd.Tests.Report.Page.Parse(await response.Content.ReadAsByteArrayAsync());
            return (response.Headers.ETag?.Tag, page.QuerySelectorAll("#pending-table tbody tr").Length);
        }

        var before = await Report();
        var id = (await Sent(decider, "/api/requests", $$"""{"app":"{{app}}","purpose":"campaign texts"}""", HttpStatusCode.Created)).GetProperty("id").GetString();
        var open = await Report();
        var digest = await reader.GetStringAsync("/api/digests?format=text");
        await Sent(decider, "/api/decisions", $$"""{"decision":"withdraw","request":"{{id}}","reason":"found another"}""", HttpStatusCode.Created);
        var after = await Report();

        Assert.Equal((before.Waiting + 1, before.Waiting), (open.Waiting, after.Waiting));
        Assert.Equal(3, new[] { before.Tag, open.Tag, after.Tag }.Distinct().Count());
        Assert.Contains("waits for Legal, Marketing and Security", digest, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> Sent(HttpClient client, string path, string body, HttpStatusCode expected)
    {
        using var response = await client.PostAsync(path, ApiClient.Json(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
