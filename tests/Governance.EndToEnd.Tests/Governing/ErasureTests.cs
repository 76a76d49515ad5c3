using System.Net;
using System.Text;
using System.Text.Json;
using Governance.Api.Http;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.EndToEnd.Tests.Api;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Faults;
using Governance.Simulator.Brightwave;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>AP-5: after an erasure no byte of the data folder tells of the person, whatever the person did before.</summary>
public sealed class ErasureTests
{
    [Fact]
    public async Task AP_5_no_byte_of_the_data_folder_tells_of_an_erased_user_and_the_ledger_still_verifies()
    {
        await using var authority = await Authority.StartAsync();
        await using var tenant = await ScannableTenant.StartAsync(MarketingOrganisation.Create(20260105, 9));
        await using var server = await RunningServer.StartAsync(tenant, authority.Options(tenant.Id), new ApiOptions { ChangesPerMinute = 1000 });
        await server.ScanAsync();
        var app = (await server.Scans.StateAsync(tenant.Id, default))!.Apps.First(known => known.App.Grants is >= 2 and <= 40 && !known.App.Reach.TenantWide && known.App.Principal.AppId is not null && known.AiInUse);
        var user = tenant.Simulator.Tenant.Grants.First(grant => grant.ClientId == app.Id && grant.PrincipalId is not null).PrincipalId!.Value;
        using var person = Caller(server, authority, user);
        using var other = Caller(server, authority, Guid.Parse("0c0c0c0c-1111-4222-8333-000000000001"));
        await ActAsync(server, tenant, person, other, app.Id, user);
        var folder = Path.GetDirectoryName(server.Database)!;
        var places = await Traces.OfAsync(folder, tenant.Id, user, served: true);
        Assert.Superset(new HashSet<string> { "files", "checkpoints", "idempotency_keys", "scan_runs", "learned_apps", "persons", "ledger_parts", "chunks", "inventory" }, places);

        using var preview = await other.GetAsync($"/api/subjects/{user}");
        await ContractTests.Conforms(await other.GetJson("/api/openapi.json"), "previewErasure", preview, HttpStatusCode.OK);
        using var erased = await Erased.OverHttp(other, user.ToString());

        Assert.Equal(HttpStatusCode.OK, erased.StatusCode);
        await ContractTests.Conforms(await other.GetJson("/api/openapi.json"), "eraseSubject", erased, HttpStatusCode.OK);
        Assert.Empty(await Traces.OfAsync(folder, tenant.Id, user, served: true));
        Assert.True((await other.GetJson("/api/audit")).GetProperty("sound").GetBoolean());
        Assert.DoesNotContain((await other.GetJson("/api/scans")).GetRawText(), user.ToString(), StringComparison.OrdinalIgnoreCase);
        using var again = await other.GetAsync($"/api/subjects/{user}");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        await server.StopAsync();
        Assert.Empty(await Traces.OfAsync(folder, tenant.Id, user));
    }

    [Fact]
    public async Task AP_5_a_name_is_gone_too_and_figures_are_recomputed_as_they_were()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        await Run.Of("apps", "confirm", app.Id.ToString(), "--verdict", "notAi", "--reason", "Xaver Quendel looked", "--as", "Xaver Quendel", "--data", tenant.Data);
        await Run.Of("request", app.Id.ToString(), "--purpose", "for Xaver Quendel's campaign", "--owner", "Xaver Quendel", "--as", "Ana", "--data", tenant.Data);
        Assert.True(Traces.Holds(tenant.Data, "Xaver Quendel"));
        Assert.Equal(0, (await tenant.ScanAsync()).Code);

        var run = await Erased.ByCommand(tenant.Data, "Xaver Quendel");

        Assert.True(run.Code == 0, run.Notes);
        Assert.False(Traces.Holds(tenant.Data, "Xaver"));
        Assert.Equal(0, (await Run.Of("audit", "verify", "--data", tenant.Data)).Code);
        var recomputed = await Run.Of("kpis", "recompute", "--data", tenant.Data);
        Assert.True(recomputed.Code == 0, recomputed.Output + recomputed.Notes);
        Assert.Equal(0, (await tenant.ScanAsync()).Code);
    }

    [Fact]
    public async Task AP_6_who_asked_for_a_scan_is_kept_as_long_as_texts_of_decisions()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        var stores = server.Services.GetRequiredService<DecisionStores>();
        var person = await stores.Persons.ActingAsync(server.Tenant.Id, "Dora", default);
        var later = new SetTime(TimeProvider.System.GetUtcNow().AddDays(40));
        var retention = new ApplyRetention(stores.Ledger, stores.Persons, stores.Records, later);

        Assert.Equal(0, (await retention.RunAsync(server.Tenant.Id, new RetentionPeriods(null, null, null, 60), person, dryRun: false, default)).Runs);
        Assert.Equal(1, (await retention.RunAsync(server.Tenant.Id, new RetentionPeriods(null, null, null, 30), person, dryRun: true, default)).Runs);
        Assert.Single(await server.Runs.RecentAsync(server.Tenant.Id, 10, default));
        Assert.Equal(1, (await retention.RunAsync(server.Tenant.Id, new RetentionPeriods(null, null, null, 30), person, dryRun: false, default)).Runs);

        Assert.Empty(await server.Runs.RecentAsync(server.Tenant.Id, 10, default));
        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
        using var client = server.Client();
        Assert.True((await client.GetJson("/api/audit")).GetProperty("sound").GetBoolean());
        Assert.Equal("complete", (await server.ScanAsync()).GetProperty("status").GetString());
    }

    /// <summary>Leaves a trace of the user in every place that can hold one.</summary>
    private static async Task ActAsync(RunningServer server, ScannableTenant tenant, HttpClient person, HttpClient other, Guid app, Guid user)
    {
        // The scan that the user asked for is joined by another, whose kept answer names the user.
        tenant.CloseGate();
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(person, "/api/scans", null));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(other, "/api/scans", null));
        tenant.OpenGate();
        await RunningServer.Until(async () => (await server.Queue.CountAsync(default)) is { Pending: 0, Leased: 0 });

        Assert.Equal(HttpStatusCode.Created, await PostAsync(person, "/api/requests", $$"""{"app":"{{app}}","purpose":"texts"}"""));
        var finding = (await person.GetJson("/api/findings")).GetProperty("findings")[0].GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.OK, await PostAsync(person, $"/api/findings/{finding}/mute", $$"""{"reason":"mine","until":"{{DateTime.UtcNow.AddDays(9):yyyy-MM-dd}}"}"""));
        Assert.Equal(HttpStatusCode.Created, await PostAsync(other, "/api/revocations", $$"""{"app":"{{app}}","reason":"asked by {{user}}"}"""));
        await server.Services.GetRequiredService<ILearnedApps>().ConfirmAsync(
            tenant.Id, new Confirmation(new LearnedApp(Guid.NewGuid(), AiVerdict.NotAi, null), user.ToString(), $"says {user:N}", DateTimeOffset.UnixEpoch), default);
        await server.Services.GetRequiredService<IScanCheckpoints>().KeepAsync(
            new ScanCheckpoint("unfinished", tenant.Id, DateTimeOffset.UnixEpoch, InventoryPart.Users, 0, Encoding.UTF8.GetBytes($"[{user}]")), default);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string path, string? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : ApiClient.Json(body) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static HttpClient Caller(RunningServer server, Authority authority, Guid id)
    {
        string[] roles = ["Governance.Read", "Governance.Scan", "Governance.Decide", "Governance.Revoke", "Governance.Admin"];
        return server.Client(authority.TokenOf(id, server.Tenant.Id, roles));
    }
}
