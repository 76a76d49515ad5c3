using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Offline;
using Governance.Microsoft365.Tests.Graph;

namespace Governance.Microsoft365.Tests.Offline;

public sealed class ExportedPagesSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("export");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Pages_are_recognised_by_their_context_whatever_the_file_is_called()
    {
        Write("a.json", Counted(1, Page("servicePrincipals(id,appId)", ScriptedGraph.Client(1))));
        Write("b.json", Counted(2, Page("oauth2permissiongrants", ScriptedGraph.Grant(1, 1), ScriptedGraph.Grant(1, 2))));
        Write("c.json", Counted(1, Page("users(id,department)", ScriptedGraph.User(1))));
        Write("d.json", Page($"servicePrincipals('{Some.Id(90)}')/appRoleAssignedTo", ScriptedGraph.Assignment(90, 1)));
        Write("e.json", Page("organization", $$"""{"id":"{{Some.TenantId}}","displayName":"B"}"""));

        var inventory = await ReadAsync();

        Assert.Equal((1, 2, 1, 1), (inventory.ServicePrincipals.Length, inventory.Grants.Count, inventory.Assignments.Count, inventory.Users.Count));
        Assert.Equal(Some.TenantId, inventory.Organization.TenantId);
        Assert.True(inventory.Complete);
        Assert.Equal("the export holds no audit entries", inventory.Part(InventoryPart.ConsentEvents).Reason);
        Assert.Equal(HandSetTime.Start, inventory.ReadAt);
    }

    [Theory]
    [InlineData("oauth2PermissionGrants.json", "[{0}]")]
    [InlineData("anything.json", "[{0}]")]
    [InlineData("anything.json", "{{\"value\":[{0}]}}")]
    [InlineData("anything.json", "\uFEFF{{\"other\":{{}},\"value\":[{0}]}}")]
    [InlineData("grants.jsonl", "{0}\n")]
    [InlineData("grants.ndjson", "\n\n{0}")]
    [InlineData("pages.jsonl", "{{\"@odata.context\":\"x#oauth2PermissionGrants\",\"value\":[]}}\n{{\"@odata.context\":\"x#oauth2PermissionGrants\",\"value\":[{0}]}}")]
    public async Task Lists_lines_and_pages_give_the_same(string file, string layout)
    {
        Write(file, string.Format(System.Globalization.CultureInfo.InvariantCulture, layout, ScriptedGraph.Grant(1, 1)));

        var inventory = await ReadAsync();

        Assert.Equal(ScriptedId(1, 1), Assert.Single(inventory.Grants.All()).Id);
        Assert.Equal("no count was given, so the number of rows is unproven", inventory.Part(InventoryPart.Oauth2PermissionGrants).Reason);
        Assert.Equal("the export holds no users", inventory.Part(InventoryPart.Users).Reason);
    }

    [Fact]
    public async Task Lines_of_several_collections_in_one_file_are_told_apart_by_their_members()
    {
        Write("all.jsonl", string.Join('\n', ScriptedGraph.Grant(1, 1), ScriptedGraph.User(1), ScriptedGraph.Assignment(90, 1), $$"""{"id":"{{Some.Id(1)}}","servicePrincipalType":"Application"}"""));

        var inventory = await ReadAsync(Path.Combine(_folder.FullName, "all.jsonl"));

        Assert.Equal((1, 1, 1, 1), (inventory.ServicePrincipals.Length, inventory.Grants.Count, inventory.Assignments.Count, inventory.Users.Count));
    }

    [Fact]
    public async Task An_export_that_ends_at_a_page_with_a_next_link_is_partial()
    {
        Write("users-1.json", Page("users", "https://h/2", ScriptedGraph.User(1)));
        Write("users-2.json", Page("users", "https://h/3", ScriptedGraph.User(2)));

        var users = (await ReadAsync()).Part(InventoryPart.Users);

        Assert.Equal((PartStatus.Partial, "the export ends at a page that has a next link"), (users.Status, users.Reason));
    }

    [Fact]
    public async Task Pages_are_taken_in_the_order_of_their_numbers()
    {
        for (var page = 1; page <= 11; page++)
        {
            var text = page < 11 ? Page("users", $"https://h/{page}", ScriptedGraph.User(page)) : Page("users", ScriptedGraph.User(page));
            Write($"users-{page}.json", page == 1 ? Counted(11, text) : text);
        }

        var users = (await ReadAsync()).Part(InventoryPart.Users);

        Assert.Equal((PartStatus.Complete, 11L, 11), (users.Status, users.Items, users.Pages));
    }

    [Fact]
    public async Task The_chain_of_each_resource_must_end()
    {
        Write("1.json", Page("appRoleAssignments", "https://h/2", ScriptedGraph.Assignment(90, 1)));
        Write("2.json", Page("appRoleAssignments", ScriptedGraph.Assignment(95, 1)));

        Assert.Equal(PartStatus.Partial, (await ReadAsync()).Part(InventoryPart.AppRoleAssignments).Status);
    }

    [Fact]
    public async Task A_count_that_the_export_does_not_reach_is_a_mismatch()
    {
        Write("users.json", $$"""{"@odata.count":3,"value":[{{ScriptedGraph.User(1)}},{{ScriptedGraph.User(1)}},{{ScriptedGraph.User(2)}}]}""");

        Assert.Equal("count mismatch: 2 of 3", (await ReadAsync()).Part(InventoryPart.Users).Reason);
    }

    [Theory]
    [InlineData("servicePrincipals", InventoryPart.ServicePrincipals)]
    [InlineData("oauth2PermissionGrants", InventoryPart.Oauth2PermissionGrants)]
    [InlineData("users", InventoryPart.Users)]
    public async Task Pages_without_a_count_are_not_proven_whole(string collection, InventoryPart part)
    {
        string[] rows = part switch
        {
            InventoryPart.ServicePrincipals => [ScriptedGraph.Client(1)],
            InventoryPart.Users => [ScriptedGraph.User(1)],
            _ => [ScriptedGraph.Grant(1, 1)],
        };
        Write("pages.json", Page(collection, rows));
        var without = (await ReadAsync()).Part(part);
        Write("pages.json", Page(collection, rows).Replace("\"value\"", "\"@odata.count\":\"1\",\"value\"", StringComparison.Ordinal));
        var malformed = (await ReadAsync()).Part(part);
        Write("pages.json", Counted(1, Page(collection, rows)));
        var with = (await ReadAsync()).Part(part);

        Assert.Equal((PartStatus.Partial, 1L, "no count was given, so the number of rows is unproven"), (without.Status, without.Items, without.Reason));
        Assert.Equal(without, malformed);
        Assert.Equal((PartStatus.Complete, 1L, null), (with.Status, with.Expected, with.Reason));
    }

    [Fact]
    public async Task Grants_of_clients_that_the_export_does_not_hold_contradict_its_service_principals()
    {
        Write("a.json", Counted(1, Page("servicePrincipals", ScriptedGraph.Client(1))));
        Write("b.json", Counted(2, Page("oauth2PermissionGrants", ScriptedGraph.Grant(1, 1), ScriptedGraph.Grant(2, 1))));

        var principals = (await ReadAsync()).Part(InventoryPart.ServicePrincipals);

        Assert.Equal((PartStatus.Partial, "1 service principals that hold consents are not in the export"), (principals.Status, principals.Reason));
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_makes_its_part_partial()
    {
        Write("users.json", $$"""[{{ScriptedGraph.User(1)}},{"id":"x"}]""");

        var users = (await ReadAsync()).Part(InventoryPart.Users);

        Assert.Equal((PartStatus.Partial, 1L, "no count was given, so the number of rows is unproven; 1 rows unreadable, the first because id is not a GUID"), (users.Status, users.Items, users.Reason));
    }

    [Fact]
    public async Task Malformed_json_is_named_with_file_line_and_byte()
    {
        Write("users.json", "{\"value\":[\n" + ScriptedGraph.User(1) + ",\n{\"id\" oops}]}");

        var broken = await Assert.ThrowsAsync<SourceFormatException>(() => ReadAsync());

        Assert.StartsWith("users.json, line 3, byte 7:", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_ends_too_early_is_refused()
    {
        Write("users.json", "{\"value\":[" + ScriptedGraph.User(1));

        await Assert.ThrowsAsync<SourceFormatException>(() => ReadAsync());
    }

    [Theory]
    [InlineData("notes.json", "[{\"hello\":1}]", "nothing here is recognised")]
    [InlineData("notes.json", "", "notes.json")]
    [InlineData("notes.txt", "[]", "holds no .json")]
    public async Task What_is_no_export_is_refused(string file, string content, string message)
    {
        Write(file, content);

        var refused = await Assert.ThrowsAsync<SourceFormatException>(() => ReadAsync());

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_does_not_exist_is_named()
    {
        var missing = await Assert.ThrowsAsync<FileNotFoundException>(() => ReadAsync(Path.Combine(_folder.FullName, "nowhere")));

        Assert.Contains("nowhere: no such file or folder", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_organizations_in_one_export_are_refused()
    {
        Write("organization.json", $$"""[{"id":"{{Some.Id(1)}}"},{"id":"{{Some.Id(2)}}"}]""");

        await Assert.ThrowsAsync<SourceFormatException>(() => ReadAsync());
    }

    [Fact]
    public async Task A_file_in_utf_16_is_refused_with_advice()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "users.json"), "[]", System.Text.Encoding.Unicode);

        var refused = await Assert.ThrowsAsync<SourceFormatException>(() => ReadAsync());

        Assert.Contains("UTF-8", refused.Message, StringComparison.Ordinal);
    }

    private static string ScriptedId(int client, int user) => GrantId.Of(Some.Id(client), Some.Id(90), Some.Id(500 + user));

    private static string Page(string context, params string[] rows)
    {
        var next = rows[0].StartsWith("http", StringComparison.Ordinal) ? $",\"@odata.nextLink\":\"{rows[0]}\"" : string.Empty;
        var list = string.Join(',', rows.Where(row => !row.StartsWith("http", StringComparison.Ordinal)));
        return $$"""{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#{{context}}","value":[{{list}}]{{next}}}""";
    }

    private static string Counted(int count, string page) => page.Replace("\"value\"", $"\"@odata.count\":{count},\"value\"", StringComparison.Ordinal);

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.FullName, name), content);

    private async Task<Inventory> ReadAsync(string? path = null) =>
        (await new ExportedPagesSource(path ?? _folder.FullName, null, new HandSetTime()).ReadAsync(new Some.Unheard(), CancellationToken.None)).Inventory;
}
