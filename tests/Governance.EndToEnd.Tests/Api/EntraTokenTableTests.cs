using System.Net;
using System.Security.Cryptography;
using Governance.Api.Http;
using Governance.EndToEnd.Tests.Layout;
using Governance.StandIns.Entra;
using Microsoft.IdentityModel.Tokens;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Which tokens may read and which may act, shape by shape; <c>docs/api.md</c> has the same table.</summary>
public sealed class EntraTokenTableTests(ScannedServer fixture) : IClassFixture<ScannedServer>
{
    private static readonly string[] Roles = ["Governance.Read", "Governance.Scan", "Governance.Decide", "Governance.Revoke", "Governance.Admin"];
    private static readonly string OtherTenant = "99999999-1111-4222-8333-444444444444";

    /// <summary>Its client id, and its application ID URI.</summary>
    private static readonly string OtherApp = "0dd0dd0d-1111-4222-8333-444444444444";

    /// <summary>A token, the kind of caller it makes, and why.</summary>
    private static readonly Dictionary<string, (Func<ScannedServer, string> Token, Standing Standing)> Table = new()
    {
        ["v1, user, audience is the application ID URI"] = (For.User(TokenVersion.V1), Standing.Acts),
        ["v1, user, audience is the client id"] = (For.User(TokenVersion.V1, token => token.Audience = EntraAuthority.ClientId.ToString()), Standing.Acts),
        ["v2, user, audience is the client id"] = (For.User(TokenVersion.V2), Standing.Acts),
        ["v2, user, idtyp user"] = (For.User(TokenVersion.V2, token => token.Claims["idtyp"] = "user"), Standing.Acts),
        ["v2, guest from another tenant"] = (For.User(TokenVersion.V2, token => token.Claims["idp"] = $"https://sts.windows.net/{OtherTenant}/"), Standing.Acts),
        ["v2, user, oid in upper case"] = (For.User(TokenVersion.V2, token => token.Claims["oid"] = EntraAuthority.UsualPerson.ToString().ToUpperInvariant()), Standing.Acts),
        ["v2, user, lives 28 hours"] = (For.User(TokenVersion.V2, token => token.Expires = token.NotBefore!.Value.AddHours(28)), Standing.Acts),

        ["v1, application, audience is the application ID URI"] = (For.App(TokenVersion.V1), Standing.ReadsAndScans),
        ["v1, application, audience is the client id"] = (For.App(TokenVersion.V1, token => token.Audience = EntraAuthority.ClientId.ToString()), Standing.ReadsAndScans),
        ["v2, application by the absence of scp and idtyp"] = (For.App(TokenVersion.V2), Standing.ReadsAndScans),
        ["v2, application with idtyp app"] = (For.App(TokenVersion.V2, token => token.Claims["idtyp"] = "app"), Standing.ReadsAndScans),
        ["v2, idtyp app beside scp"] = (For.User(TokenVersion.V2, token => token.Claims["idtyp"] = "app"), Standing.ReadsAndScans),
        ["v2, idtyp device beside scp"] = (For.User(TokenVersion.V2, token => token.Claims["idtyp"] = "device"), Standing.ReadsAndScans),
        ["v2, no scp although idtyp is user"] = (For.User(TokenVersion.V2, token => Without(token, "scp").Claims["idtyp"] = "user"), Standing.ReadsAndScans),
        ["v2, scp of an agent without a user"] = (For.App(TokenVersion.V2, token => (token.Claims["scp"], token.Claims["xms_act_fct"]) = ("/", "3 9 11")), Standing.ReadsAndScans),
        ["v2, agent on behalf of a user"] = (For.User(TokenVersion.V2, token => (token.Claims["idtyp"], token.Claims["xms_act_fct"]) = ("user", "9 11 3")), Standing.ReadsAndScans),
        ["v2, user account of an agent"] = (For.User(TokenVersion.V2, token => (token.Claims["idtyp"], token.Claims["xms_sub_fct"]) = ("user", "13")), Standing.ReadsAndScans),

        ["v1, user without oid"] = (For.User(TokenVersion.V1, token => Without(token, "oid")), Standing.Reads),
        ["v2, user without oid"] = (For.User(TokenVersion.V2, token => Without(token, "oid")), Standing.Reads),
        ["v2, user, oid is no GUID"] = (For.User(TokenVersion.V2, token => token.Claims["oid"] = "someone@example.com"), Standing.Reads),
        ["v2, user, oid is the empty GUID"] = (For.User(TokenVersion.V2, token => token.Claims["oid"] = Guid.Empty.ToString()), Standing.Reads),

        ["v2, user without roles"] = (For.User(TokenVersion.V2, token => Without(token, "roles")), Standing.NoRole),
        ["v1, application without roles"] = (For.App(TokenVersion.V1, token => Without(token, "roles")), Standing.NoRole),

        ["v1, audience is the URI of another app"] = (For.User(TokenVersion.V1, token => token.Audience = $"api://{OtherApp}"), Standing.Refused),
        ["v1, audience is Graph"] = (For.User(TokenVersion.V1, token => token.Audience = "https://graph.microsoft.com"), Standing.Refused),
        ["v2, audience is another app"] = (For.User(TokenVersion.V2, token => token.Audience = OtherApp), Standing.Refused),
        ["v2, audience is the application ID URI"] = (For.User(TokenVersion.V2, token => token.Audience = EntraAuthority.ApplicationIdUri), Standing.Refused),
        ["v2, application for another app"] = (For.App(TokenVersion.V2, token => token.Audience = OtherApp), Standing.Refused),
        ["v1, of another tenant"] = (fixture => fixture.Authority.Entra.Delegated(TokenVersion.V1, Guid.Parse(OtherTenant), EntraAuthority.UsualPerson, Roles), Standing.Refused),
        ["v2, of another tenant"] = (fixture => fixture.Authority.Entra.Delegated(TokenVersion.V2, Guid.Parse(OtherTenant), EntraAuthority.UsualPerson, Roles), Standing.Refused),
        ["v1, tid of our tenant, issuer of another"] = (For.User(TokenVersion.V1, token => token.Issuer = Elsewhere(token.Issuer)), Standing.Refused),
        ["v2, tid of our tenant, issuer of another"] = (For.User(TokenVersion.V2, token => token.Issuer = Elsewhere(token.Issuer)), Standing.Refused),
        ["v1, issuer of another cloud"] = (For.User(TokenVersion.V1, token => token.Issuer = $"https://sts.chinacloudapi.cn/{token.Claims["tid"]}/"), Standing.Refused),
        ["v2, issuer of another cloud"] = (For.User(TokenVersion.V2, token => token.Issuer = $"https://login.microsoftonline.us/{token.Claims["tid"]}/v2.0"), Standing.Refused),
        ["v1 issuer with ver 2.0"] = (For.User(TokenVersion.V1, token => token.Claims["ver"] = "2.0"), Standing.Refused),
        ["v2 issuer with ver 1.0"] = (For.User(TokenVersion.V2, token => token.Claims["ver"] = "1.0"), Standing.Refused),
        ["v2 without ver"] = (For.User(TokenVersion.V2, token => Without(token, "ver")), Standing.Refused),
        ["v2 with the client claim of v1"] = (For.User(TokenVersion.V2, token => Without(token, "azp").Claims["appid"] = EntraAuthority.Client.ToString()), Standing.Refused),
        ["v1 ID token as bearer"] = (For.Id(TokenVersion.V1), Standing.Refused),
        ["v2 ID token as bearer"] = (For.Id(TokenVersion.V2), Standing.Refused),
        ["expired"] = (For.User(TokenVersion.V2, token => (token.NotBefore, token.Expires) = (DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddMinutes(-5))), Standing.Refused),
        ["not valid yet"] = (For.User(TokenVersion.V2, token => token.NotBefore = DateTime.UtcNow.AddMinutes(30)), Standing.Refused),
        ["lives longer than any token of Entra"] = (For.User(TokenVersion.V2, token => token.Expires = token.NotBefore!.Value.AddHours(29)), Standing.Refused),
        ["alg none"] = (For.User(TokenVersion.V2, token => token.SigningCredentials = null), Standing.Refused),
        ["alg HS256 with the public key as secret"] = (fixture => For.User(TokenVersion.V2, token => token.SigningCredentials = new SigningCredentials(
            new SymmetricSecurityKey(fixture.Authority.PublicKey) { KeyId = EntraAuthority.KeyId }, SecurityAlgorithms.HmacSha256))(fixture), Standing.Refused),
        ["alg RS512 with the right key"] = (fixture => For.User(TokenVersion.V2, token => token.SigningCredentials = new SigningCredentials(
            new RsaSecurityKey(fixture.Authority.Key) { KeyId = EntraAuthority.KeyId }, SecurityAlgorithms.RsaSha512))(fixture), Standing.Refused),
        ["unknown kid"] = (fixture => For.User(TokenVersion.V2, token => token.SigningCredentials = new SigningCredentials(
            new RsaSecurityKey(fixture.Authority.Key) { KeyId = "unknown" }, SecurityAlgorithms.RsaSha256))(fixture), Standing.Refused),
        ["known kid, another key"] = (fixture => For.User(TokenVersion.V2, token => token.SigningCredentials = new SigningCredentials(
            new RsaSecurityKey(RSA.Create(2048)) { KeyId = EntraAuthority.KeyId }, SecurityAlgorithms.RsaSha256))(fixture), Standing.Refused),
    };

    private enum Standing
    {
        Acts,
        ReadsAndScans,
        Reads,
        NoRole,
        Refused,
    }

    public static TheoryData<string> Shapes => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_token_may_do_what_its_shape_proves_and_no_more(string shape)
    {
        var (token, standing) = Table[shape];
        using var client = fixture.Server.Client(token(fixture));
        using var read = await client.GetAsync("/api/apps");
        using var scan = await client.PostAsync("/api/scans", ApiClient.Json("""{"mode":"none"}"""));
        using var act = await client.PostAsync("/api/decisions", ApiClient.Json("{}"));

        // An act or a scan that is let in is refused for its body, so nothing is changed.
        Assert.Equal(
            standing switch
            {
                Standing.Acts => ("", "invalid-mode", "missing-field"),
                Standing.ReadsAndScans => ("", "invalid-mode", "person-needed"),
                Standing.Reads => ("", "person-needed", "person-needed"),
                Standing.NoRole => ("not-authorized", "not-authorized", "not-authorized"),
                _ => ("not-authenticated", "not-authenticated", "not-authenticated"),
            },
            (await Code(read), await Code(scan), await Code(act)));
    }

    [Fact]
    public void The_docs_have_every_row_of_the_table()
    {
        var docs = File.ReadAllText(Path.Combine(Repository.Root, "docs", "api.md"));

        Assert.All(Table.Keys, shape => Assert.Contains($"| {shape} |", docs, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_act_of_a_program_is_refused_before_anything_is_looked_up()
    {
        foreach (var token in new[] { fixture.Authority.Entra.Application(TokenVersion.V1, Tenant, Roles), fixture.Authority.Entra.Application(TokenVersion.V2, Tenant, Roles, idtyp: true) })
        {
            using var program = fixture.Server.Client(token);
            foreach (var act in GovernanceApi.Endpoints.Where(endpoint => endpoint.Method != "GET" && endpoint.Name is not ("requestScan" or "cancelScan")))
            {
                // Neither the tenant, nor what the address names, nor the body exists.
                using var request = new HttpRequestMessage(new HttpMethod(act.Method), act.Pattern.Replace("{id}", "none", StringComparison.Ordinal) + $"?tenant={OtherTenant}")
                {
                    Content = ApiClient.Json("not JSON"),
                };
                using var response = await program.SendAsync(request);

                Assert.Equal("person-needed", await response.Problem(HttpStatusCode.Forbidden));
            }
        }
    }

    [Fact]
    public async Task One_human_is_one_person_through_every_client_version_and_spelling()
    {
        var entra = fixture.Authority.Entra;
        using var first = fixture.Server.Client(entra.Delegated(TokenVersion.V2, Tenant, EntraAuthority.UsualPerson, Roles));
        var app = (await first.GetJson("/api/apps?limit=200")).GetProperty("apps").EnumerateArray()
            .First(known => known.GetProperty("governance").GetProperty("state").GetString() == "unapproved").GetProperty("servicePrincipalId").GetString();
        var request = (await RevokingServer.Sent(first, "/api/requests", $$"""{"app":"{{app}}","purpose":"campaign texts"}""", HttpStatusCode.Created)).GetProperty("id").GetString();

        foreach (var token in new[]
        {
            entra.Delegated(TokenVersion.V1, Tenant, EntraAuthority.UsualPerson, Roles),
            entra.Delegated(TokenVersion.V2, Tenant, EntraAuthority.UsualPerson, Roles, changed => changed.Claims["oid"] = EntraAuthority.UsualPerson.ToString().ToUpperInvariant()),
            entra.Delegated(TokenVersion.V2, Tenant, EntraAuthority.UsualPerson, Roles, changed => (changed.Claims["sub"], changed.Claims["azp"]) = ("another", OtherApp)),
        })
        {
            using var again = fixture.Server.Client(token);
            Assert.Equal("not-this-person", await RevokingServer.Refused(again, $"/api/requests/{request}/sign-offs", """{"role":"security"}""", HttpStatusCode.Forbidden));
        }

        await RevokingServer.Sent(first, "/api/decisions", $$"""{"decision":"withdraw","request":"{{request}}","reason":"found another"}""", HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_configured_application_ID_URI_replaces_the_default_one()
    {
        await using var tenant = await ScannableTenant.StartAsync();
        var options = fixture.Authority.Options(tenant.Id);
        options.ApplicationIdUri = "api://contoso.example/governance";
        await using var server = await RunningServer.StartAsync(tenant, options);
        string Token(string audience) => fixture.Authority.Entra.Delegated(TokenVersion.V1, tenant.Id, EntraAuthority.UsualPerson, Roles, token => token.Audience = audience);
        async Task<HttpStatusCode> Read(string audience)
        {
            using var client = server.Client(Token(audience));
            return (await client.GetAsync("/api/queue")).StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Read("api://contoso.example/governance"));
        Assert.Equal(HttpStatusCode.OK, await Read(EntraAuthority.ClientId.ToString()));
        Assert.Equal(HttpStatusCode.Unauthorized, await Read(EntraAuthority.ApplicationIdUri));
    }

    private Guid Tenant => fixture.Server.Tenant.Id;

    private static string Elsewhere(string issuer)
    {
        var claimed = issuer.Split('/').Single(part => Guid.TryParse(part, out _));
        return issuer.Replace(claimed, OtherTenant, StringComparison.Ordinal);
    }

    private static SecurityTokenDescriptor Without(SecurityTokenDescriptor token, string claim)
    {
        Assert.True(token.Claims.Remove(claim));
        return token;
    }

    private static async Task<string> Code(HttpResponseMessage response) =>
        response.IsSuccessStatusCode ? "" : await response.Problem(response.StatusCode);

    private static class For
    {
        public static Func<ScannedServer, string> User(TokenVersion version, Action<SecurityTokenDescriptor>? change = null) =>
            fixture => fixture.Authority.Entra.Delegated(version, fixture.Server.Tenant.Id, EntraAuthority.UsualPerson, Roles, change);

        public static Func<ScannedServer, string> App(TokenVersion version, Action<SecurityTokenDescriptor>? change = null) =>
            fixture => fixture.Authority.Entra.Application(version, fixture.Server.Tenant.Id, Roles, change: change);

        public static Func<ScannedServer, string> Id(TokenVersion version) =>
            fixture => fixture.Authority.Entra.IdToken(version, fixture.Server.Tenant.Id, EntraAuthority.UsualPerson, Roles);
    }
}
