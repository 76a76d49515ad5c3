using System.Net;
using System.Text.Json;
using Governance.Azure.Tests.ServiceBus;
using Governance.Azure.Tests.Tables;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Functions.Tests.Host;

namespace Governance.Functions.Tests;

/// <summary>What people decide over the API of the built worker, and what the next scans make of it.</summary>
[Collection(ServiceBusPeer.Collection)]
public sealed class WorkerDecisionTests(ServiceBusPeer peer, Azurite azurite)
{
    private static readonly string[] AllRoles = ["Governance.Read", "Governance.Scan", "Governance.Decide", "Governance.Revoke", "Governance.Admin"];

    [Fact]
    public async Task AP_3_AP_5_A_denial_over_the_api_is_one_entry_the_next_scan_goes_by_it_and_a_person_can_be_erased()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();
        await ScanAsync(bench, worker, "NightlyAudit");
        var token = bench.Cloud.Token(bench.Tenant, AllRoles);
        var app = (await bench.Store.StateAsync(bench.Tenant, default))!.Apps.First(known => known.App.Principal.AppId is not null && known.Standing.State == GovernanceState.Unapproved);

        var denied = await SendAsync(worker, HttpMethod.Post, "/api/decisions", token, $$"""{"decision":"deny","app":"{{app.Id}}","reason":"no contract <b>"}""");
        var listed = await SendAsync(worker, HttpMethod.Get, "/api/decisions", token);
        var audit = await SendAsync(worker, HttpMethod.Get, "/api/audit", token);
        await ScanAsync(bench, worker, "IncrementalScan");
        var state = (await bench.Store.StateAsync(bench.Tenant, default))!;
        var inventory = (await bench.Store.InventoryAsync(bench.Tenant, state.LastScan.Id, default))!;
        var user = inventory.Grants.All().First(grant => grant.PrincipalId is not null).PrincipalId!.Value;
        var unseen = await worker.SendAsync(HttpMethod.Delete, $"/api/subjects/{user}", token);
        var preview = await worker.SendAsync(HttpMethod.Get, $"/api/subjects/{user}", token);
        var erased = await SendAsync(worker, HttpMethod.Delete, $"/api/subjects/{user}", token, ifMatch: preview.Headers.ETag!.ToString());
        var after = await SendAsync(worker, HttpMethod.Get, "/api/audit", token);

        Assert.Equal(1, denied.GetProperty("entry").GetInt64());
        Assert.Equal(app.App.Principal.AppId, Assert.Single(listed.GetProperty("decisions").EnumerateArray().ToArray()).GetProperty("appId").GetGuid());
        Assert.True(audit.GetProperty("sound").GetBoolean());
        Assert.Equal(GovernanceState.Denied, state.Apps.Single(known => known.Id == app.Id).Standing.State);
        Assert.Equal(1, state.LastScan.LedgerEntries);
        Assert.Equal((HttpStatusCode)428, unseen.StatusCode);
        Assert.Equal(2, erased.GetProperty("inventories").GetInt32());
        Assert.True(after.GetProperty("sound").GetBoolean());
        Assert.Equal(2, after.GetProperty("entries").GetInt64());
        Assert.DoesNotContain((await bench.Store.InventoryAsync(bench.Tenant, state.LastScan.Id, default))!.Grants.All(), grant => grant.PrincipalId == user);
        Assert.Matches($"Decision ledger of tenant {bench.Tenant}: head 2 [0-9a-f]{{64}}", worker.Log);
    }

    [Fact]
    public async Task An_incremental_scan_after_a_night_asks_for_changes_alone()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();
        await ScanAsync(bench, worker, "NightlyAudit");
        var full = bench.Graph.Requests.Entries.Count;
        bench.Graph.Requests.Clear();

        await ScanAsync(bench, worker, "IncrementalScan");

        var scans = await bench.Store.ScansAsync(bench.Tenant, 10, default);
        Assert.Equal([ScanMode.Incremental, ScanMode.Full], scans.Select(scan => scan.Mode));
        Assert.All(scans, scan => Assert.Equal(ScanStatus.Complete, scan.Status));
        Assert.True(bench.Graph.Requests.Entries.Count < full, $"{bench.Graph.Requests.Entries.Count} requests, {full} before");
        Assert.Contains(bench.Graph.Requests.Entries, request => request.PathAndQuery.Contains("deltatoken", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Every_operation_of_the_contract_is_answered_by_the_worker()
    {
        await using var bench = await WorkerBench.StartAsync(peer, azurite);
        var worker = await bench.WorkerAsync();
        await ScanAsync(bench, worker, "NightlyAudit");
        var token = bench.Cloud.Token(bench.Tenant, AllRoles);
        using var contract = JsonDocument.Parse(Checkout.Read("src/Governance.Api/openapi.json"));
        var operations = contract.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(operation => operation.Name is "get" or "post" or "put" or "patch" or "delete").Select(operation => (Path: path.Name, Method: operation.Name))).ToArray();

        Assert.True(operations.Length > 20, $"{operations.Length} operations");
        foreach (var (path, method) in operations)
        {
            var address = System.Text.RegularExpressions.Regex.Replace(path, @"\{\w+\}", Guid.Empty.ToString());
            var answer = await worker.SendAsync(new HttpMethod(method.ToUpperInvariant()), address, token, method is "get" or "delete" ? null : "{}");

            Assert.True((int)answer.StatusCode is not (404 or 405 or >= 500) || (answer.StatusCode == HttpStatusCode.NotFound && path.Contains('{', StringComparison.Ordinal)), $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}\n{worker.Log}");
        }
    }

    private static async Task<JsonElement> SendAsync(StandInHost worker, HttpMethod method, string path, string token, string? json = null, string? ifMatch = null)
    {
        var answer = await worker.SendAsync(method, path, token, json, ifMatch);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {body}\n{worker.Log}");
        return JsonDocument.Parse(body).RootElement;
    }

    private static async Task ScanAsync(WorkerBench bench, StandInHost worker, string timer)
    {
        Assert.Equal(StatusResult.Types.Status.Success, (await worker.FireAsync(timer))!.Result.Status);
        var scanned = await worker.DeliverAsync("ScanTenant");
        Assert.True(scanned?.Result.Status == StatusResult.Types.Status.Success, $"{scanned?.Result.Exception?.Message}\n{worker.Log}");
        Assert.Equal(0, await bench.WaitingAsync("ScanQueue"));
    }
}
