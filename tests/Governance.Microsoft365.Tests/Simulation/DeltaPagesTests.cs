using System.Text.Json;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Simulation;

public sealed class DeltaPagesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_copy_kept_by_delta_equals_the_tenant_after_any_sequence_of_changes(int seed)
    {
        var tenant = ScaledTenant.Create(TenantSize.ForGrants(300), seed);
        await using var simulator = await GraphSimulator.StartAsync(tenant, new SimulatorOptions { DeltaPageSize = 37 });
        using var graph = new SimulatedGraph(simulator);
        var random = new Random(seed);
        var copy = new Dictionary<string, string?>();
        var link = "oauth2PermissionGrants/delta";
        var gone = new List<SimulatedGrant>();

        for (var round = 0; round < 12; round++)
        {
            for (string? page = link; page is not null;)
            {
                var body = await graph.GetAsync(page);
                foreach (var row in body.GetProperty("value").EnumerateArray())
                {
                    var id = row.GetProperty("id").GetString()!;
                    if (row.TryGetProperty("@removed", out var removed))
                    {
                        Assert.Equal("deleted", removed.GetProperty("reason").GetString());
                        copy.Remove(id);
                    }
                    else
                    {
                        copy[id] = row.GetProperty("scope").GetString();
                    }
                }

                // Now and then the tenant changes in the middle of a round; the next round must bring it.
                Alter(tenant, random, gone, changes: random.Next(3));
                page = body.TryGetProperty("@odata.nextLink", out var next) ? next.GetString() : null;
                link = body.TryGetProperty("@odata.deltaLink", out var delta) ? delta.GetString()! : link;
                Assert.NotEqual(page is null, !body.TryGetProperty("@odata.deltaLink", out _));
            }

            Alter(tenant, random, gone, changes: random.Next(20));
        }

        foreach (var row in await RoundAsync(graph, link))
        {
            var id = row.GetProperty("id").GetString()!;
            if (row.TryGetProperty("@removed", out _))
            {
                copy.Remove(id);
            }
            else
            {
                copy[id] = row.GetProperty("scope").GetString();
            }
        }

        Assert.Equal(tenant.GrantCount, tenant.Grants.Count());
        Assert.Equal(tenant.Grants.ToDictionary(grant => grant.Id, grant => grant.Scope).OrderBy(item => item.Key), copy.OrderBy(item => item.Key));
    }

    [Fact]
    public async Task Moving_to_the_next_night_shows_as_exactly_the_difference()
    {
        var tenant = MarketingOrganisation.Create(1, 3);
        var next = MarketingOrganisation.Create(1, 4);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);
        var before = tenant.Grants.ToHashSet();
        var after = next.Grants.ToHashSet();
        var latest = await graph.GetAsync("oauth2PermissionGrants/delta?$deltatoken=latest");
        var apps = await graph.GetAsync("servicePrincipals/delta?$deltatoken=latest");

        tenant.MoveTo(next);

        var changes = await RoundAsync(graph, latest.GetProperty("@odata.deltaLink").GetString()!);
        var removed = before.Select(grant => grant.Id).Except(after.Select(grant => grant.Id)).Order();
        var put = after.Except(before).Select(grant => grant.Id).Order();
        Assert.Equal(0, latest.GetProperty("value").GetArrayLength());
        Assert.Equal(removed, changes.Where(row => row.TryGetProperty("@removed", out _)).Select(row => row.GetProperty("id").GetString()).Order());
        Assert.Equal(put, changes.Where(row => row.TryGetProperty("scope", out _)).Select(row => row.GetProperty("id").GetString()).Order());
        var newApps = await RoundAsync(graph, apps.GetProperty("@odata.deltaLink").GetString()!);
        Assert.Contains(newApps, row => row.TryGetProperty("displayName", out var name) && name.GetString() == "Lindy");
        Assert.Equal(after.OrderBy(grant => grant.Id), tenant.Grants.OrderBy(grant => grant.Id));
        Assert.Empty(await RoundAsync(graph, (await graph.GetAsync("users/delta?$deltatoken=latest")).GetProperty("@odata.deltaLink").GetString()!));
    }

    [Fact]
    public async Task Only_changes_of_selected_properties_surface_and_the_id_always_comes()
    {
        var tenant = ScaledTenant.Create(TenantSize.ForGrants(300), 1);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);
        var (renamed, moved) = (tenant.Users.First(), tenant.Users.Last());
        var link = (await graph.GetAsync("users/delta?$deltatoken=latest&$select=department")).GetProperty("@odata.deltaLink").GetString()!;

        tenant.Change(change =>
        {
            change.Put(renamed with { DisplayName = "Renamed" });
            change.Put(moved with { Department = "Marketing North" });
        });

        var row = Assert.Single(await RoundAsync(graph, link));
        Assert.Equal(["id", "department"], row.EnumerateObject().Select(property => property.Name));
        Assert.Equal(moved.Id, row.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Removals_say_whether_they_can_be_undone()
    {
        var tenant = ScaledTenant.Create(TenantSize.ForGrants(300), 1);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        using var graph = new SimulatedGraph(simulator);
        var users = tenant.Users.Take(2).ToList();
        var link = (await graph.GetAsync("users/delta?$deltatoken=latest")).GetProperty("@odata.deltaLink").GetString()!;

        tenant.Change(change =>
        {
            change.RemoveUser(users[0].Id);
            change.PurgeUser(users[1].Id);
        });

        var rows = await RoundAsync(graph, link);
        Assert.Equal(["changed", "deleted"], rows.Select(row => row.GetProperty("@removed").GetProperty("reason").GetString()));
        Assert.All(rows, row => Assert.Equal(2, row.EnumerateObject().Count()));
    }

    [Fact]
    public async Task A_token_expires_after_seven_days()
    {
        var clock = new HandSetClock();
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(1, 0), new SimulatorOptions { TimeProvider = clock });
        using var graph = new SimulatedGraph(simulator);
        var link = (await graph.GetAsync("users/delta?$deltatoken=latest")).GetProperty("@odata.deltaLink").GetString()!;

        clock.Advance(TimeSpan.FromDays(7));
        Assert.Empty(await RoundAsync(graph, link));
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((400, "syncStateNotFound"), await graph.FailAsync(link));
    }

    private static void Alter(SimulatedTenant tenant, Random random, List<SimulatedGrant> gone, int changes)
    {
        for (var index = 0; index < changes; index++)
        {
            tenant.Change(change =>
            {
                var rows = tenant.Grants.ToList();
                var row = rows[random.Next(rows.Count)];
                switch (random.Next(4))
                {
                    case 0:
                        change.Remove(row);
                        gone.Add(row);
                        break;
                    case 1 when gone.Count > 0:
                        change.Put(gone[random.Next(gone.Count)] with { Scope = "back " + random.Next() });
                        break;
                    case 2:
                        change.Put(new SimulatedGrant(row.ClientId, Guid.Parse($"00000000-0000-4000-8000-{random.Next(50):x12}"), row.PrincipalId, "new"));
                        break;
                    default:
                        change.Put(row with { Scope = "scope " + random.Next() });
                        break;
                }
            });
        }
    }

    private static async Task<List<JsonElement>> RoundAsync(SimulatedGraph graph, string link) => await graph.WalkAsync(link);
}
