using System.Net;
using System.Text.Json;
using Governance.Core.Findings;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;
using Governance.Simulator.Tenants;
using static Governance.EndToEnd.Tests.Api.RevokingServer;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Revocation over the API by proven callers (RV-1 to RV-8, AU-6, CF-8): no call to change the tenant without a live sign-off for exactly this.</summary>
public sealed class RevocationOverHttpTests(RevokingServer server) : IClassFixture<RevokingServer>
{
    private const string Execute = """{"execute":true}""";

    [Fact]
    public async Task RV_1_without_a_sign_off_or_for_an_unknown_order_or_another_tenant_no_write_leaves_the_process()
    {
        var order = await server.OrderAsync(server.App());
        using var operatorClient = server.Revoker(9);

        Assert.Equal("act-refused", await Refused(operatorClient, $"{Path(order)}/execution", Execute, HttpStatusCode.Conflict));
        Assert.Equal("act-refused", await Refused(operatorClient, $"{Path(order)}/undo", Execute, HttpStatusCode.Conflict));
        Assert.Equal("not-found", await Refused(operatorClient, "/api/revocations/V999/execution", Execute, HttpStatusCode.NotFound));
        Assert.Equal("not-found", await Refused(operatorClient, "/api/revocations/V999/approval", $$"""{"fingerprint":"{{new string('0', 64)}}"}""", HttpStatusCode.NotFound));
        Assert.Equal("not-found", await Refused(operatorClient, $"{Path(order)}/execution?tenant={ScannedServer.Foreign}", Execute, HttpStatusCode.NotFound));

        Assert.Empty(server.Writes);
    }

    [Fact]
    public async Task RV_1_a_sign_off_for_another_plan_is_refused()
    {
        var order = await server.OrderAsync(server.App());
        using var approver = server.Revoker(2);

        Assert.Equal("act-refused", await Refused(approver, $"{Path(order)}/approval", $$"""{"fingerprint":"{{new string('0', 64)}}"}""", HttpStatusCode.Conflict));
        Assert.Equal("planned", (await approver.GetJson(Path(order))).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"execute":false}""")]
    public async Task RV_2_unless_the_body_says_execute_it_is_a_dry_run_with_the_whole_plan_and_no_write(string body)
    {
        var app = server.App();
        var order = await server.OrderAsync(app, 2);
        using var operatorClient = server.Revoker(9);

        var report = await Sent(operatorClient, $"{Path(order)}/execution", body, HttpStatusCode.OK);

        Assert.True(report.GetProperty("dryRun").GetBoolean());
        Assert.Equal("signedOff", report.GetProperty("state").GetString());
        Assert.Equal(app.App.Grants, report.GetProperty("consents").GetArrayLength());
        Assert.All(report.GetProperty("consents").EnumerateArray(), consent => Assert.Equal("wouldRevoke", consent.GetProperty("state").GetString()));
        Assert.Empty(server.Writes);
        await Sent(operatorClient, $"{Path(order)}/approval", $$"""{"fingerprint":"{{order.GetProperty("fingerprint").GetString()}}","decision":"decline"}""", HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"execute":"true"}""")]
    [InlineData("""{"execute":1}""")]
    [InlineData("""{"execute":true,"force":true}""")]
    public async Task RV_2_a_body_that_says_something_else_changes_nothing(string body)
    {
        using var operatorClient = server.Revoker(9);
        server.Graph.Requests.Clear();

        await Refused(operatorClient, "/api/revocations/V1/execution", body, HttpStatusCode.BadRequest);

        Assert.Empty(server.Writes);
    }

    [Fact]
    public async Task RV_3_and_AU_6_who_planned_it_cannot_agree_and_a_reader_or_decider_cannot_either()
    {
        var order = await server.OrderAsync(server.App());
        var body = $$"""{"fingerprint":"{{order.GetProperty("fingerprint").GetString()}}"}""";
        using var planner = server.Revoker(1);
        using var reader = server.Person(3, "Governance.Read", "Governance.Decide", "Governance.Admin", "Governance.Scan");

        Assert.Equal("not-this-person", await Refused(planner, $"{Path(order)}/approval", body, HttpStatusCode.Forbidden));
        Assert.Equal("not-authorized", await Refused(reader, $"{Path(order)}/approval", body, HttpStatusCode.Forbidden));
        Assert.Equal("not-authorized", await Refused(reader, $"{Path(order)}/execution", Execute, HttpStatusCode.Forbidden));
        Assert.Equal("not-authorized", await Refused(reader, $"{Path(order)}/undo", Execute, HttpStatusCode.Forbidden));
        Assert.Equal("act-refused", await Refused(planner, $"{Path(order)}/execution", Execute, HttpStatusCode.Conflict));

        Assert.Empty(server.Writes);
    }

    [Fact]
    public async Task RV_4_what_changed_since_the_plan_voids_the_order()
    {
        var app = server.App();
        var order = await server.OrderAsync(app, 2);
        var grant = GrantsOf(app)[0];
        server.Graph.Tenant.Change(change => change.Put(grant with { Scope = grant.Scope + " Mail.ReadWrite" }));
        using var operatorClient = server.Revoker(9);

        Assert.Equal("act-refused", await Refused(operatorClient, $"{Path(order)}/execution", Execute, HttpStatusCode.Conflict));

        Assert.Empty(server.Writes);
        Assert.Equal("voided", (await operatorClient.GetJson(Path(order))).GetProperty("state").GetString());
    }

    [Fact]
    public async Task RV_5_what_is_gone_already_is_said_to_be_gone()
    {
        var app = server.App();
        var order = await server.OrderAsync(app, 2);
        server.Graph.Tenant.Change(change => change.Remove(GrantsOf(app)[0]));
        using var operatorClient = server.Revoker(9);

        var report = await Sent(operatorClient, $"{Path(order)}/execution", Execute, HttpStatusCode.OK);

        var states = report.GetProperty("consents").EnumerateArray().Select(consent => consent.GetProperty("state").GetString()).ToArray();
        Assert.Equal((1, app.App.Grants - 1), (states.Count(state => state == "alreadyGone"), states.Count(state => state == "revoked")));
        Assert.Empty(GrantsOf(app));
    }

    [Fact]
    public async Task RV_6_an_undo_gives_back_the_same_scopes_principals_and_resources()
    {
        var app = server.App();
        var before = GrantsOf(app);
        var order = await server.OrderAsync(app, 2);
        using var operatorClient = server.Revoker(9);
        var asked = server.Token.Asked;

        var done = await Sent(operatorClient, $"{Path(order)}/execution", Execute, HttpStatusCode.OK);
        Assert.Equal("executed", done.GetProperty("state").GetString());
        Assert.Empty(GrantsOf(app));
        Assert.True(server.Token.Asked > asked);
        Assert.True((await Sent(operatorClient, $"{Path(order)}/undo", "{}", HttpStatusCode.OK)).GetProperty("dryRun").GetBoolean());
        Assert.Empty(GrantsOf(app));
        await Sent(operatorClient, $"{Path(order)}/undo", Execute, HttpStatusCode.OK);

        Assert.Equal(before, GrantsOf(app));
        var shown = await operatorClient.GetJson(Path(order));
        Assert.Equal(before.Length, shown.GetProperty("restored").GetInt32());
        Assert.All(shown.GetProperty("consents").EnumerateArray(), consent => Assert.StartsWith("p-", consent.GetProperty("user").GetString(), StringComparison.Ordinal));
        Assert.DoesNotContain(before, grant => shown.GetRawText().Contains(grant.PrincipalId.ToString()!, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task RV_6_the_same_idempotency_key_takes_away_once_and_answers_the_same()
    {
        var app = server.App();
        var order = await server.OrderAsync(app, 2);
        using var operatorClient = server.Revoker(9);
        operatorClient.DefaultRequestHeaders.Add("Idempotency-Key", "take-away-once");

        var first = await Sent(operatorClient, $"{Path(order)}/execution", Execute, HttpStatusCode.OK);
        var writes = server.Writes.Count;
        var again = await Sent(operatorClient, $"{Path(order)}/execution", Execute, HttpStatusCode.OK);

        Assert.Equal(app.App.Grants, writes);
        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(writes, server.Writes.Count);
        Assert.Equal("idempotency-key-reused", await Refused(operatorClient, $"{Path(order)}/undo", Execute, HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task RV_7_an_order_beyond_the_limits_is_refused_as_a_whole()
    {
        var everyone = (await server.Server.Scans.StateAsync(server.Server.Tenant.Id, default))!.Apps.MaxBy(app => app.App.Reach.Users)!;
        Assert.True(everyone.App.Reach.Users > Core.Policy.GovernancePolicy.BuiltIn.Revocation.MostUsers);
        using var planner = server.Revoker(1);
        server.Graph.Requests.Clear();

        Assert.Equal("act-refused", await Refused(planner, "/api/revocations", $$"""{"app":"{{everyone.Id}}","reason":"too wide"}""", HttpStatusCode.Conflict));

        Assert.Empty(server.Graph.Requests.Entries);
    }

    [Fact]
    public async Task RV_8_when_Graph_refuses_the_order_stays_signed_off_and_the_security_log_has_it()
    {
        var app = server.App();
        var order = await server.OrderAsync(app, 2);
        server.Graph.Faults.Add("403@oauth2PermissionGrants/*");
        using var operatorClient = server.Revoker(9);

        Assert.Equal("writer-refused", await Refused(operatorClient, $"{Path(order)}/execution", Execute, HttpStatusCode.BadGateway));

        var shown = await operatorClient.GetJson(Path(order));
        Assert.Equal("signedOff", shown.GetProperty("state").GetString());
        Assert.Contains("DelegatedPermissionGrant.ReadWrite.All", shown.GetProperty("stopped").GetString(), StringComparison.Ordinal);
        Assert.Contains(server.Server.Log.Lines, line => line.StartsWith("524 Security", StringComparison.Ordinal) && line.Contains(order.GetProperty("id").GetString()!, StringComparison.Ordinal));
        Assert.Equal(app.App.Grants, GrantsOf(app).Length);

        // With the right given, the same order is carried out.
        Assert.Equal("executed", (await Sent(operatorClient, $"{Path(order)}/execution", Execute, HttpStatusCode.OK)).GetProperty("state").GetString());
        Assert.Empty(GrantsOf(app));
    }

    [Fact]
    public async Task CC_2_two_that_carry_out_one_order_at_once_take_away_each_consent_once()
    {
        var app = server.App();
        var before = GrantsOf(app);
        var order = await server.OrderAsync(app, 2);

        var answers = await Task.WhenAll(Enumerable.Range(20, 4).Select(async number =>
        {
            using var client = server.Revoker(number);
            using var response = await client.PostAsync($"{Path(order)}/execution", ApiClient.Json(Execute));
            return response.StatusCode;
        }));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict], answers.Order());
        Assert.Empty(GrantsOf(app));
        Assert.Equal(before.Length, server.Writes.Count);
        var ledger = await server.RecordAsync();
        var record = ledger.Order(order.GetProperty("id").GetString()!);
        Assert.Equal(before.Length, ledger.Entries.Count(entry => entry.Entry.Subject == record.Id && entry.Entry.Kind == LedgerKinds.RevocationDone));
        Assert.Equal(OrderState.Executed, record.State);
        Assert.All(record.Done.Values, outcome => Assert.Equal("revoked", outcome));
        using var operatorClient = server.Revoker(9);
        await Sent(operatorClient, $"{Path(order)}/undo", Execute, HttpStatusCode.OK);
        Assert.Equal(before, GrantsOf(app));
    }

    [Fact]
    public async Task An_application_permission_is_told_by_name_beside_its_id()
    {
        var app = (await server.Server.Scans.StateAsync(server.Server.Tenant.Id, default))!.Apps.First(known => known.App.AppRoles > 0 && known.App.Grants < 50 && !known.App.Reach.TenantWide);
        var order = await server.OrderAsync(app);
        using var reader = server.Revoker(1);

        var consents = (await reader.GetJson(Path(order))).GetProperty("consents").EnumerateArray().ToArray();

        var names = server.Graph.Tenant.ServicePrincipals.SelectMany(principal => principal.AppRoles).ToLookup(role => role.Id.ToString(), role => role.Value);
        var roles = consents.Where(consent => consent.GetProperty("kind").GetString() == "application").ToArray();
        Assert.Equal(app.App.AppRoles, roles.Length);
        Assert.All(roles, role => Assert.Contains(role.GetProperty("roleName").GetString(), names[role.GetProperty("permission").GetString()!]));
        Assert.All(consents.Except(roles), grant => Assert.Equal(JsonValueKind.Null, grant.GetProperty("roleName").ValueKind));
    }

    [Fact]
    public async Task CF_8_a_server_without_a_writer_plans_but_carries_nothing_out()
    {
        await using var plain = await RunningServer.StartAsync();
        await plain.ScanAsync();
        using var client = plain.Client();
        var app = (await plain.Scans.StateAsync(plain.Tenant.Id, default))!.Apps.First(known => known.App.Grants is >= 2 and <= 40 && !known.App.Reach.TenantWide);
        var order = await Sent(client, "/api/revocations", $$"""{"app":"{{app.Id}}","reason":"records clients"}""", HttpStatusCode.Created);
        plain.Tenant.Simulator.Requests.Clear();

        foreach (var act in new[] { "execution", "undo" })
        {
            foreach (var body in new[] { Execute, "{}" })
            {
                Assert.Equal("writing-off", await Refused(client, $"{Path(order)}/{act}", body, HttpStatusCode.Conflict));
            }
        }

        Assert.Empty(plain.Tenant.Simulator.Requests.Entries);
    }

    [Fact]
    public async Task Answers_have_the_form_that_the_contract_gives_them()
    {
        var app = server.App();
        using var client = server.Revoker(1);
        using var approver = server.Revoker(2);
        var contract = await client.GetJson("/api/openapi.json");
        using var planned = await client.PostAsync("/api/revocations", ApiClient.Json($$"""{"app":"{{app.Id}}","reason":"records clients"}"""));
        await ContractTests.Conforms(contract, "planRevocation", planned, HttpStatusCode.Created);
        var order = (await client.GetJson("/api/revocations")).GetProperty("revocations").EnumerateArray().First(known => known.GetProperty("servicePrincipalId").GetGuid() == app.Id);
        using var listed = await client.GetAsync("/api/revocations");
        await ContractTests.Conforms(contract, "listRevocations", listed, HttpStatusCode.OK);
        using var refused = await client.PostAsync($"{Path(order)}/execution", ApiClient.Json(Execute));
        await ContractTests.Conforms(contract, "executeRevocation", refused, HttpStatusCode.Conflict);
        using var approved = await approver.PostAsync($"{Path(order)}/approval", ApiClient.Json($$"""{"fingerprint":"{{order.GetProperty("fingerprint").GetString()}}"}"""));
        await ContractTests.Conforms(contract, "approveRevocation", approved, HttpStatusCode.OK);
        foreach (var (operation, path, body) in new[]
        {
            ("executeRevocation", "execution", "{}"), ("executeRevocation", "execution", Execute), ("undoRevocation", "undo", "{}"), ("undoRevocation", "undo", Execute),
        })
        {
            using var done = await client.PostAsync($"{Path(order)}/{path}", ApiClient.Json(body));
            await ContractTests.Conforms(contract, operation, done, HttpStatusCode.OK);
        }

        using var shown = await client.GetAsync(Path(order));
        await ContractTests.Conforms(contract, "getRevocation", shown, HttpStatusCode.OK);
        using var unknown = await client.GetAsync("/api/revocations/V0");
        await ContractTests.Conforms(contract, "getRevocation", unknown, HttpStatusCode.NotFound);
    }

    private SimulatedGrant[] GrantsOf(AssessedApp app) =>
        [.. server.Graph.Tenant.Grants.Where(grant => grant.ClientId == app.Id).OrderBy(grant => grant.Id, StringComparer.Ordinal)];
}
