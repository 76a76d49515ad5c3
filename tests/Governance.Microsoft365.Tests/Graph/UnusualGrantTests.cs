using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>Grants as they come over the wire and what is made of them (GS-6, GS-7, GS-8).</summary>
public sealed class UnusualGrantTests
{
    [Fact]
    public async Task GS_6_a_grant_of_a_client_that_no_list_names_is_kept_as_a_finding()
    {
        var graph = new ScriptedGraph();
        graph.Rows["oauth2PermissionGrants"].Add(ScriptedGraph.Grant(client: 77, user: 1));

        var inventory = await Some.InventoryAsync(graph);
        var result = Assessed(inventory);

        Assert.Contains(inventory.Grants.All(), grant => grant.ClientId == Some.Id(77));
        Assert.True(result.Apps.Read().Single(app => app.Id == Some.Id(77)).App.Principal.Orphan);
        var finding = Assert.Single(result.Findings, finding => finding.Rule == "unknown-app-high-impact");
        Assert.Equal(Some.Id(77).ToString(), finding.Subject);
    }

    [Fact]
    public async Task GS_6_while_the_list_was_not_read_whole_no_client_is_called_unknown()
    {
        var graph = new ScriptedGraph();
        graph.Rows["oauth2PermissionGrants"].Add(ScriptedGraph.Grant(client: 77, user: 1));
        graph.Counts["servicePrincipals"] = 6;

        var result = Assessed(await Some.InventoryAsync(graph));

        Assert.False(result.Apps.Read().Single(app => app.Id == Some.Id(77)).App.Principal.Orphan);
        Assert.DoesNotContain(result.Findings, finding => finding.Rule == "unknown-app-high-impact");
    }

    [Fact]
    public async Task GS_7_scopes_are_compared_as_a_set_and_kept_whole_as_received()
    {
        const string Untidy = "  User.Read  mail.read MAIL.READ\tUser.Read ";
        var many = string.Join(' ', Enumerable.Range(1, 400).Select(number => $"Scope.Number{number}"));
        var graph = new ScriptedGraph();
        graph.Rows["oauth2PermissionGrants"].Clear();
        graph.Rows["oauth2PermissionGrants"].Add(Grant(1, Untidy));
        graph.Rows["oauth2PermissionGrants"].Add(Grant(2, many));

        var inventory = await Some.InventoryAsync(graph);
        var apps = ConsentedApps.Of(inventory, new Departments([]));

        Assert.Equal([Untidy, many], inventory.Grants.All().OrderBy(grant => grant.ClientId).Select(grant => grant.Scope));
        Assert.Equal(["mail.read", "User.Read"], Held(1).Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(400, Held(2).Length);

        string[] Held(int client) => [.. apps.Single(app => app.Principal.Id == Some.Id(client)).Permissions.Where(held => held.Kind == PermissionKind.Delegated).Select(held => held.Value)];
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public async Task GS_8_a_consent_for_everyone_is_one_fact_and_not_one_per_user(string principal)
    {
        var graph = new ScriptedGraph();
        graph.Rows["oauth2PermissionGrants"].Clear();
        graph.Rows["oauth2PermissionGrants"].Add(
            $$"""{"id":"{{GrantId.Of(Some.Id(1), Some.Id(90), null)}}","clientId":"{{Some.Id(1)}}","consentType":"AllPrincipals","principalId":{{principal}},"resourceId":"{{Some.Id(90)}}","scope":"Mail.Read"}""");

        var inventory = await Some.InventoryAsync(graph);
        var app = ConsentedApps.Of(inventory, new Departments([])).Single(app => app.Principal.Id == Some.Id(1));

        var grant = Assert.Single(inventory.Grants.All());
        Assert.Equal((true, null), (grant.TenantWide, grant.PrincipalId));
        Assert.Equal((1, true, 5), (app.Grants, app.Reach.TenantWide, app.Reach.Users));
    }

    private static string Grant(int client, string scope) =>
        $$"""{"id":"{{GrantId.Of(Some.Id(client), Some.Id(90), Some.Id(501))}}","clientId":"{{Some.Id(client)}}","consentType":"Principal","principalId":"{{Some.Id(501)}}","resourceId":"{{Some.Id(90)}}","scope":{{System.Text.Json.JsonSerializer.Serialize(scope)}}}""";

    private static AssessmentResult Assessed(Inventory inventory) => Assessment.Of(
        inventory, new AppClassifier(ProductCatalogue.Embedded, inventory.Organization.TenantId, inventory.ReadAt).Classify, GovernancePolicy.BuiltIn, null, ScanPast.None, "scan");
}
