using System.Text.Json;
using Governance.Simulator.Brightwave;
using Microsoft.Data.Sqlite;

namespace Governance.EndToEnd.Tests.Cli;

/// <summary>Files of other programs, and our own export read again.</summary>
public sealed class OfflineSourcesTests
{
    private const string Tenant = "11111111-2222-4333-8444-555555555555";
    private const string App = "aaaaaaaa-0000-4000-8000-000000000001";
    private const string Api = "aaaaaaaa-0000-4000-8000-000000000002";
    private const string User = "aaaaaaaa-0000-4000-8000-000000000003";
    private const string Role = "aaaaaaaa-0000-4000-8000-000000000004";

    [Fact]
    public async Task An_exported_inventory_gives_the_same_result_again()
    {
        await using var tenant = await ScannedTenant.Serve(MarketingOrganisation.Create(seed: 1, night: 3));
        var scan = await tenant.Scan("--with", "consentPolicy");
        var export = await Run.Of("export", "--inventory", tenant.Folder["tenant.gvi"], "--data", tenant.Data);

        var again = await Run.Of("scan", "--from", tenant.Folder["tenant.gvi"], "--data", tenant.Folder["again"], "--format", "json");

        Assert.Equal(0, export.Code);
        Assert.Equal("offline", again.Json.GetProperty("scan").GetProperty("mode").GetString());
        foreach (var what in new[] { "apps", "findings", "kpis" })
        {
            Assert.Equal(scan.Json.GetProperty(what).GetRawText(), again.Json.GetProperty(what).GetRawText());
        }
    }

    [Fact]
    public async Task An_anonymous_export_holds_no_id_of_a_person_and_counts_the_same()
    {
        var organisation = MarketingOrganisation.Create(seed: 1, night: 3);
        await using var tenant = await ScannedTenant.Serve(organisation);
        var scan = await tenant.Scan();
        await Run.Of("export", "--inventory", tenant.Folder["tenant.gvi"], "--anonymize", "--data", tenant.Data);

        var again = await Run.Of("scan", "--from", tenant.Folder["tenant.gvi"], "--data", tenant.Folder["again"], "--format", "json");

        using var file = File.OpenRead(tenant.Folder["tenant.gvi"]);
        var inventory = Governance.Core.Scans.Records.InventoryFile.Read(file, "tenant.gvi");
        Assert.Empty(Enumerable.Range(0, inventory.Users.Count).Select(row => inventory.Users[row].Id).Intersect(organisation.Users.Select(user => user.Id)));
        Assert.Empty(inventory.Grants.All().Select(grant => grant.PrincipalId).OfType<Guid>().Intersect(organisation.Users.Select(user => user.Id)));
        Assert.NotEqual(organisation.TenantId, inventory.Organization.TenantId);
        Assert.Equal(string.Empty, inventory.Organization.Name);
        Assert.Equal(
            scan.Json.GetProperty("apps").EnumerateArray().Select(Reach), again.Json.GetProperty("apps").EnumerateArray().Select(Reach));

        static string Reach(JsonElement app) => app.GetProperty("servicePrincipalId").GetString() + app.GetProperty("reach").GetProperty("users");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100)]
    public async Task A_cut_export_is_refused(int length)
    {
        await using var tenant = await ScannedTenant.Serve(MarketingOrganisation.Create(seed: 1, night: 0));
        await tenant.Scan();
        var path = tenant.Folder["tenant.gvi"];
        await Run.Of("export", "--inventory", path, "--data", tenant.Data);
        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..(length < 0 ? ^1 : length)]);

        var again = await Run.Of("scan", "--from", path, "--data", tenant.Folder["again"]);

        Assert.Equal(2, again.Code);
        Assert.Contains("tenant.gvi", again.Notes, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(tenant.Folder["again"], "governance.db")));
    }

    [Fact]
    public async Task Output_of_AzureHound_says_which_parts_it_cannot_contain()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("hound.json", $$$"""
            {"data":[
            {"kind":"AZTenant","data":{"tenantId":"{{{Tenant}}}","displayName":"Hound Co"}},
            {"kind":"AZServicePrincipal","data":{"id":"{{{App}}}","displayName":"ChatGPT","tenantId":"{{{Tenant}}}","appRoles":[]}},
            {"kind":"AZServicePrincipal","data":{"id":"{{{Api}}}","displayName":"Some API","appRoles":[{"id":"{{{Role}}}","value":"Mail.Read"}]}},
            {"kind":"AZUser","data":{"id":"{{{User}}}","accountEnabled":true,"userType":"Member"}},
            {"kind":"AZUser","data":{"id":"not an id"}},
            {"kind":"AZAppRoleAssignment","data":{"id":"x","appRoleId":"{{{Role}}}","principalId":"{{{App}}}","principalType":"ServicePrincipal","resourceId":"{{{Api}}}"}},
            {"kind":"AZDevice","data":{"id":"whatever"}}
            ],"meta":{"type":"azure","version":5,"count":6}}
            """);

        var run = await Run.Of("scan", "--from", file, "--data", folder["data"], "--format", "json");

        Assert.Equal(3, run.Code);
        Assert.Equal("unavailable: AzureHound does not collect delegated permission grants", Part(run, "oauth2PermissionGrants"));
        Assert.Equal("partial: AzureHound does not say whether it read everything; it collects no departments; 1 rows unreadable, the first because id is not a GUID", Part(run, "users"));
        Assert.StartsWith("partial", Part(run, "appRoleAssignments"), StringComparison.Ordinal);
        Assert.Equal(Tenant, run.Json.GetProperty("scan").GetProperty("tenantId").GetString());
        Assert.Contains(run.Json.GetProperty("apps").EnumerateArray(), app => app.GetProperty("servicePrincipalId").GetString() == App);
    }

    [Fact]
    public async Task A_database_of_ROADrecon_is_read_and_never_taken_for_whole()
    {
        using var folder = new TemporaryFolder();
        var file = folder["roadrecon.db"];
        await WriteAsync(file, $$"""
            CREATE TABLE TenantDetails (objectId TEXT, displayName TEXT, countryLetterCode TEXT);
            CREATE TABLE ServicePrincipals (objectId TEXT, appId TEXT, displayName TEXT, appOwnerTenantId TEXT, accountEnabled BOOLEAN, appRoles TEXT, replyUrls TEXT, verifiedPublisher TEXT, homepage TEXT);
            CREATE TABLE OAuth2PermissionGrants (objectId TEXT, clientId TEXT, consentType TEXT, principalId TEXT, resourceId TEXT, scope TEXT);
            CREATE TABLE AppRoleAssignments (objectId TEXT, id TEXT, principalId TEXT, principalType TEXT, resourceId TEXT, creationTimestamp DATETIME);
            CREATE TABLE Users (objectId TEXT, department TEXT, accountEnabled BOOLEAN, userType TEXT);
            INSERT INTO TenantDetails VALUES ('{{Tenant}}', 'Road Co', 'DE');
            INSERT INTO ServicePrincipals VALUES ('{{App}}', NULL, 'ChatGPT', NULL, 1, '[]', '["https://chatgpt.com/cb"]', NULL, NULL);
            INSERT INTO ServicePrincipals VALUES ('{{Api}}', NULL, 'Some API', NULL, 1, '[{"id":"{{Role}}","value":"Mail.Read"}]', 'not json', NULL, NULL);
            INSERT INTO OAuth2PermissionGrants VALUES ('g1', '{{App}}', 'Principal', '{{User}}', '{{Api}}', ' Mail.Read');
            INSERT INTO OAuth2PermissionGrants VALUES ('g2', '{{App}}', 'AllPrincipals', NULL, '{{Api}}', 'User.Read');
            INSERT INTO OAuth2PermissionGrants VALUES ('g3', 'broken', 'AllPrincipals', NULL, '{{Api}}', 'User.Read');
            INSERT INTO AppRoleAssignments VALUES ('a1', '{{Role}}', '{{App}}', 'ServicePrincipal', '{{Api}}', '2024-05-01 10:00:00.000000');
            INSERT INTO Users VALUES ('{{User}}', 'Marketing', 1, 'Member');
            """);

        var run = await Run.Of("scan", "--from", file, "--data", folder["data"], "--format", "json");

        Assert.Equal(3, run.Code);
        Assert.Equal("partial: a ROADrecon database does not say whether the collection was read whole; 1 rows unreadable", Part(run, "oauth2PermissionGrants"));
        Assert.Equal("unavailable: a ROADrecon database cannot contain it", Part(run, "signInActivity"));
        var app = Assert.Single(run.Json.GetProperty("apps").EnumerateArray(), app => app.GetProperty("servicePrincipalId").GetString() == App);
        Assert.Equal(2, app.GetProperty("grants").GetInt32());
        Assert.Equal("Mail.Read", app.GetProperty("permissions").GetProperty("application")[0].GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder["other.db"], "CREATE TABLE t (x)");

        var run = await Run.Of("scan", "--from", folder["other.db"], "--data", folder["data"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("other.db: it is no ROADrecon database", run.Notes, StringComparison.Ordinal);
    }

    private static string Part(Run run, string name)
    {
        var part = run.Json.GetProperty("scan").GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("name").GetString() == name);
        return $"{part.GetProperty("status").GetString()}: {part.GetProperty("reason").GetString()}";
    }

    private static async Task WriteAsync(string path, string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
