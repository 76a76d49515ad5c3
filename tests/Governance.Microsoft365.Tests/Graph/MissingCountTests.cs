using System.Net;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>Lists whose count was asked for and not given: they prove nothing, however they end.</summary>
/// <remarks>Source: Graph reference, advanced queries: with <c>$count=true</c> and <c>ConsistencyLevel: eventual</c> the first page states <c>@odata.count</c>.</remarks>
public sealed class MissingCountTests
{
    private const string NoCount = "no count was given, so the number of rows is unproven";

    public static TheoryData<string, string> Counts
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var collection in new[] { "servicePrincipals", "oauth2PermissionGrants", "users" })
            {
                foreach (var count in new[] { "", "\"@odata.count\":\"2\",", "\"@odata.count\":-1,", "\"@odata.count\":2.5,", "\"@odata.count\":null,", "\"@odata.count\":[2]," })
                {
                    data.Add(collection, count);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public async Task A_list_without_a_count_is_partial_and_keeps_its_rows(string collection, string count)
    {
        var graph = new ScriptedGraph();
        graph.Instead = request => request.Collection == collection && request.Address.Query.Contains("$count", StringComparison.Ordinal)
            ? ScriptedGraph.Answer(HttpStatusCode.OK, $$"""{{{count}}"value":[{{string.Join(',', graph.Rows[collection].Take(2))}}]}""")
            : null;

        var inventory = await Some.InventoryAsync(graph);

        var part = inventory.Part(PartOf(collection));
        Assert.Equal((PartStatus.Partial, 2L, null, NoCount), (part.Status, part.Items, part.Expected, part.Reason));
        Assert.False(inventory.Complete);
    }

    [Theory]
    [InlineData("servicePrincipals")]
    [InlineData("oauth2PermissionGrants")]
    [InlineData("users")]
    public async Task An_empty_list_without_a_count_is_not_known_to_be_empty(string collection)
    {
        var graph = new ScriptedGraph { Instead = request => request.Collection == collection ? ScriptedGraph.Answer(HttpStatusCode.OK, """{"value":[]}""") : null };

        var part = (await Some.InventoryAsync(graph)).Part(PartOf(collection));

        Assert.Equal((PartStatus.Partial, 0L, NoCount), (part.Status, part.Items, part.Reason));
    }

    [Fact]
    public async Task A_list_begun_again_must_state_its_count_again()
    {
        var graph = new ScriptedGraph();
        graph.Instead = request => request switch
        {
            { Collection: "users", Try: 1 } when request.Address.Query.Contains("skiptoken=2", StringComparison.Ordinal) => ScriptedGraph.Error(400, "Directory_ExpiredPageToken"),
            { Collection: "users", Try: 2 } when request.Address.Query.Contains("$count", StringComparison.Ordinal) =>
                ScriptedGraph.Answer(HttpStatusCode.OK, $$"""{"value":[{{ScriptedGraph.User(1)}}]}"""),
            _ => null,
        };

        var users = (await Some.InventoryAsync(graph)).Part(InventoryPart.Users);

        Assert.Equal((PartStatus.Partial, 1L, NoCount), (users.Status, users.Items, users.Reason));
    }

    [Theory]
    [InlineData("servicePrincipals")]
    [InlineData("oauth2PermissionGrants")]
    [InlineData("users")]
    public async Task The_next_reading_of_changes_lists_again_what_had_no_count(string collection)
    {
        await using var tenant = await ChangingTenant.ServeAsync(new TenantSize(40, 100, 30, 50, 4), seed: 21, options => options with { LosesRows = false });
        tenant.Faults.Add($"no-count@{collection}:1");

        var unproven = (await tenant.ChangesAsync()).Inventory;
        new RandomChanges(tenant.Tenant, new Random(21)).Happen(10);
        var healed = (await tenant.ChangesAsync()).Inventory;

        Assert.Equal((PartStatus.Partial, NoCount), (unproven.Part(PartOf(collection)).Status, unproven.Part(PartOf(collection)).Reason));
        Assert.Equal(2, new[] { unproven.Cursors!.ServicePrincipals, unproven.Cursors.Grants, unproven.Cursors.Users }.Count(cursor => cursor is not null));
        Assert.True(healed.Complete);
        Assert.Equal(ChangingTenant.Facts((await tenant.FullAsync()).Inventory), ChangingTenant.Facts(healed));
    }

    [Fact]
    public async Task A_list_that_replaces_lost_changes_without_a_count_leaves_what_was_known()
    {
        await using var tenant = await ChangingTenant.ServeAsync(new TenantSize(40, 100, 30, 50, 4), seed: 22, options => options with { LosesRows = false });
        var before = (await tenant.ChangesAsync()).Inventory;
        tenant.Faults.Add("delta-expired@users/delta");
        tenant.Faults.Add("no-count@users:1");

        var unproven = (await tenant.ChangesAsync()).Inventory;

        Assert.Equal(PartStatus.Partial, unproven.Part(InventoryPart.Users).Status);
        Assert.EndsWith(NoCount, unproven.Part(InventoryPart.Users).Reason, StringComparison.Ordinal);
        Assert.Equal(ChangingTenant.Facts(before), ChangingTenant.Facts(unproven));
        Assert.Null(unproven.Cursors!.Users);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reading_that_was_broken_off_does_not_forget_that_there_was_no_count(bool withCursors)
    {
        var checkpoints = new KeptCheckpoints();
        var time = new HandSetTime();
        await using var simulator = await Simulator.GraphSimulator.StartAsync(
            ScaledTenant.Create(new TenantSize(40, 100, 30, 50, 4), seed: 9), new Simulator.SimulatorOptions { TimeProvider = time, LosesRows = false });
        simulator.Faults.Add("no-count@users:1");
        simulator.Faults.Add("503=999999@users:2");

        var stopped = await ReadAsync();
        var resumed = await ReadAsync();

        Assert.Equal(PartStatus.Partial, stopped.Inventory.Part(InventoryPart.Users).Status);
        Assert.Equal(2, simulator.Faults.Fired);
        var users = resumed.Inventory.Part(InventoryPart.Users);
        Assert.Equal((PartStatus.Partial, 50L, NoCount), (users.Status, users.Items, users.Reason));
        Assert.Null(resumed.Inventory.Cursors?.Users);

        async Task<SourceReading> ReadAsync()
        {
            var options = Some.Options(simulator.Endpoint);
            options.PageSize = 30;
            using var http = GraphTransport.Client(options);
            return await new GraphConsentSource(
                http, options, new FixedToken("opaque"), time, NullLogger<GraphConsentSource>.Instance,
                withCursors ? IncrementalReading.Everything : null, new CheckpointedReading(checkpoints, TimeSpan.Zero)).ReadAsync();
        }
    }

    private static InventoryPart PartOf(string collection) => collection switch
    {
        "servicePrincipals" => InventoryPart.ServicePrincipals,
        "users" => InventoryPart.Users,
        _ => InventoryPart.Oauth2PermissionGrants,
    };
}
