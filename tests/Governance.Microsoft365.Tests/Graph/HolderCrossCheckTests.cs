using Governance.Core.Consents;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>Grants and assignments that name service principals which the list does not hold.</summary>
public sealed class HolderCrossCheckTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_list_that_agrees_with_its_own_count_is_not_whole_when_a_client_of_a_grant_is_missing(int listed)
    {
        var graph = new ScriptedGraph();
        var rows = graph.Rows["servicePrincipals"].ToArray();
        graph.Rows["servicePrincipals"].RemoveRange(listed, 3 - listed);
        AnswerById(graph, rows);

        var inventory = await Some.InventoryAsync(graph);

        var part = inventory.Part(InventoryPart.ServicePrincipals);
        Assert.Equal((PartStatus.Partial, $"the list lacked {3 - listed} service principals that hold consents"), (part.Status, part.Reason));
        Assert.Equal(5, inventory.ServicePrincipals.Length);
        Assert.Equal("App 3", inventory.ServicePrincipals.Single(app => app.Id == Some.Id(3)).DisplayName);
        Assert.Equal(PartStatus.Partial, inventory.Part(InventoryPart.AppRoleAssignments).Status);
    }

    [Fact]
    public async Task A_service_principal_that_came_during_the_reading_is_taken_in()
    {
        var graph = new ScriptedGraph();
        graph.Rows["oauth2PermissionGrants"].Add(ScriptedGraph.Grant(client: 7, user: 1));
        AnswerById(graph, ScriptedGraph.Client(7).Replace("\"tags\"", $"\"createdDateTime\":\"{HandSetTime.Start.AddSeconds(2):O}\",\"tags\"", StringComparison.Ordinal));

        var inventory = await Some.InventoryAsync(graph);

        var part = inventory.Part(InventoryPart.ServicePrincipals);
        Assert.Equal((PartStatus.Complete, 6L, "1 service principals came during the scan"), (part.Status, part.Items, part.Reason));
        Assert.Equal("App 7", inventory.ServicePrincipals.Single(app => app.Id == Some.Id(7)).DisplayName);
    }

    [Fact]
    public async Task A_client_that_the_directory_does_not_have_leaves_the_list_whole()
    {
        var graph = new ScriptedGraph();
        graph.Rows["oauth2PermissionGrants"].Add(ScriptedGraph.Grant(client: 77, user: 1));

        var part = (await Some.InventoryAsync(graph)).Part(InventoryPart.ServicePrincipals);

        Assert.Equal((PartStatus.Complete, null), (part.Status, part.Reason));
    }

    [Theory]
    [InlineData(403, "Authorization_RequestDenied")]
    [InlineData(404, "UnknownError")]
    [InlineData(500, "x")]
    public async Task A_client_that_cannot_be_asked_for_leaves_the_list_unproven(int status, string code)
    {
        var graph = new ScriptedGraph();
        graph.Rows["oauth2PermissionGrants"].Add(ScriptedGraph.Grant(client: 77, user: 1));
        graph.Instead = request => request.Collection == $"servicePrincipals/{Some.Id(77)}" ? ScriptedGraph.Error(status, code) : null;

        var part = (await Some.InventoryAsync(graph)).Part(InventoryPart.ServicePrincipals);

        Assert.Equal(PartStatus.Partial, part.Status);
        Assert.StartsWith("the list lacks 1 service principals that hold consents, and they could not be read by id: ", part.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_object_than_the_one_asked_for_is_no_answer()
    {
        var graph = new ScriptedGraph();
        graph.Rows["oauth2PermissionGrants"].Add(ScriptedGraph.Grant(client: 77, user: 1));
        graph.Instead = request => request.Collection == $"servicePrincipals/{Some.Id(77)}" ? ScriptedGraph.Answer(System.Net.HttpStatusCode.OK, ScriptedGraph.Client(1)) : null;

        Assert.Equal(PartStatus.Partial, (await Some.InventoryAsync(graph)).Part(InventoryPart.ServicePrincipals).Status);
    }

    [Fact]
    public async Task More_than_a_thousand_missing_clients_are_not_asked_for_one_by_one()
    {
        var graph = new ScriptedGraph();
        graph.Rows["oauth2PermissionGrants"].AddRange(Enumerable.Range(2_000, 1_001).Select(client => ScriptedGraph.Grant(client, 1)));

        var part = (await Some.InventoryAsync(graph)).Part(InventoryPart.ServicePrincipals);

        Assert.Equal((PartStatus.Partial, "the list lacks 1001 service principals that hold consents"), (part.Status, part.Reason));
        Assert.DoesNotContain(graph.Requests, request => request.Collection == "$batch");
    }

    [Fact]
    public async Task What_is_known_to_be_gone_is_not_asked_for_again_by_a_reading_of_changes()
    {
        await using var tenant = await ChangingTenant.ServeAsync(new TenantSize(40, 100, 30, 50, 4), seed: 31);
        var gone = tenant.Tenant.Grants.First().ClientId;
        tenant.Tenant.Change(change => change.RemoveServicePrincipal(gone));
        var first = await tenant.ChangesAsync();
        tenant.Log.Clear();

        var second = await tenant.ChangesAsync();

        Assert.True(first.Inventory.Complete && second.Inventory.Complete);
        Assert.DoesNotContain(tenant.Log.Entries, entry => entry.PathAndQuery.Contains($"servicePrincipals/{gone}?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_app_that_the_changes_did_not_tell_of_is_found_by_its_grant()
    {
        await using var tenant = await ChangingTenant.ServeAsync(new TenantSize(40, 100, 30, 50, 4), seed: 32);
        await tenant.ChangesAsync();
        var app = new SimulatedServicePrincipal { Id = Some.Id(4242), AppId = Some.Id(4243), DisplayName = "Late", Created = HandSetTime.Start.AddDays(-2) };
        tenant.Tenant.Change(change =>
        {
            change.Put(app);
            change.Put(new SimulatedGrant(app.Id, tenant.Tenant.ServicePrincipals.First().Id, null, "Mail.Read"));
        });
        tenant.Faults.Add("missing=1@servicePrincipals/delta");

        var late = (await tenant.ChangesAsync()).Inventory;
        var listed = (await tenant.ChangesAsync()).Inventory;

        Assert.Equal(1, tenant.Faults.Fired);
        Assert.Equal(PartStatus.Partial, late.Part(InventoryPart.ServicePrincipals).Status);
        Assert.Null(late.Cursors!.ServicePrincipals);
        Assert.True(listed.Complete);
        Assert.Equal(ChangingTenant.Facts((await tenant.FullAsync()).Inventory), ChangingTenant.Facts(listed));
    }

    private static void AnswerById(ScriptedGraph graph, params string[] rows) => graph.Instead = request =>
        request.Collection.StartsWith("servicePrincipals/", StringComparison.Ordinal)
        && rows.FirstOrDefault(row => row.Contains($"{{\"id\":\"{request.Collection.Split('/')[1]}\"", StringComparison.Ordinal)) is { } row
        && request.Collection.Split('/').Length == 2
            ? ScriptedGraph.Answer(System.Net.HttpStatusCode.OK, row)
            : null;
}
