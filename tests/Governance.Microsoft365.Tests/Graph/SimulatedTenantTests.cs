using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>What is read over HTTP from the simulator against what its tenant truly holds.</summary>
public sealed class SimulatedTenantTests
{
    [Fact]
    public async Task Everything_the_marketing_organisation_holds_is_read()
    {
        var tenant = MarketingOrganisation.Create(seed: 1, night: 0);
        await using var simulator = await GraphSimulator.StartAsync(tenant);

        var reading = await ReadAsync(simulator);

        AssertTruth(tenant, reading.Inventory);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(5_000)]
    public async Task Everything_a_scaled_tenant_holds_is_read(int grants)
    {
        var tenant = ScaledTenant.Create(TenantSize.ForGrants(grants), seed: 3);
        await using var simulator = await GraphSimulator.StartAsync(tenant);

        var reading = await ReadAsync(simulator);

        AssertTruth(tenant, reading.Inventory);
    }

    [Theory]
    [InlineData(40, 100, 30, 50, 4)]
    [InlineData(999, 999, 50, 999, 3)]
    [InlineData(1_000, 1_998, 2_100, 1_001, 2)]
    public async Task A_full_scan_needs_exactly_the_fewest_requests(int principals, int grants, int assignments, int users, int resources)
    {
        var tenant = ScaledTenant.Create(new TenantSize(principals, grants, assignments, users, resources), seed: 5);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        var byResource = tenant.ServicePrincipals.Where(app => app.AppRoles.Length > 0 || app.AssignmentRequired)
            .Sum(app => Math.Max(1, Pages(tenant.AppRoleAssignments.Count(row => row.ResourceId == app.Id))));

        var reading = await ReadAsync(simulator);

        Assert.True(reading.Inventory.Complete, Some.Content(reading.Inventory)[^400..]);
        Assert.Equal(1 + Pages(principals) + Pages(grants) + Pages(users) + byResource, reading.Requests.Total);
        Assert.Equal(reading.Requests.Total - 1, reading.Inventory.Parts.Sum(part => part.Requests));
        Assert.Equal(0, reading.Requests.Retries);

        static int Pages(int rows) => Math.Max(1, (rows + 998) / 999);
    }

    [Fact]
    public async Task Two_readings_of_an_unchanged_tenant_are_the_same()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(seed: 2, night: 1));

        var first = await ReadAsync(simulator);
        var second = await ReadAsync(simulator);

        Assert.Equal(Some.Content(first.Inventory), Some.Content(second.Inventory));
    }

    [Fact]
    public async Task Optional_parts_are_read_when_asked_for()
    {
        var tenant = MarketingOrganisation.Create(seed: 1, night: 0);
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        var options = new GraphOptions { Endpoint = simulator.Endpoint, ConsentEventWindow = TimeSpan.FromDays(45) };
        options.OptionalParts.Add(InventoryPart.ConsentEvents);
        options.OptionalParts.Add(InventoryPart.ConsentRequests);
        options.OptionalParts.Add(InventoryPart.SignInActivity);
        options.OptionalParts.Add(InventoryPart.AgentIdentities);
        var time = new HandSetTime();
        time.Advance(tenant.AsOf - HandSetTime.Start);

        var inventory = (await ReadAsync(simulator, options, time)).Inventory;

        Assert.All(inventory.Parts, part => Assert.True(part.Complete, $"{part.Part} {part.Status} {part.Reason}"));
        Assert.NotEmpty(inventory.ConsentEvents);
        Assert.All(inventory.ConsentEvents, one => Assert.NotNull(one.ClientId));
        Assert.Contains(inventory.ConsentEvents, one => one.AddedScopes.Length > 0);
        Assert.NotEmpty(inventory.ConsentRequests);
        Assert.Contains(inventory.ConsentRequests, one => one.Pending > 0 && one.OldestPendingAt is not null);
        Assert.NotEmpty(inventory.SignIns);
        Assert.NotEmpty(inventory.AgentIdentities);
    }

    private static Task<SourceReading> ReadAsync(GraphSimulator simulator, GraphOptions? options = null, TimeProvider? time = null)
    {
        options ??= new GraphOptions { Endpoint = simulator.Endpoint };
        options.Silence = TimeSpan.FromDays(2);
        options.TimeBudget = TimeSpan.FromDays(10);
        var source = new GraphConsentSource(
            GraphTransport.Client(options), options, new FixedToken("opaque"), time ?? TimeProvider.System, NullLogger<GraphConsentSource>.Instance);
        return source.ReadAsync();
    }

    private static void AssertTruth(SimulatedTenant tenant, Inventory inventory)
    {
        Assert.All(inventory.Parts.Where(part => Inventory.Needed.Contains(part.Part)), part => Assert.True(part.Complete, $"{part.Part} {part.Reason}"));
        Assert.Equal(tenant.TenantId, inventory.Organization.TenantId);
        Assert.Equal(
            tenant.ServicePrincipals.Select(app => (app.Id, app.AppId, app.DisplayName, app.OwnerTenantId, app.VerifiedPublisher?.DisplayName, app.Homepage, Urls: string.Join(' ', app.ReplyUrls), app.AppRoles.Length, app.AssignmentRequired)).OrderBy(app => app.Id),
            inventory.ServicePrincipals.Select(app => (app.Id, app.AppId, app.DisplayName, app.OwnerTenantId, app.VerifiedPublisher?.Name, app.Homepage, Urls: string.Join(' ', app.ReplyUrls), app.AppRoles.Length, app.AssignmentRequired)));
        Assert.Equal(
            tenant.Grants.Select(grant => (grant.Id, grant.ClientId, grant.ResourceId, grant.PrincipalId, grant.Scope ?? string.Empty)).Order(),
            inventory.Grants.All().Select(grant => (grant.Id, grant.ClientId, grant.ResourceId, grant.PrincipalId, grant.Scope)).Order());

        // Access by default to an app that offers no roles and needs no assignment opens nothing, and is not asked for.
        var resources = tenant.ServicePrincipals.Where(app => app.AppRoles.Length > 0 || app.AssignmentRequired).Select(app => app.Id).ToHashSet();
        Assert.Equal(
            tenant.AppRoleAssignments.Where(row => resources.Contains(row.ResourceId)).Select(row => (row.Id, row.ResourceId, row.PrincipalId, row.PrincipalType, row.AppRoleId)).Order(),
            inventory.Assignments.All.Select(row => (row.Id, row.ResourceId, row.PrincipalId, row.Assignee.ToString(), row.RoleId)).Order());
        Assert.Equal(
            tenant.Users.Select(user => (user.Id, user.Department, (bool?)user.AccountEnabled, user.UserType == "Guest")).OrderBy(user => user.Id),
            Enumerable.Range(0, inventory.Users.Count).Select(row => inventory.Users[row]).Select(user => (user.Id, user.Department, user.Enabled, user.Guest)));
    }
}
