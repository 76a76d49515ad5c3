using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>
/// Faults over HTTP against readings of a tenant of several pages: as clean as without, or openly not whole (GT-1, GT-4, GT-6, GT-8,
/// GS-1, GS-4, PG-1 to PG-5). <see cref="EveryFaultTests"/> goes on to every kind at every page.
/// </summary>
public sealed class SimulatedFaultTests
{
    private const int PageSize = 30;

    private static readonly SimulatedTenant Tenant = ScaledTenant.Create(new TenantSize(40, 100, 30, 50, 4), seed: 9);

    [Theory]
    [InlineData("429=2")]
    [InlineData("429=2.128")]
    [InlineData("429=date5")]
    [InlineData("429=none")]
    [InlineData("500")]
    [InlineData("502")]
    [InlineData("503=1")]
    [InlineData("503=none")]
    [InlineData("504")]
    [InlineData("401")]
    [InlineData("reset")]
    [InlineData("cut")]
    [InlineData("cut-length")]
    [InlineData("cut-clean")]
    [InlineData("malformed")]
    [InlineData("no-value")]
    public async Task GT_4_and_GT_6_a_passing_fault_at_any_request_leaves_no_trace(string fault)
    {
        var clean = await ReadAsync();

        for (var request = 1; request <= clean.Reading.Requests.Total; request++)
        {
            var (reading, fired) = await ReadAsync($"{fault}@#{request}");

            Assert.Equal(1, fired);
            Assert.Equal(Some.Content(clean.Reading.Inventory), Some.Content(reading.Inventory));
            Assert.Equal(clean.Reading.Requests.Total + 1, reading.Requests.Total);
            Assert.Equal(1, reading.Requests.Retries);
            Assert.Equal(fault.StartsWith("429", StringComparison.Ordinal) ? 1 : 0, reading.Requests.Throttled);
        }
    }

    [Theory]
    [InlineData("page-token")]
    [InlineData("expired-token")]
    [InlineData("duplicate")]
    public async Task PG_4_rows_read_twice_count_once(string fault)
    {
        var clean = await ReadAsync();

        foreach (var page in Pages)
        {
            var (reading, fired) = await ReadAsync($"{fault}@{page.Collection}:{page.Number}");

            Assert.Equal(1, fired);
            Assert.Equal(Some.Content(clean.Reading.Inventory), Some.Content(reading.Inventory));
        }
    }

    [Fact]
    public async Task PG_2_an_empty_page_anywhere_ends_nothing()
    {
        var clean = await ReadAsync();

        foreach (var page in Pages)
        {
            var (reading, fired) = await ReadAsync($"empty@{page.Collection}:{page.Number}");

            Assert.Equal(1, fired);
            Assert.True(reading.Inventory.Complete);
            Assert.Equal(Facts(clean.Reading.Inventory), Facts(reading.Inventory));
        }
    }

    [Fact]
    public async Task PG_1_a_list_that_fails_at_any_page_holds_the_pages_before_and_is_never_complete()
    {
        foreach (var page in Pages)
        {
            var (reading, _) = await ReadAsync($"500@{page.Collection}:{page.Number}!always");

            var part = reading.Inventory.Part(page.Part);
            Assert.Equal(PartStatus.Partial, part.Status);
            Assert.Equal((page.Number - 1, (page.Number - 1) * PageSize), (part.Pages, (int)part.Items));
            Assert.Equal($"server error 500 at page {page.Number}", part.Reason);
            Assert.False(reading.Inventory.Complete);
        }
    }

    [Theory]
    [InlineData("self-link@oauth2PermissionGrants:2", "loop at page 2")]
    [InlineData("loop@oauth2PermissionGrants:3", "loop at page 3")]
    [InlineData("foreign-link@oauth2PermissionGrants:1", "link to another host refused at page 1")]
    [InlineData("http-link@oauth2PermissionGrants:1", "link to another host refused at page 1")]
    [InlineData("missing=3@oauth2PermissionGrants!always", "count mismatch")]
    [InlineData("no-value@oauth2PermissionGrants:2!always", "page without value at page 2")]
    [InlineData("cut-clean@oauth2PermissionGrants:4!always", "malformed page")]
    [InlineData("cut-length@oauth2PermissionGrants:1!always", "connection broken at page 1")]
    [InlineData("500@oauth2PermissionGrants:2!always", "server error 500 at page 2")]
    [InlineData("429=3@oauth2PermissionGrants:2!always", "throttled out: 429, asked to wait 3 s at page 2")]
    [InlineData("401@oauth2PermissionGrants:2!always", "auth: the token was refused, also after renewal at page 2")]
    [InlineData("403@oauth2PermissionGrants:2!always", "access denied: needs Directory.Read.All at page 2")]
    [InlineData("expired-token@oauth2PermissionGrants:2!always", "page link expired")]
    [InlineData("endless@oauth2PermissionGrants:2", "1000 empty pages in a row")]
    public async Task GT_8_PG_3_and_PG_5_a_lasting_fault_makes_its_part_partial_and_no_other(string fault, string reason)
    {
        var (reading, fired) = await ReadAsync(fault);

        var part = reading.Inventory.Part(InventoryPart.Oauth2PermissionGrants);
        Assert.NotEqual(0, fired);
        Assert.Equal(PartStatus.Partial, part.Status);
        Assert.StartsWith(reason, part.Reason, StringComparison.Ordinal);
        Assert.All(reading.Inventory.Parts.Where(other => other.Part is InventoryPart.ServicePrincipals or InventoryPart.Users or InventoryPart.AppRoleAssignments), other => Assert.True(other.Complete, $"{other.Part} {other.Reason}"));
    }

    [Fact]
    public async Task GS_4_grants_that_the_list_lost_are_found_app_by_app()
    {
        var clean = await ReadAsync();

        var (reading, fired) = await ReadAsync("missing=3@oauth2PermissionGrants:2");

        var part = reading.Inventory.Part(InventoryPart.Oauth2PermissionGrants);
        Assert.Equal(1, fired);
        Assert.True(part.Complete);
        Assert.Equal("the list was short (97 of 100); the rest was found app by app", part.Reason);
        Assert.Equal(clean.Reading.Inventory.Grants.All(), reading.Inventory.Grants.All());
    }

    [Fact]
    public async Task GS_4_when_asking_app_by_app_breaks_off_the_list_stays_short_and_says_so()
    {
        var (reading, _) = await ReadAsync("missing=3@oauth2PermissionGrants:2", "403@servicePrincipals/*/oauth2PermissionGrants!always");

        var part = reading.Inventory.Part(InventoryPart.Oauth2PermissionGrants);
        Assert.Equal(PartStatus.Partial, part.Status);
        Assert.StartsWith("count mismatch: 97 of 100; asking app by app broke off: access denied", part.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("403@servicePrincipals!always", InventoryPart.ServicePrincipals, "Application.Read.All")]
    [InlineData("403@oauth2PermissionGrants!always", InventoryPart.Oauth2PermissionGrants, "Directory.Read.All")]
    [InlineData("403@users!always", InventoryPart.Users, "User.Read.All")]
    [InlineData("403@appRoleAssignedTo!always", InventoryPart.AppRoleAssignments, "Application.Read.All")]
    public async Task GS_1_a_refused_part_is_unavailable_and_names_the_missing_right(string fault, InventoryPart refused, string right)
    {
        var (reading, _) = await ReadAsync(fault);

        Assert.Equal(PartStatus.Unavailable, reading.Inventory.Part(refused).Status);
        Assert.Contains($"access denied: needs {right}", reading.Inventory.Part(refused).Reason, StringComparison.Ordinal);
        Assert.False(reading.Inventory.Complete);
    }

    [Fact]
    public async Task Without_service_principals_there_are_no_assignments_either()
    {
        var (reading, _) = await ReadAsync("403@servicePrincipals!always");

        Assert.Equal(PartStatus.Unavailable, reading.Inventory.Part(InventoryPart.AppRoleAssignments).Status);
    }

    [Fact]
    public async Task GT_2_a_throttled_out_resource_ends_the_asking_for_assignments()
    {
        var (reading, _) = await ReadAsync("429=1@appRoleAssignedTo!always");

        var part = reading.Inventory.Part(InventoryPart.AppRoleAssignments);
        Assert.Equal(PartStatus.Partial, part.Status);
        Assert.Contains("throttled out", part.Reason, StringComparison.Ordinal);
        Assert.Equal(0, reading.Inventory.Assignments.Count);
    }

    private static string Facts(Inventory inventory) => Some.Content(inventory with { Parts = [] });

    /// <summary>Every page of the three counted lists.</summary>
    private static IEnumerable<(string Collection, InventoryPart Part, int Number)> Pages =>
        from list in new[]
        {
            (Collection: "servicePrincipals", Part: InventoryPart.ServicePrincipals, Rows: Tenant.ServicePrincipalCount),
            (Collection: "oauth2PermissionGrants", Part: InventoryPart.Oauth2PermissionGrants, Rows: Tenant.GrantCount),
            (Collection: "users", Part: InventoryPart.Users, Rows: Tenant.UserCount),
        }
        from number in Enumerable.Range(1, (list.Rows + PageSize - 1) / PageSize)
        select (list.Collection, list.Part, number);

    private static async Task<(SourceReading Reading, int Fired)> ReadAsync(params string[] faults)
    {
        var time = new HandSetTime();
        await using var simulator = await GraphSimulator.StartAsync(Tenant, new SimulatorOptions { TimeProvider = time, LosesRows = false });
        foreach (var fault in faults)
        {
            simulator.Faults.Add(Fault.Parse(fault));
        }

        var options = Some.Options(simulator.Endpoint);
        options.PageSize = PageSize;
        using var http = GraphTransport.Client(options);
        var source = new GraphConsentSource(http, options, new FixedToken("opaque"), time, NullLogger<GraphConsentSource>.Instance);
        var reading = await source.ReadAsync();
        return (reading, simulator.Faults.Fired);
    }
}
