using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>Readings of changes against full ones of the same tenant (PG-7, PG-8, GS-3).</summary>
public sealed class IncrementalReadingTests
{
    private static readonly TenantSize Small = new(40, 100, 30, 50, 4);

    [Fact]
    public async Task Without_a_base_everything_is_read_and_that_is_said()
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 1);

        var reading = await tenant.ChangesAsync();

        Assert.Equal(ScanMode.Full, reading.Mode);
        Assert.True(reading.Inventory.Complete);
        Assert.NotNull(reading.Inventory.Cursors?.Grants);
        Assert.Equal("incremental: no scan of this tenant is kept, so everything is read; the next incremental scan builds on this one", Assert.Single(tenant.Said));
    }

    [Fact]
    public async Task A_full_reading_keeps_no_cursors_and_asks_for_none()
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 1);

        var reading = await tenant.FullAsync();

        Assert.Null(reading.Inventory.Cursors);
        Assert.DoesNotContain(tenant.Log.Entries, entry => entry.PathAndQuery.Contains("delta", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ten_changes_in_a_tenant_of_20_000_grants_cost_at_most_20_requests()
    {
        await using var tenant = await ChangingTenant.ServeAsync(TenantSize.ForGrants(20_000), seed: 7);
        await tenant.ChangesAsync();
        new RandomChanges(tenant.Tenant, new Random(3)).Happen(10);
        var resources = tenant.Tenant.ServicePrincipals.Where(app => app.AppRoles.Length > 0 || app.AssignmentRequired).Select(app => app.Id).ToArray();
        var furtherPages = resources.Sum(id => (Math.Max(1, tenant.Tenant.AppRoleAssignments.Count(row => row.ResourceId == id)) - 1) / 999);
        var calls = tenant.Log.HttpCalls;

        var reading = await tenant.ChangesAsync();
        calls = tenant.Log.HttpCalls - calls;

        Assert.Equal(ScanMode.Incremental, reading.Mode);
        Assert.True(reading.Inventory.Complete);
        Assert.InRange(calls, 1, 20);
        Assert.InRange(calls, 1, 3 + ((resources.Length + 19) / 20) + furtherPages);
        Assert.Equal(calls, reading.Requests.Total);
        Assert.Equal(ChangingTenant.Facts((await tenant.FullAsync()).Inventory), ChangingTenant.Facts(reading.Inventory));
    }

    /// <summary>Both documented shapes of an item: everything that was selected, and what changed alone.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("minimal@delta!always")]
    public async Task Two_hundred_random_sequences_of_changes_agree_with_a_full_reading(string? shape)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            await using var tenant = await ChangingTenant.ServeAsync(Small, seed, options => options with { DeltaPageSize = 7 });
            await tenant.ChangesAsync();
            if (shape is not null)
            {
                tenant.Faults.Add(shape);
            }

            var changes = new RandomChanges(tenant.Tenant, random);
            for (var round = random.Next(1, 4); round > 0; round--)
            {
                changes.Happen(random.Next(0, 25));

                var reading = await tenant.ChangesAsync();

                Assert.True(reading.Inventory.Complete, $"seed {seed}: {string.Join("; ", reading.Inventory.Parts.Select(part => part.Reason))}");
                Assert.Equal(ScanMode.Incremental, reading.Mode);
                var full = await tenant.FullAsync();
                Assert.True(ChangingTenant.Facts(full.Inventory) == ChangingTenant.Facts(reading.Inventory), $"seed {seed} differs");
            }
        }
    }

    [Theory]
    [InlineData("oauth2PermissionGrants/delta")]
    [InlineData("servicePrincipals/delta")]
    [InlineData("users/delta")]
    public async Task PG_8_changes_heard_again_from_the_beginning_give_the_same_end(string collection)
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 4);
        await tenant.ChangesAsync();
        var changes = new RandomChanges(tenant.Tenant, new Random(4));
        changes.Happen(40);
        await tenant.ChangesAsync();
        changes.Happen(10);
        tenant.Faults.Add(Fault.Parse($"replay@{collection}!always"));

        var reading = await tenant.ChangesAsync();

        Assert.NotEqual(0, tenant.Faults.Fired);
        Assert.Equal(ScanMode.Incremental, reading.Mode);
        Assert.Equal(ChangingTenant.Facts((await tenant.FullAsync()).Inventory), ChangingTenant.Facts(reading.Inventory));
    }

    [Fact]
    public async Task PG_8_removals_of_either_kind_replayed_and_in_any_order_leave_the_same()
    {
        string[] removals =
        [
            Removal(ScriptedGraph.GrantId(1, 3), "changed"), Removal(ScriptedGraph.GrantId(2, 1), "deleted"), Removal("a grant nobody heard of", "deleted"),
            Removal(ScriptedGraph.GrantId(1, 3), "changed"), ScriptedGraph.Grant(3, 4), ScriptedGraph.Grant(3, 4), ScriptedGraph.Grant(1, 5),
        ];
        string? first = null;
        foreach (var order in new[] { removals, [.. removals.Reverse()], [.. removals.OrderBy(row => row.Length)], [.. removals, .. removals] })
        {
            var graph = new ScriptedGraph();
            var before = await Some.InventoryAsync(graph) with { Cursors = Cursors };
            graph.Instead = request => ChangesOf(request, order);

            var reading = await Some.Source(graph, incremental: new IncrementalReading((_, _) => Task.FromResult<Inventory?>(before), IncrementalReading.Weekly, _ => { })).ReadAsync();

            Assert.Equal(ScanMode.Incremental, reading.Mode);
            Assert.True(reading.Inventory.Complete, string.Join("; ", reading.Inventory.Parts.Select(part => part.Reason)));
            Assert.Equal(before.Grants.Count, reading.Inventory.Grants.Count);
            Assert.DoesNotContain(reading.Inventory.Grants.All(), grant => grant.Id == ScriptedGraph.GrantId(1, 3) || grant.Id == ScriptedGraph.GrantId(2, 1));
            Assert.Equal(first ??= ChangingTenant.Facts(reading.Inventory), ChangingTenant.Facts(reading.Inventory));
        }
    }

    private static DeltaCursors Cursors { get; } = DeltaCursors.Of(
        new DeltaCursor("/v1.0/servicePrincipals/delta?$deltatoken=a", HandSetTime.Start),
        new DeltaCursor("/v1.0/oauth2PermissionGrants/delta?$deltatoken=b", HandSetTime.Start),
        new DeltaCursor("/v1.0/users/delta?$deltatoken=c", HandSetTime.Start))!;

    private static string Removal(string id, string reason) => $$"""{"id":"{{id}}","@removed":{"reason":"{{reason}}"} }""";

    /// <summary>Rounds of changes two rows to a page, asked page by page because there are no batches.</summary>
    private static HttpResponseMessage? ChangesOf(Arrived request, string[] changes)
    {
        if (!request.Collection.EndsWith("/delta", StringComparison.Ordinal))
        {
            return null;
        }

        var rows = request.Collection.StartsWith("oauth2", StringComparison.Ordinal) ? changes : [];
        var at = int.Parse(System.Web.HttpUtility.ParseQueryString(request.Address.Query)["skiptoken"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var link = at + 2 < rows.Length ? $"\"@odata.nextLink\":\"{ScriptedGraph.Root}{request.Collection}?skiptoken={at + 2}\"" : $"\"@odata.deltaLink\":\"{ScriptedGraph.Root}{request.Collection}?$deltatoken=d\"";
        return ScriptedGraph.Answer(System.Net.HttpStatusCode.OK, $$"""{"value":[{{string.Join(',', rows.Skip(at).Take(2))}}],{{link}}}""");
    }

    [Theory]
    [InlineData("delta-reset", "oauth2PermissionGrants")]
    [InlineData("delta-expired", "oauth2PermissionGrants")]
    [InlineData("delta-reset", "servicePrincipals")]
    [InlineData("delta-expired", "users")]
    public async Task PG_7_lost_changes_lead_to_a_list_of_that_part_alone(string fault, string collection)
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 5);
        await tenant.ChangesAsync();
        new RandomChanges(tenant.Tenant, new Random(5)).Happen(20);
        tenant.Faults.Add(Fault.Parse($"{fault}@{collection}/delta"));

        var reading = await tenant.ChangesAsync();

        Assert.Equal(1, tenant.Faults.Fired);
        Assert.Equal(ScanMode.Incremental, reading.Mode);
        Assert.True(reading.Inventory.Complete);
        Assert.StartsWith("listed again: changes can no longer be told", Assert.Single(reading.Inventory.Parts, part => part.Reason?.StartsWith("listed", StringComparison.Ordinal) == true).Reason, StringComparison.Ordinal);
        Assert.Equal(ChangingTenant.Facts((await tenant.FullAsync()).Inventory), ChangingTenant.Facts(reading.Inventory));
        Assert.NotNull(reading.Inventory.Cursors!.Grants);
    }

    [Fact]
    public async Task PG_7_what_was_known_stays_until_the_new_list_has_ended_whole()
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 6);
        var before = (await tenant.ChangesAsync()).Inventory;
        tenant.Faults.Add(Fault.Parse("delta-reset@oauth2PermissionGrants/delta"));
        tenant.Faults.Add(Fault.Parse("500@oauth2PermissionGrants:1!always"));

        var broken = (await tenant.ChangesAsync()).Inventory;
        tenant.Faults.Clear();
        var healed = await tenant.ChangesAsync();

        var part = broken.Part(InventoryPart.Oauth2PermissionGrants);
        Assert.Equal(PartStatus.Partial, part.Status);
        Assert.Contains("server error 500", part.Reason, StringComparison.Ordinal);
        Assert.Equal(ChangingTenant.Facts(before), ChangingTenant.Facts(broken));
        Assert.Null(broken.Cursors!.Grants);
        Assert.NotNull(broken.Cursors.Users);
        Assert.True(healed.Inventory.Complete);
        Assert.NotNull(healed.Inventory.Cursors!.Grants);
        Assert.Equal(ScanMode.Incremental, healed.Mode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GS_4_a_list_that_lost_grants_is_completed_app_by_app_where_changes_are_wanted_too(bool lostChanges)
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 16, options => options with { LosesRows = false });
        if (lostChanges)
        {
            await tenant.ChangesAsync();
            new RandomChanges(tenant.Tenant, new Random(16)).Happen(10);
            tenant.Faults.Add("delta-reset@oauth2PermissionGrants/delta");
        }

        tenant.Faults.Add("missing=3@oauth2PermissionGrants:1");

        var reading = await tenant.ChangesAsync();

        var part = reading.Inventory.Part(InventoryPart.Oauth2PermissionGrants);
        Assert.True(part.Complete, part.Reason);
        Assert.Contains("the rest was found app by app", part.Reason, StringComparison.Ordinal);
        Assert.NotNull(reading.Inventory.Cursors!.Grants);
        Assert.Equal(ChangingTenant.Facts((await tenant.FullAsync()).Inventory), ChangingTenant.Facts(reading.Inventory));
    }

    [Fact]
    public async Task A_round_that_breaks_off_keeps_its_cursor_so_that_nothing_is_missed()
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 8, options => options with { DeltaPageSize = 3 });
        var first = (await tenant.ChangesAsync()).Inventory;
        new RandomChanges(tenant.Tenant, new Random(8)).Happen(60);
        tenant.Faults.Add(Fault.Parse("500@oauth2PermissionGrants/delta:2!always"));

        var broken = (await tenant.ChangesAsync()).Inventory;
        tenant.Faults.Clear();
        var healed = (await tenant.ChangesAsync()).Inventory;

        Assert.Equal(PartStatus.Partial, broken.Part(InventoryPart.Oauth2PermissionGrants).Status);
        Assert.Equal(first.Cursors!.Grants, broken.Cursors!.Grants);
        Assert.Equal(first.Grants.All(), broken.Grants.All());
        Assert.True(healed.Complete);
        Assert.Equal(ChangingTenant.Facts((await tenant.FullAsync()).Inventory), ChangingTenant.Facts(healed));
    }

    [Theory]
    [InlineData("429=2@appRoleAssignedTo!1")]
    [InlineData("429=2.5@appRoleAssignedTo!3")]
    [InlineData("503@appRoleAssignedTo!2")]
    [InlineData("500@appRoleAssignedTo!2")]
    [InlineData("429=2@users/delta!1")]
    public async Task GS_3_only_items_of_a_batch_that_failed_are_asked_again(string fault)
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 9);
        await tenant.ChangesAsync();
        new RandomChanges(tenant.Tenant, new Random(9)).Happen(10);
        tenant.Faults.Add(Fault.Parse(fault));
        tenant.Log.Clear();

        var reading = await tenant.ChangesAsync();
        var asked = tenant.Log.Entries.Count(entry => entry.InBatch && entry.PathAndQuery.Contains("appRoleAssignedTo", StringComparison.Ordinal));

        var resources = tenant.Tenant.ServicePrincipals.Count(app => app.AppRoles.Length > 0 || app.AssignmentRequired);
        var failed = fault.Contains("users", StringComparison.Ordinal) ? 0 : int.Parse(fault[^1..]);
        Assert.NotEqual(0, tenant.Faults.Fired);
        Assert.True(reading.Inventory.Complete);
        Assert.Equal(resources + failed, asked);
        Assert.Equal(ChangingTenant.Facts((await tenant.FullAsync()).Inventory), ChangingTenant.Facts(reading.Inventory));
    }

    [Fact]
    public async Task GS_3_items_that_keep_failing_leave_their_part_openly_incomplete()
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 10);
        await tenant.ChangesAsync();
        tenant.Faults.Add(Fault.Parse("429=1@appRoleAssignedTo!always"));

        var reading = await tenant.ChangesAsync();

        var part = reading.Inventory.Part(InventoryPart.AppRoleAssignments);
        Assert.Equal(PartStatus.Partial, part.Status);
        Assert.Contains("throttled out", part.Reason, StringComparison.Ordinal);
        Assert.NotEqual(0, reading.Requests.Throttled);
        Assert.False(reading.Inventory.Complete);
    }

    [Theory]
    [InlineData("reset@$batch")]
    [InlineData("cut-length@$batch")]
    [InlineData("cut-clean@$batch")]
    [InlineData("429=3@$batch")]
    [InlineData("502@$batch")]
    [InlineData("401@$batch")]
    [InlineData("404@$batch!always")]
    public async Task A_batch_that_fails_as_a_whole_leaves_no_trace(string fault)
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 11);
        await tenant.ChangesAsync();
        new RandomChanges(tenant.Tenant, new Random(11)).Happen(10);
        tenant.Faults.Add(Fault.Parse(fault));

        var reading = await tenant.ChangesAsync();

        Assert.NotEqual(0, tenant.Faults.Fired);
        Assert.True(reading.Inventory.Complete, string.Join("; ", reading.Inventory.Parts.Select(part => part.Reason)));
        Assert.Equal(ChangingTenant.Facts((await tenant.FullAsync()).Inventory), ChangingTenant.Facts(reading.Inventory));
    }

    [Fact]
    public async Task A_list_a_week_old_is_read_again()
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 12);
        await tenant.ChangesAsync();
        tenant.Time.Advance(TimeSpan.FromDays(3));
        var third = await tenant.ChangesAsync();
        tenant.Time.Advance(TimeSpan.FromDays(4));

        var seventh = await tenant.ChangesAsync();

        Assert.Equal(ScanMode.Incremental, third.Mode);
        Assert.Equal(ScanMode.Full, seventh.Mode);
        Assert.Contains("the last full list is of 2026-03-02", tenant.Said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scan_of_another_tenant_is_no_base()
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 13);
        await tenant.ChangesAsync();
        tenant.Last = tenant.Last! with { Organization = new Organization(Some.Id(1), "Other", null) };

        var reading = await tenant.ChangesAsync();

        Assert.Equal(ScanMode.Full, reading.Mode);
        Assert.Contains("another tenant", tenant.Said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task PG_5_a_cursor_never_leads_the_token_to_another_host()
    {
        await using var tenant = await ChangingTenant.ServeAsync(Small, seed: 14);
        await tenant.ChangesAsync();
        tenant.Last = tenant.Last! with { Cursors = tenant.Last.Cursors! with { Grants = new DeltaCursor("https://evil.example/v1.0/oauth2PermissionGrants/delta", HandSetTime.Start) } };

        var reading = await tenant.ChangesAsync();

        Assert.True(reading.Inventory.Complete);
        Assert.StartsWith("/v1.0/oauth2PermissionGrants/delta?", reading.Inventory.Cursors!.Grants!.Link, StringComparison.Ordinal);
    }
}
