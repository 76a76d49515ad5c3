using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Governance.Api.Access;
using Governance.StandIns.Entra;
using Microsoft.IdentityModel.Tokens;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Who calls is proven by signature, issuer, tenant, audience, lifetime and role, for each request, and by nothing else.</summary>
public sealed class AuthenticationTests(ScannedServer fixture) : IClassFixture<ScannedServer>
{
    private static readonly string[] Everything = ["/api/scans", "/api/apps", "/api/findings", "/api/kpis", "/api/digests", "/api/report", "/api/export", "/api/queue", "/api/health/details"];
    private readonly RunningServer _server = fixture.Server;
    private readonly Authority _authority = fixture.Authority;

    private Guid Tenant => _server.Tenant.Id;

    [Fact]
    public async Task A_sound_token_with_the_role_is_let_in()
    {
        using var client = fixture.Caller("Governance.Read");

        Assert.True((await client.GetJson("/api/apps")).GetProperty("total").GetInt32() > 10);
    }

    [Fact]
    public async Task AU_1_without_a_token_nothing_but_the_state_of_health_and_the_contract_is_told()
    {
        using var client = _server.Stranger();
        foreach (var path in Everything)
        {
            using var response = await client.GetAsync(path);
            Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        }

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/openapi.json")).StatusCode);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x")]
    [InlineData("Bearer ..")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer eyJhbGciOiJSUzI1NiJ9.e30.")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("Bearer gov_0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task AU_1_a_malformed_or_unknown_token_is_refused(string header)
    {
        using var client = _server.Stranger();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        using var response = await client.GetAsync("/api/apps");

        Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task AU_1_a_token_outside_its_lifetime_is_refused()
    {
        await Refused(token => (token.NotBefore, token.Expires) = (DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddMinutes(-5)));
        await Refused(token => token.NotBefore = DateTime.UtcNow.AddMinutes(30));
        await Refused(token => token.Expires = null);
        await Refused(token => token.NotBefore = null);
        await Refused(token => (token.NotBefore, token.Expires) = (DateTime.UtcNow.AddDays(-20), DateTime.UtcNow.AddDays(30)));
    }

    [Fact]
    public async Task AU_2_a_token_for_another_audience_issuer_or_tenant_is_refused()
    {
        var stranger = Guid.Parse("99999999-1111-4222-8333-444444444444");
        await Refused(token => token.Audience = "api://other");
        await Refused(token => token.Audience = null);
        await Refused(token => token.Issuer = _authority.Entra.Issuer(TokenVersion.V2, stranger));
        await Refused(token => token.Issuer = "https://login.microsoftonline.com/x/v2.0");
        await Refused(token => token.Claims["tid"] = stranger.ToString());
        await Refused(_authority.Token(stranger, "Governance.Read"));
        await Refused(token => token.Claims.Remove("tid"));
    }

    [Fact]
    public async Task AU_2_a_signature_by_another_key_a_shared_secret_or_none_is_refused()
    {
        using var other = RSA.Create(2048);
        await Refused(token => token.SigningCredentials = new SigningCredentials(new RsaSecurityKey(other) { KeyId = "key-1" }, SecurityAlgorithms.RsaSha256));
        await Refused(token => token.SigningCredentials = new SigningCredentials(new RsaSecurityKey(other) { KeyId = "unknown" }, SecurityAlgorithms.RsaSha256));
        await Refused(token => token.SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(_authority.PublicKey) { KeyId = "key-1" }, SecurityAlgorithms.HmacSha256));
        await Refused(token => token.SigningCredentials = new SigningCredentials(
            new SymmetricSecurityKey(Encoding.ASCII.GetBytes(_authority.Key.ExportSubjectPublicKeyInfoPem())) { KeyId = "key-1" }, SecurityAlgorithms.HmacSha256));
        await Refused(token => token.SigningCredentials = null);

        var sound = _authority.Token(Tenant, "Governance.Read").Split('.');
        var none = Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"JWT\"}");
        await Refused($"{none}.{sound[1]}.");
        await Refused($"{none}.{sound[1]}.{sound[2]}");
        await Refused($"{sound[0]}.{sound[1]}.");
        var richer = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(sound[1]).Replace("Governance.Read", "Governance.Admin", StringComparison.Ordinal));
        await Refused($"{sound[0]}.{richer}.{sound[2]}");
    }

    [Theory]
    [InlineData("GET", "/api/apps", "Governance.Scan")]
    [InlineData("GET", "/api/findings", "Governance.Admin")]
    [InlineData("GET", "/api/queue", "Governance.Read")]
    [InlineData("POST", "/api/scans", "Governance.Read")]
    [InlineData("POST", "/api/scans", "governance.scan")]
    [InlineData("POST", "/api/scans", "Scan")]
    [InlineData("POST", "/api/scans/x/cancel", "Governance.Read")]
    [InlineData("POST", "/api/queue/x/replay", "Governance.Scan")]
    [InlineData("GET", "/api/export", "")]
    public async Task AU_3_a_sound_token_without_the_role_is_refused_and_the_security_team_can_see_it(string method, string path, string role)
    {
        using var client = fixture.Caller(role);

        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal("not-authorized", await response.Problem(HttpStatusCode.Forbidden));
        Assert.Contains(_server.Log.Lines, line => line.StartsWith("521 ", StringComparison.Ordinal) && line.Contains(response.Headers.GetValues("X-Correlation-Id").Single(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task AU_4_a_function_key_alone_changes_nothing()
    {
        using var client = _server.Stranger();
        client.DefaultRequestHeaders.Add("x-functions-key", "a-key-that-a-host-may-have-accepted");

        using var response = await client.PostAsync("/api/scans", null);
        using var inQuery = await client.PostAsync("/api/scans?code=a-key-that-a-host-may-have-accepted", null);

        Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
        Assert.Equal("not-authenticated", await inQuery.Problem(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task AU_5_an_identity_that_a_platform_might_have_put_into_headers_proves_nothing()
    {
        var principal = Convert.ToBase64String(Encoding.UTF8.GetBytes(
            $$"""{"auth_typ":"aad","claims":[{"typ":"roles","val":"Governance.Admin"},{"typ":"roles","val":"Governance.Read"},{"typ":"tid","val":"{{Tenant}}"}]}"""));
        using var client = _server.Stranger();
        client.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL", principal);
        client.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL-ID", "0c0c0c0c-1111-4222-8333-444444444444");
        client.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL-NAME", "admin@example.com");
        client.DefaultRequestHeaders.Add("X-MS-TOKEN-AAD-ACCESS-TOKEN", _authority.Token(Tenant, "Governance.Read"));
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "127.0.0.1");

        foreach (var path in Everything)
        {
            using var response = await client.GetAsync(path);
            Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
        }
    }

    [Fact]
    public async Task A_person_whom_the_platform_signed_in_opens_the_report_by_the_ID_token_it_passes_on()
    {
        using var client = SignedIn(IdToken());
        using var report = await client.GetAsync("/api/report?language=de");
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/report"));

        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        Assert.Equal("text/html", report.Content.Headers.ContentType!.MediaType);
        Assert.Contains("<html lang=\"de\"", await report.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        using var foreign = await client.GetAsync($"/api/report?tenant={ScannedServer.Foreign}");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    [Fact]
    public async Task AU_5_the_ID_token_of_a_sign_in_opens_no_other_page_and_changes_nothing()
    {
        using var client = SignedIn(IdToken(_ => { }, "Governance.Read", "Governance.Scan", "Governance.Decide", "Governance.Admin"));
        foreach (var path in Everything.Except(["/api/report"]))
        {
            using var response = await client.GetAsync(path);
            Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
        }

        using var scan = await client.PostAsync("/api/scans", null);
        using var post = await client.PostAsync("/api/report", null);
        Assert.Equal("not-authenticated", await scan.Problem(HttpStatusCode.Unauthorized));
        Assert.Equal("method-not-allowed", await post.Problem(HttpStatusCode.MethodNotAllowed));
    }

    [Fact]
    public async Task AU_5_an_ID_token_that_Entra_did_not_sign_for_this_application_now_opens_nothing()
    {
        var stranger = Guid.Parse("99999999-1111-4222-8333-444444444444");
        using var other = RSA.Create(2048);
        var sound = IdToken().Split('.');
        string[] tokens =
        [
            IdToken(token => token.SigningCredentials = null),
            IdToken(token => token.SigningCredentials = new SigningCredentials(new RsaSecurityKey(other) { KeyId = "key-1" }, SecurityAlgorithms.RsaSha256)),
            IdToken(token => (token.NotBefore, token.Expires) = (DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddMinutes(-5))),
            IdToken(token => token.NotBefore = DateTime.UtcNow.AddMinutes(30)),
            IdToken(token => token.Audience = "api://other"),
            IdToken(token => token.Audience = EntraAuthority.ApplicationIdUri),
            _authority.Entra.IdToken(TokenVersion.V2, stranger, EntraAuthority.UsualPerson, ["Governance.Read"]),
            IdToken(token => token.Claims["ver"] = "1.0"),
            IdToken(token => token.Claims["idtyp"] = "app"),
            _authority.Token(Tenant, "Governance.Read"),
            _authority.Entra.Application(TokenVersion.V2, Tenant, ["Governance.Read"]),
            $"{Base64UrlEncoder.Encode("{\"alg\":\"none\"}")}.{sound[1]}.",
            $"{sound[0]}.{sound[1]}.",
            "x",
            string.Empty,
        ];
        foreach (var token in tokens)
        {
            using var client = SignedIn(token);
            using var response = await client.GetAsync("/api/report");
            Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
        }

        using var twice = SignedIn(IdToken());
        twice.DefaultRequestHeaders.TryAddWithoutValidation(PlatformSignIn.Header, IdToken());
        using var both = await twice.GetAsync("/api/report");
        Assert.Equal("not-authenticated", await both.Problem(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task AU_3_a_signed_in_person_without_the_role_is_refused()
    {
        using var client = SignedIn(IdToken(_ => { }, "Governance.Scan"));

        using var response = await client.GetAsync("/api/report");

        Assert.Equal("not-authorized", await response.Problem(HttpStatusCode.Forbidden));
    }

    [Theory]
    [InlineData("Bearer x")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    public async Task AU_5_beside_an_Authorization_header_the_sign_in_counts_for_nothing(string header)
    {
        using var client = SignedIn(IdToken());
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        using var response = await client.GetAsync("/api/report");

        Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("2.0")]
    public async Task A_sign_in_through_either_endpoint_opens_the_report(string version)
    {
        using var client = SignedIn(_authority.Entra.IdToken(version == "1.0" ? TokenVersion.V1 : TokenVersion.V2, Tenant, EntraAuthority.UsualPerson, ["Governance.Read"]));

        using var report = await client.GetAsync("/api/report");

        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
    }

    [Fact]
    public async Task While_the_authority_cannot_be_reached_a_token_is_neither_accepted_nor_refused()
    {
        var authority = await Authority.StartAsync();
        var tenant = await ScannableTenant.StartAsync();
        var token = authority.Token(tenant.Id, "Governance.Read");
        await using var server = await RunningServer.StartAsync(tenant, authority.Options(tenant.Id));
        await authority.DisposeAsync();
        using var client = server.Client(token);

        using var response = await client.GetAsync("/api/apps");

        Assert.Equal("unavailable", await response.Problem(HttpStatusCode.ServiceUnavailable));
        Assert.NotNull(response.Headers.RetryAfter);
        await tenant.DisposeAsync();
    }

    [Fact]
    public async Task Guessing_tokens_is_slowed_down_and_sound_tokens_are_not()
    {
        await using var server = await RunningServer.StartAsync(limits: new() { RefusalsPerMinute = 5 });
        using var stranger = server.Client("gov_guess");
        var codes = new List<HttpStatusCode>();
        for (var n = 0; n < 8; n++)
        {
            codes.Add((await stranger.GetAsync("/api/queue")).StatusCode);
        }

        using var known = server.Client();
        Assert.Equal(5, codes.Count(code => code == HttpStatusCode.Unauthorized));
        Assert.Equal(3, codes.Count(code => code == HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.OK, (await known.GetAsync("/api/queue")).StatusCode);
    }

    [Fact]
    public async Task AU_7_no_token_stands_in_a_log_an_answer_or_the_store()
    {
        var secret = _authority.Token(Tenant, "Governance.Read");
        using var client = _server.Client(secret);
        var answers = new StringBuilder();
        foreach (var path in Everything.Append("/api/apps?canary-parameter=" + _server.Token))
        {
            using var response = await client.GetAsync(path);
            answers.Append(response.Headers).Append(await response.Content.ReadAsStringAsync());
        }

        var bytes = await ReadSharedAsync(_server.Database) + await ReadSharedAsync(_server.Database + "-wal");
        foreach (var canary in new[] { secret, secret.Split('.')[2], _server.Token, "canary-graph-token" })
        {
            Assert.DoesNotContain(canary, answers.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(_server.Log.Lines, line => line.Contains(canary, StringComparison.Ordinal));
            Assert.DoesNotContain(canary, bytes, StringComparison.Ordinal);
        }
    }

    private static async Task<string> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    /// <summary>What a sign-in to the application gives: its audience is the application itself.</summary>
    private string IdToken(Action<SecurityTokenDescriptor>? change = null, params string[] roles) => _authority.Entra.IdToken(
        TokenVersion.V2, Tenant, EntraAuthority.UsualPerson, roles.Length == 0 ? ["Governance.Read"] : roles, change);

    private HttpClient SignedIn(string idToken)
    {
        var client = _server.Stranger();
        client.DefaultRequestHeaders.TryAddWithoutValidation(PlatformSignIn.Header, idToken);
        return client;
    }

    private Task Refused(Action<SecurityTokenDescriptor> change) => Refused(_authority.Token(Tenant, change, "Governance.Read"));

    private async Task Refused(string token)
    {
        using var client = _server.Stranger();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.GetAsync("/api/apps");
        Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
    }
}
