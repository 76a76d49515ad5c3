using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Governance.Core.Scans;
using Governance.Embedded.InProcess;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>The API answers only what the caller may see, changes only through the declared verb and body, is bounded, and tells no internals.</summary>
public sealed class AbuseTests(ScannedServer fixture) : IClassFixture<ScannedServer>
{
    private readonly RunningServer _server = fixture.Server;

    [Fact]
    public async Task HA_1_what_is_another_tenants_does_not_exist()
    {
        using var client = fixture.Caller("Governance.Read", "Governance.Scan", "Governance.Admin");
        var app = fixture.ForeignScan.Apps[0].Id;
        var finding = Uri.EscapeDataString(fixture.ForeignScan.Findings[0].Id);
        foreach (var path in new[] { $"/api/apps/{app}", $"/api/findings/{finding}", $"/api/scans/{fixture.ForeignScan.Scan.Id}" })
        {
            using var foreign = await client.GetAsync(path);
            using var unknown = await client.GetAsync($"{path[..path.LastIndexOf('/')]}/00000000-1111-4222-8333-444444444444");
            Assert.Equal(await WithoutNumber(unknown), await WithoutNumber(foreign));
            Assert.Equal("not-found", await foreign.Problem(HttpStatusCode.NotFound));
        }

        foreach (var path in new[] { "/api/apps", "/api/findings", "/api/kpis", "/api/report", "/api/export", "/api/digests", "/api/scans" })
        {
            using var foreign = await client.GetAsync($"{path}?tenant={ScannedServer.Foreign}");
            Assert.Equal("not-found", await foreign.Problem(HttpStatusCode.NotFound));
            Assert.Contains(_server.Log.Lines, line => line.StartsWith("522 ", StringComparison.Ordinal) && line.Contains(foreign.Headers.GetValues("X-Correlation-Id").Single(), StringComparison.Ordinal));
        }

        using var cancelled = await client.PostAsync($"/api/scans/{fixture.ForeignScan.Scan.Id}/cancel?tenant={ScannedServer.Foreign}", null);
        Assert.Equal("not-found", await cancelled.Problem(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task HA_1_and_MT_8_nothing_of_another_tenant_stands_in_any_answer()
    {
        using var client = fixture.Caller("Governance.Read");
        var canaries = fixture.ForeignScan.Apps.Select(app => app.Id.ToString()).Append(ScannedServer.Foreign.ToString()).Append("Beispiel & Söhne").ToArray();
        foreach (var path in new[] { "/api/apps?limit=200", "/api/findings?state=all&limit=200", "/api/kpis?history=90", "/api/report", "/api/export?format=json&what=all", "/api/digests?audience=security", "/api/scans", "/api/health/details" })
        {
            var text = await client.GetStringAsync(path);
            Assert.All(canaries, canary => Assert.DoesNotContain(canary, text, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task MT_6_who_may_see_several_tenants_must_say_which()
    {
        using var client = _server.Client();

        using var unclear = await client.GetAsync("/api/apps");
        var foreign = await client.GetJson($"/api/apps?tenant={ScannedServer.Foreign}");

        Assert.Equal("tenant-needed", await unclear.Problem(HttpStatusCode.BadRequest));
        Assert.Equal(fixture.ForeignScan.Apps.Length, foreign.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("""{"status":"complete"}""", "unknown-field")]
    [InlineData("""{"mode":"full","tenantId":"f0f0f0f0-1111-4222-8333-444444444444"}""", "unknown-field")]
    [InlineData("""{"mode":"full","approvedBy":"me"}""", "unknown-field")]
    [InlineData("""{"Mode":"full"}""", "unknown-field")]
    [InlineData("""{"__proto__":{}}""", "unknown-field")]
    [InlineData("""{"mode":"full","mode":"incremental"}""", "invalid-body")]
    [InlineData("""{"mode":"offline"}""", "invalid-mode")]
    [InlineData("""{"mode":0}""", "invalid-mode")]
    [InlineData("""{"mode":null}""", "invalid-mode")]
    [InlineData("""["full"]""", "invalid-body")]
    [InlineData("""{"mode":"full"} x""", "invalid-body")]
    [InlineData("""{"mode":"full",}""", "invalid-body")]
    [InlineData("""<scan mode="full"/>""", "invalid-body")]
    [InlineData("\"full\"", "invalid-body")]
    public async Task HA_2_a_body_that_holds_anything_else_is_refused_and_sets_nothing(string body, string code)
    {
        using var client = fixture.Caller("Governance.Scan", "Governance.Read");
        var before = (await client.GetJson("/api/scans")).GetProperty("total").GetInt32();

        using var response = await client.PostAsync("/api/scans", ApiClient.Json(body));

        Assert.Equal(code, await response.Problem(HttpStatusCode.BadRequest));
        Assert.Equal(before, (await client.GetJson("/api/scans")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("/api/apps?limit=0")]
    [InlineData("/api/apps?limit=-1")]
    [InlineData("/api/apps?limit=1000000000")]
    [InlineData("/api/apps?limit=99999999999999999999")]
    [InlineData("/api/apps?limit=1.5")]
    [InlineData("/api/apps?limit=")]
    [InlineData("/api/apps?limit=%20%205")]
    [InlineData("/api/apps?limit=5&limit=6")]
    [InlineData("/api/apps?cursor=")]
    [InlineData("/api/apps?cursor=x")]
    [InlineData("/api/apps?cursor=AAAA")]
    [InlineData("/api/apps?cursor=%00")]
    [InlineData("/api/apps?verdict=AI")]
    [InlineData("/api/apps?state=1")]
    [InlineData("/api/apps?level=9")]
    [InlineData("/api/apps?tenantId=x")]
    [InlineData("/api/apps?search=")]
    [InlineData("/api/apps?tenant=all")]
    [InlineData("/api/findings?rule=' or 1=1 --")]
    [InlineData("/api/findings?state=Open")]
    [InlineData("/api/kpis?history=91")]
    [InlineData("/api/report?language=../../etc/passwd")]
    [InlineData("/api/export?format=xml")]
    [InlineData("/api/export?format=ocsf&what=kpis")]
    [InlineData("/api/digests?audience=everyone")]
    [InlineData("/api/health?verbose=1")]
    public async Task HA_3_a_parameter_that_is_out_of_its_bounds_is_refused(string path)
    {
        using var client = fixture.Caller("Governance.Read");

        using var response = await client.GetAsync(path);

        await response.Problem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task HA_3_a_cursor_serves_its_own_list_and_no_other()
    {
        using var client = fixture.Caller("Governance.Read");
        var cursor = (await client.GetJson("/api/apps?limit=3&verdict=ai")).GetProperty("next").GetString()!;
        Assert.Equal(3, (await client.GetJson($"/api/apps?limit=3&verdict=ai&cursor={cursor}")).GetProperty("apps").GetArrayLength());

        using var local = _server.Client();
        var first = cursor[0] == 'A' ? 'B' : 'A';
        foreach (var (who, path) in new[]
        {
            (client, $"/api/apps?cursor={cursor}"),
            (client, $"/api/apps?verdict=aiFeature&cursor={cursor}"),
            (client, $"/api/apps?verdict=ai&firstParty=false&cursor={cursor}"),
            (client, $"/api/findings?cursor={cursor}"),
            (client, $"/api/apps?verdict=ai&cursor={first}{cursor[1..]}"),
            (client, $"/api/apps?verdict=ai&cursor={cursor[..^2]}"),
            (client, $"/api/apps?verdict=ai&cursor={cursor}AA"),
            (local, $"/api/apps?verdict=ai&cursor={cursor}&tenant={ScannedServer.Foreign}"),
        })
        {
            using var response = await who.GetAsync(path);
            Assert.Equal("invalid-cursor", await response.Problem(HttpStatusCode.BadRequest));
        }
    }

    [Theory]
    [InlineData("apps", "/api/apps?limit=7")]
    [InlineData("apps", "/api/apps?limit=1&verdict=ai&state=unapproved&level=high")]
    [InlineData("findings", "/api/findings?limit=9&state=all")]
    public async Task Pages_together_are_the_whole_list_each_item_once(string name, string path)
    {
        using var client = fixture.Caller("Governance.Read");
        var seen = new List<string>();
        string? cursor = null;
        int total;
        do
        {
            var page = await client.GetJson(path + (cursor is null ? string.Empty : $"&cursor={cursor}"));
            seen.AddRange(page.GetProperty(name).EnumerateArray().Select(item => (name == "apps" ? item.GetProperty("servicePrincipalId") : item.GetProperty("id")).GetString()!));
            cursor = page.GetProperty("next").GetString();
            total = page.GetProperty("total").GetInt32();
        }
        while (cursor is not null);

        Assert.True(total > 0);
        Assert.Equal(total, seen.Count);
        Assert.Equal(total, seen.Distinct().Count());
    }

    [Fact]
    public async Task HA_4_a_body_that_is_too_long_compressed_too_deep_or_of_another_kind_is_refused()
    {
        using var client = fixture.Caller("Governance.Scan");

        using var tooLong = await client.PostAsync("/api/scans", ApiClient.Json($$"""{"mode":"{{new string('x', 200_000)}}"}"""));
        Assert.Equal("body-too-long", await tooLong.Problem(HttpStatusCode.RequestEntityTooLarge));

        using var deep = await client.PostAsync("/api/scans", ApiClient.Json(string.Concat(Enumerable.Repeat("""{"mode":""", 2000)) + "1" + new string('}', 2000)));
        Assert.Equal("invalid-body", await deep.Problem(HttpStatusCode.BadRequest));

        var bomb = new MemoryStream();
        using (var zip = new GZipStream(bomb, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(new byte[20_000_000]);
        }

        using var compressed = new ByteArrayContent(bomb.ToArray());
        compressed.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        compressed.Headers.ContentEncoding.Add("gzip");
        using var refused = await client.PostAsync("/api/scans", compressed);
        Assert.Equal("unsupported-encoding", await refused.Problem(HttpStatusCode.UnsupportedMediaType));

        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data; boundary=x", "application/json; charset=utf-16" })
        {
            using var content = new ByteArrayContent("{}"u8.ToArray());
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            using var other = await client.PostAsync("/api/scans", content);
            Assert.Equal("unsupported-media-type", await other.Problem(HttpStatusCode.UnsupportedMediaType));
        }
    }

    [Fact]
    public async Task HA_4_a_body_of_a_hundred_megabytes_is_not_read()
    {
        var token = fixture.Authority.Token(_server.Tenant.Id, "Governance.Scan");
        foreach (var framing in new[] { "Content-Length: 104857600", "Transfer-Encoding: chunked" })
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
            await using var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/scans HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"));
            var chunk = Encoding.ASCII.GetBytes((framing.StartsWith('T') ? "4000\r\n" : string.Empty) + new string(' ', 0x4000) + (framing.StartsWith('T') ? "\r\n" : string.Empty));
            long sent = 0;
            try
            {
                // Whoever goes on sending is cut off long before the end.
                for (; sent < 104_857_600; sent += chunk.Length)
                {
                    await stream.WriteAsync(chunk);
                }
            }
            catch (IOException)
            {
                // The server closed the connection.
            }

            Assert.True(sent < 50_000_000, $"{sent} bytes were taken with {framing}");
        }
    }

    [Fact]
    public async Task HA_5_one_idempotency_key_stands_for_one_request()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        using var client = server.Client();
        using var first = await Post(client, "/api/scans", "{}", "key-1");
        var location = first.Headers.Location;
        server.Tenant.OpenGate();
        await RunningServer.EndOf(client, location!.ToString());

        using var again = await Post(client, "/api/scans", "{}", "key-1");
        using var other = await Post(client, "/api/scans", """{"mode":"incremental"}""", "key-1");
        using var otherPath = await Post(client, $"{location}/cancel", "{}", "key-1");

        Assert.Equal((HttpStatusCode.Accepted, location), (again.StatusCode, again.Headers.Location));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal("idempotency-key-reused", await other.Problem(HttpStatusCode.UnprocessableEntity));
        Assert.Equal("idempotency-key-reused", await otherPath.Problem(HttpStatusCode.UnprocessableEntity));
        Assert.Equal(1, (await client.GetJson("/api/scans")).GetProperty("total").GetInt32());
        foreach (var key in new[] { new string('k', 129), "a b", "tab\tkey" })
        {
            using var bad = await Post(client, "/api/scans", "{}", key);
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        }
    }

    [Fact]
    public async Task HA_5_many_repeats_of_one_request_at_once_have_one_answer()
    {
        await using var server = await RunningServer.StartAsync();
        using var client = server.Client();

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Post(client, "/api/scans", "{}", "at-once")));

        Assert.All(responses, response => Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict, response.StatusCode.ToString()));
        Assert.Single(responses.Where(response => response.StatusCode == HttpStatusCode.Accepted).Select(response => response.Headers.Location).Distinct());
        Assert.Equal(1, (await client.GetJson("/api/scans")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("GET", "/api/scans/x/cancel", "POST")]
    [InlineData("DELETE", "/api/scans/x", "GET")]
    [InlineData("PUT", "/api/scans", "POST, GET")]
    [InlineData("PATCH", "/api/findings/x", "GET")]
    [InlineData("POST", "/api/apps", "GET")]
    [InlineData("TRACE", "/api/health", "GET")]
    [InlineData("GET", "/api/queue/x/replay", "POST")]
    public async Task HA_6_a_change_has_one_method_and_the_others_are_refused(string method, string path, string allow)
    {
        using var client = fixture.Caller("Governance.Read", "Governance.Scan", "Governance.Admin");

        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal("method-not-allowed", await response.Problem(HttpStatusCode.MethodNotAllowed));
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override")]
    [InlineData("X-HTTP-Method")]
    [InlineData("X-Method-Override")]
    public async Task HA_6_a_method_cannot_be_overridden(string header)
    {
        using var client = fixture.Caller("Governance.Read", "Governance.Scan");
        var before = (await client.GetJson("/api/scans")).GetProperty("total").GetInt32();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/scans");
        request.Headers.Add(header, "POST");

        using var response = await client.SendAsync(request);

        Assert.Equal("method-not-allowed", await response.Problem(HttpStatusCode.MethodNotAllowed));
        Assert.Equal(before, (await client.GetJson("/api/scans")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/api/unknown")]
    [InlineData("/api/apps/a/b/c")]
    [InlineData("/api/APPS")]
    [InlineData("/api/..%2f..%2fetc/passwd")]
    [InlineData("/api/apps/%00")]
    [InlineData("/api/findings/%27%20or%201=1")]
    public async Task An_address_that_is_none_is_not_found(string path)
    {
        using var client = fixture.Caller("Governance.Read");

        using var response = await client.GetAsync(path);

        Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, response.StatusCode.ToString());
    }

    [Fact]
    public async Task HA_7_a_failure_inside_tells_its_number_and_nothing_else()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        using var client = server.Client();
        var paths = new[] { "/api/apps", "/api/apps/00000000-1111-4222-8333-444444444444", "/api/findings", "/api/findings/x", "/api/kpis", "/api/digests", "/api/report", "/api/export", "/api/scans", "/api/scans/x", "/api/queue" };
        await BreakAsync(server, "ALTER TABLE tenants RENAME TO hidden_tenants; ALTER TABLE queue_messages RENAME TO hidden_messages");

        foreach (var path in paths)
        {
            using var response = await client.GetAsync(path);
            Assert.True(response.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.ServiceUnavailable, $"{path}: {response.StatusCode}");
            await TellsNothing(response, server);
        }

        using var changed = await client.PostAsync("/api/scans", null);
        await TellsNothing(changed, server);
        using var health = await client.GetAsync("/api/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal("""{"status":"unhealthy"}""", await health.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task HA_7_a_damaged_record_is_an_error_with_a_number_and_not_a_shorter_list()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        await BreakAsync(server, "UPDATE findings SET body = x'7B7D' WHERE finding_id = (SELECT min(finding_id) FROM findings)");
        using var client = server.Client();

        using var response = await client.GetAsync("/api/findings");

        Assert.Equal("internal-error", await response.Problem(HttpStatusCode.InternalServerError));
        await TellsNothing(response, server);
    }

    [Fact]
    public async Task HA_8_a_hundred_requests_for_a_scan_are_one_run_and_then_too_many()
    {
        await using var server = await RunningServer.StartAsync();
        server.Tenant.CloseGate();
        using var client = server.Client();

        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.PostAsync("/api/scans", null)));

        Assert.Single(responses.Where(response => response.StatusCode == HttpStatusCode.Accepted).Select(response => response.Headers.Location).Distinct());
        var refused = responses.Where(response => response.StatusCode == HttpStatusCode.TooManyRequests).ToArray();
        Assert.True(refused.Length >= 70, $"{refused.Length} were refused");
        Assert.All(refused, response => Assert.NotNull(response.Headers.RetryAfter));
        Assert.Equal(100, refused.Length + responses.Count(response => response.StatusCode == HttpStatusCode.Accepted));
        server.Tenant.OpenGate();
        await RunningServer.EndOf(client, responses.First(response => response.StatusCode == HttpStatusCode.Accepted).Headers.Location!.ToString());
        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
    }

    [Fact]
    public async Task HA_8_one_caller_that_floods_is_held_back_while_others_the_work_and_the_schedules_go_on()
    {
        var occurrences = 0;
        var often = new Schedule("often", CronExpression.Parse("* * * * *"), TimeZoneInfo.Utc, (_, _) => Task.FromResult(Interlocked.Increment(ref occurrences)));
        await using var server = await RunningServer.StartAsync(limits: new() { RequestsPerSecond = 20 }, time: new QuickClock(120), schedule: often);
        using var flood = server.Client();
        await RunningServer.Until(() => Task.FromResult(occurrences > 0));
        var before = occurrences;

        var codes = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ => (await flood.GetAsync("/api/queue")).StatusCode));
        using var other = server.Stranger();
        using var health = await other.GetAsync("/api/health");

        await RunningServer.Until(() => Task.FromResult(occurrences > before));
        Assert.True(codes.Count(code => code == HttpStatusCode.TooManyRequests) > 500);
        Assert.DoesNotContain(codes, code => code is not (HttpStatusCode.OK or HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        var run = await server.Queue.SendAsync(new Core.Scans.Queue.QueueMessage("odd", null, "x"u8.ToArray()), default);
        Assert.True(run);
        await RunningServer.Until(async () => (await server.Queue.CountAsync(default)).Parked == 1);
    }

    private static Task<HttpResponseMessage> Post(HttpClient client, string path, string body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = ApiClient.Json(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return client.SendAsync(request);
    }

    private static async Task<string> WithoutNumber(HttpResponseMessage response) =>
        (await response.Content.ReadAsStringAsync()).Replace(response.Headers.GetValues("X-Correlation-Id").Single(), "number", StringComparison.Ordinal);

    private static async Task TellsNothing(HttpResponseMessage response, RunningServer server)
    {
        var text = await response.Content.ReadAsStringAsync();
        var number = response.Headers.GetValues("X-Correlation-Id").Single();
        foreach (var inside in new[] { "SQLite", "sqlite", "governance.db", "Exception", "   at ", "Governance.", "no such table", "hidden", "/tmp" })
        {
            Assert.DoesNotContain(inside, text, StringComparison.Ordinal);
        }

        Assert.Contains(number, text, StringComparison.Ordinal);
        Assert.Contains(server.Log.Lines, line => line.Contains(number, StringComparison.Ordinal));
    }

    private static async Task BreakAsync(RunningServer server, string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={server.Database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
