using System.Net;
using Governance.Api.Access;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A person signs in once with the local token and reads the report in a browser; the session is worth nothing anywhere else.</summary>
public sealed class ReportSignInTests(ScannedServer fixture) : IClassFixture<ScannedServer>
{
    private readonly RunningServer _server = fixture.Server;

    [Fact]
    public async Task A_browser_is_sent_to_the_form_signs_in_reads_the_report_and_signs_out()
    {
        using var browser = Browser(_server);
        var asked = $"/api/report?tenant={_server.Tenant.Id}&language=de";
        using var sent = await browser.GetAsync(asked);
        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        Assert.Equal($"/?tenant={_server.Tenant.Id}&language=de", sent.Headers.Location!.OriginalString);
        Assert.False(sent.Headers.Contains("WWW-Authenticate"));

        using var page = await browser.GetAsync(sent.Headers.Location);
        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains($"action=\"/session?tenant={_server.Tenant.Id}&amp;language=de\"", html, StringComparison.Ordinal);
        Assert.Contains("<label for=\"token\">", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);

        using var signed = await Post(browser, $"/session?tenant={_server.Tenant.Id}&language=de", _server.Token);
        Assert.Equal(HttpStatusCode.SeeOther, signed.StatusCode);
        Assert.Equal(asked, signed.Headers.Location!.OriginalString);
        var cookie = signed.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=28800", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_server.Token["gov_".Length..], cookie, StringComparison.Ordinal);

        using var report = await browser.GetAsync(asked);
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        Assert.Contains("<html lang=\"de\"", await report.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Sign out", await browser.GetStringAsync("/"), StringComparison.Ordinal);

        using var ended = await Post(browser, "/session/end", null);
        Assert.Equal(HttpStatusCode.SeeOther, ended.StatusCode);
        browser.DefaultRequestHeaders.Add("Cookie", Pair(cookie));
        using var after = await browser.GetAsync(asked);
        Assert.Equal(HttpStatusCode.SeeOther, after.StatusCode);
        Assert.DoesNotContain(_server.Log.Lines, line => line.Contains(_server.Token, StringComparison.Ordinal) || line.Contains(Pair(cookie).Split('=')[1], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/api/apps")]
    [InlineData("GET", "/api/findings")]
    [InlineData("GET", "/api/export")]
    [InlineData("GET", "/api/audit")]
    [InlineData("GET", "/api/queue")]
    [InlineData("GET", "/api/health/details")]
    [InlineData("POST", "/api/scans")]
    [InlineData("POST", "/api/queue/x/replay")]
    public async Task AU_4_the_session_opens_nothing_else_and_changes_nothing(string method, string path)
    {
        using var browser = await SignedIn(_server);

        using var response = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task AU_4_the_session_counts_for_GET_alone_and_not_beside_an_Authorization_header()
    {
        using var browser = await SignedIn(_server);
        using var posted = await browser.PostAsync("/api/report", null);
        using var deleted = await browser.DeleteAsync("/api/report");
        using var overridden = new HttpRequestMessage(HttpMethod.Get, "/api/report") { Headers = { { "X-HTTP-Method-Override", "POST" } } };
        using var over = await browser.SendAsync(overridden);
        using var beside = new HttpRequestMessage(HttpMethod.Get, "/api/report") { Headers = { { "Authorization", "Bearer x" } } };
        using var both = await browser.SendAsync(beside);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, over.StatusCode);
        Assert.Equal("not-authenticated", await both.Problem(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task AU_1_programs_get_401_and_a_made_up_session_gets_nobody_in()
    {
        using var program = _server.Stranger();
        using var plain = await program.GetAsync("/api/report");
        Assert.Equal("not-authenticated", await plain.Problem(HttpStatusCode.Unauthorized));

        foreach (var value in new[] { "x", new string('0', 64), _server.Token, string.Empty })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/report") { Headers = { { "Cookie", $"{BrowserSessions.Cookie}={value}" } } };
            using var response = await program.SendAsync(request);
            Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
        }
    }

    [Fact]
    public async Task AU_1_a_session_ends_after_eight_hours()
    {
        var clock = new AheadClock();
        await using var server = await RunningServer.StartAsync(time: clock);
        using var browser = await SignedIn(server);
        clock.Ahead = BrowserSessions.Lifetime - TimeSpan.FromMinutes(10);
        using var before = await browser.GetAsync("/api/report");
        clock.Ahead = BrowserSessions.Lifetime;
        using var after = await browser.GetAsync("/api/report");

        // Nothing was scanned yet, which only those are told who were let in.
        Assert.NotEqual(HttpStatusCode.SeeOther, before.StatusCode);
        Assert.NotEqual(HttpStatusCode.Unauthorized, before.StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, after.StatusCode);
    }

    [Fact]
    public async Task Wrong_tokens_are_refused_and_guessing_is_slowed_down()
    {
        await using var server = await RunningServer.StartAsync(limits: new() { RefusalsPerMinute = 5 });
        using var browser = Browser(server);
        var codes = new List<HttpStatusCode>();
        for (var n = 0; n < 8; n++)
        {
            using var response = await Post(browser, "/session", n == 0 ? string.Empty : "gov_guess");
            codes.Add(response.StatusCode);
            Assert.False(response.Headers.Contains("Set-Cookie"));
            Assert.Contains("role=\"alert\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(response.StatusCode == HttpStatusCode.TooManyRequests, response.Headers.Contains("Retry-After"));
        }

        Assert.Equal(5, codes.Count(code => code == HttpStatusCode.Unauthorized));
        Assert.Equal(3, codes.Count(code => code == HttpStatusCode.TooManyRequests));
        using var known = await Post(browser, "/session", server.Token);
        Assert.Equal(HttpStatusCode.SeeOther, known.StatusCode);
    }

    [Fact]
    public async Task A_token_of_Entra_makes_no_session()
    {
        using var browser = Browser(_server);

        using var response = await Post(browser, "/session", fixture.Authority.Token(_server.Tenant.Id, "Governance.Read"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/session", null, null)]
    [InlineData("/session", "null", null)]
    [InlineData("/session", "https://evil.example", null)]
    [InlineData("/session", "http://127.0.0.1:1", null)]
    [InlineData("/session", "own", "cross-site")]
    [InlineData("/session", "own", "same-site")]
    [InlineData("/session/end", null, null)]
    [InlineData("/session/end", "https://evil.example", null)]
    public async Task A_form_of_another_site_signs_nobody_in_or_out(string path, string? origin, string? site)
    {
        using var browser = await SignedIn(_server);
        browser.DefaultRequestHeaders.Remove("Origin");
        if (origin is not null)
        {
            browser.DefaultRequestHeaders.Add("Origin", origin == "own" ? Origin(_server) : origin);
        }

        if (site is not null)
        {
            browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        }

        using var response = await Post(browser, path, _server.Token);
        using var report = await browser.GetAsync($"/api/report?tenant={_server.Tenant.Id}");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
    }

    [Fact]
    public async Task What_is_no_form_or_too_long_is_refused()
    {
        using var browser = Browser(_server);
        using var json = await browser.PostAsync("/session", ApiClient.Json($$"""{"token":"{{_server.Token}}"}"""));
        using var parts = await browser.PostAsync("/session", new MultipartFormDataContent { { new StringContent(_server.Token), "token" } });
        using var longer = await Post(browser, "/session", new string('a', 4000));
        using var twice = await browser.PostAsync("/session", new FormUrlEncodedContent([new("token", _server.Token), new("token", _server.Token)]));
        using var got = await browser.GetAsync("/session");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, parts.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, longer.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, twice.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, got.StatusCode);
    }

    [Fact]
    public async Task Nothing_of_a_link_but_tenant_and_language_comes_into_the_page()
    {
        using var browser = Browser(_server);

        var html = await browser.GetStringAsync("/?tenant=%22%3E%3Cb%3Ecanary&language=canary&next=https://canary.example");
        using var sent = await browser.GetAsync("/api/report?language=canary&next=//canary.example");

        Assert.DoesNotContain("canary", html, StringComparison.Ordinal);
        Assert.Equal("/", sent.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Where_the_browser_uses_TLS_the_cookie_is_sent_over_TLS_alone()
    {
        using var browser = Browser(_server);
        browser.DefaultRequestHeaders.Remove("Origin");
        browser.DefaultRequestHeaders.Add("Origin", "https://governance.example");
        browser.DefaultRequestHeaders.Host = "governance.example";

        using var response = await Post(browser, "/session", _server.Token);

        Assert.Contains("; secure", response.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
    }

    private static string Origin(RunningServer server) => server.Address.GetLeftPart(UriPartial.Authority);

    private static string Pair(string cookie) => cookie.Split(';')[0];

    private static HttpClient Browser(RunningServer server)
    {
        var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() }) { BaseAddress = server.Address };
        browser.DefaultRequestHeaders.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        browser.DefaultRequestHeaders.Add("Origin", Origin(server));
        return browser;
    }

    private static async Task<HttpClient> SignedIn(RunningServer server)
    {
        var browser = Browser(server);
        using var response = await Post(browser, "/session", server.Token);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return browser;
    }

    private static Task<HttpResponseMessage> Post(HttpClient browser, string path, string? token) =>
        browser.PostAsync(path, new FormUrlEncodedContent(token is null ? [] : [new("token", token)]));

    /// <summary>Tells a later time than it is; waits take as long as they do.</summary>
    private sealed class AheadClock : TimeProvider
    {
        private long _ahead;

        public TimeSpan Ahead
        {
            get => new(Interlocked.Read(ref _ahead));
            set => Interlocked.Exchange(ref _ahead, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
