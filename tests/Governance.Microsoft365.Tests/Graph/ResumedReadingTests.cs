using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>A reading that is broken off at every request in turn and then taken up again (GT-5, CP-1, CP-2).</summary>
public sealed class ResumedReadingTests
{
    private static readonly SimulatedTenant Tenant = ScaledTenant.Create(new TenantSize(40, 100, 30, 50, 4), seed: 9);
    private readonly KeptCheckpoints _checkpoints = new();
    private readonly HandSetTime _time = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Broken_off_at_any_request_it_ends_as_if_it_had_not_been(bool withCursors)
    {
        await using var simulator = await ServeAsync();
        var clean = await ReadAsync(simulator, withCursors);
        var saved = 0;
        for (var request = 2; request <= clean.Requests.Total; request++)
        {
            _checkpoints.All.Clear();
            var started = _time.GetUtcNow();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(simulator, withCursors, request));
            var left = _checkpoints.All.Count;
            _time.Advance(TimeSpan.FromMinutes(5));

            var resumed = await ReadAsync(simulator, withCursors);

            Assert.Equal(Content(clean.Inventory), Content(resumed.Inventory));
            Assert.Equal(left > 0 ? started : _time.GetUtcNow(), resumed.Inventory.ReadAt);
            Assert.Equal(withCursors, resumed.Inventory.Cursors?.Grants is not null);
            saved += clean.Requests.Total - resumed.Requests.Total;
        }

        Assert.True(saved > clean.Requests.Total, $"only {saved} requests were saved in all");
    }

    [Fact]
    public async Task GT_5_a_wait_past_the_time_left_is_not_slept_and_a_later_reading_goes_on_to_a_clean_end()
    {
        await using var simulator = await ServeAsync();
        var clean = await ReadAsync(simulator, withCursors: false);
        _checkpoints.All.Clear();
        simulator.Faults.Add(Fault.Parse("503=999999@oauth2PermissionGrants:3!always"));
        var slept = _time.Waits.Count;

        var stopped = await ReadAsync(simulator, withCursors: false);
        var waits = _time.Waits.Skip(slept).ToArray();
        simulator.Faults.Clear();
        var finished = await ReadAsync(simulator, withCursors: false);

        var part = stopped.Inventory.Part(InventoryPart.Oauth2PermissionGrants);
        Assert.Equal((PartStatus.Partial, "throttled out: 503, asked to wait 999999 s at page 3"), (part.Status, part.Reason));
        Assert.Empty(waits);
        Assert.Equal(Content(clean.Inventory), Content(finished.Inventory));
        Assert.True(finished.Requests.Total < clean.Requests.Total, $"{finished.Requests.Total} of {clean.Requests.Total} requests");
    }

    [Fact]
    public async Task GT_5_where_somebody_goes_on_with_it_the_reading_is_suspended_for_as_long_as_Graph_asked()
    {
        await using var simulator = await ServeAsync();
        var clean = await ReadAsync(simulator, withCursors: false);
        _checkpoints.All.Clear();
        _time.Held = TimeSpan.FromMinutes(5);
        simulator.Faults.Add(Fault.Parse("503=3600@oauth2PermissionGrants:3"));

        var suspended = await Assert.ThrowsAsync<ReadingSuspendedException>(() => ReadAsync(simulator, withCursors: false, budget: TimeSpan.FromMinutes(30)));
        _time.Advance(suspended.Wait);
        var finished = await ReadAsync(simulator, withCursors: false, budget: TimeSpan.FromMinutes(30));

        Assert.Equal((TimeSpan.FromHours(1), true), (suspended.Wait, suspended.Progressed));
        Assert.Equal(Content(clean.Inventory), Content(finished.Inventory));
        Assert.True(finished.Inventory.Complete);
        Assert.True(finished.Requests.Total < clean.Requests.Total, $"{finished.Requests.Total} of {clean.Requests.Total} requests");
    }

    [Fact]
    public async Task GT_5_a_reading_that_may_not_even_begin_is_suspended_without_progress()
    {
        await using var simulator = await ServeAsync();
        _time.Held = TimeSpan.FromMinutes(5);
        simulator.Faults.Add(Fault.Parse("503=3600@oauth2PermissionGrants:1!always"));
        simulator.Faults.Add(Fault.Parse("503=3600@servicePrincipals:1!always"));
        simulator.Faults.Add(Fault.Parse("503=3600@users:1!always"));

        var suspended = await Assert.ThrowsAsync<ReadingSuspendedException>(() => ReadAsync(simulator, withCursors: false, budget: TimeSpan.FromMinutes(30)));

        Assert.Equal((TimeSpan.FromHours(1), false), (suspended.Wait, suspended.Progressed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SC_3_a_tenant_that_needs_ten_times_the_time_of_one_reading_is_read_whole_by_many(bool withCursors)
    {
        await using var simulator = await ServeAsync(ScaledTenant.Create(new TenantSize(400, 1_000, 300, 2_000, 10), seed: 9));
        var clean = await ReadAsync(simulator, withCursors);
        _checkpoints.All.Clear();
        _time.Held = TimeSpan.FromMinutes(1);
        var budget = TimeSpan.FromMinutes(clean.Requests.Total / 10.0);
        var readings = 1;
        SourceReading? finished = null;
        for (; finished is null; readings++)
        {
            try
            {
                finished = await ReadAsync(simulator, withCursors, budget: budget, takes: _ => TimeSpan.FromMinutes(1));
            }
            catch (ReadingSuspendedException suspended)
            {
                Assert.True(suspended.Progressed);
                Assert.Equal(TimeSpan.Zero, suspended.Wait);
            }
        }

        Assert.InRange(readings, 10, 60);
        Assert.True(finished.Inventory.Complete);
        Assert.Equal(Content(Uncounted(clean.Inventory)), Content(Uncounted(finished.Inventory)));
    }

    [Fact]
    public async Task SC_3_without_any_progress_the_reading_ends_and_says_what_is_missing()
    {
        await using var simulator = await ServeAsync();
        _time.Held = TimeSpan.FromMinutes(1);

        var ended = await ReadAsync(simulator, withCursors: true, budget: TimeSpan.FromMinutes(30), takes: number => TimeSpan.FromMinutes(number == 1 ? 1 : 31));

        Assert.False(ended.Inventory.Complete);
        Assert.Contains(ended.Inventory.Parts, part => part.Reason?.Contains("time budget used up", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_reading_that_has_its_last_page_asks_for_next_to_nothing()
    {
        await using var simulator = await ServeAsync();
        var clean = await ReadAsync(simulator, withCursors: false);

        var again = await ReadAsync(simulator, withCursors: false);

        Assert.Equal(1, again.Requests.Total);
        Assert.Equal(Content(clean.Inventory), Content(again.Inventory));
    }

    [Fact]
    public async Task A_link_that_has_expired_meanwhile_starts_its_part_afresh()
    {
        await using var simulator = await ServeAsync();
        var clean = await ReadAsync(simulator, withCursors: false);
        _checkpoints.All.Clear();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(simulator, withCursors: false, breakAt: 6));
        simulator.Faults.Add(Fault.Parse("expired-token@oauth2PermissionGrants!1"));

        var resumed = await ReadAsync(simulator, withCursors: false);
        var again = await ReadAsync(simulator, withCursors: false);

        Assert.Equal(1, simulator.Faults.Fired);
        Assert.Equal(Content(clean.Inventory), Content(resumed.Inventory));
        Assert.Equal(Content(clean.Inventory), Content(again.Inventory));
    }

    [Fact]
    public async Task A_checkpoint_a_day_old_is_not_gone_on_from()
    {
        await using var simulator = await ServeAsync();
        await ReadAsync(simulator, withCursors: false);
        _time.Advance(TimeSpan.FromHours(25));

        var later = await ReadAsync(simulator, withCursors: false);

        Assert.Equal(_time.GetUtcNow(), later.Inventory.ReadAt);
        Assert.True(later.Requests.Total > 1);
    }

    [Fact]
    public async Task A_damaged_checkpoint_costs_its_part_and_no_other()
    {
        await using var simulator = await ServeAsync();
        var clean = await ReadAsync(simulator, withCursors: false);
        var at = _checkpoints.All.FindIndex(checkpoint => checkpoint.Part == InventoryPart.Users);
        var body = _checkpoints.All[at].Body.ToArray();
        body[^1] ^= 1;
        _checkpoints.All[at] = _checkpoints.All[at] with { Body = body };

        var resumed = await ReadAsync(simulator, withCursors: false);

        Assert.Equal(Content(clean.Inventory), Content(resumed.Inventory));
        Assert.Equal(3, resumed.Requests.Total);
    }

    /// <summary>Another scan of the tenant may be kept while this one is read, and that ends the checkpoints there are.</summary>
    [Fact]
    public async Task CP_1_a_checkpoint_missing_before_the_last_costs_its_part_and_loses_no_row()
    {
        await using var simulator = await ServeAsync();
        var clean = await ReadAsync(simulator, withCursors: false);
        foreach (var part in _checkpoints.All.GroupBy(checkpoint => checkpoint.Part).Where(part => part.Count() > 1).ToArray())
        {
            _checkpoints.All.Remove(part.MinBy(checkpoint => checkpoint.Sequence)!);
        }

        var resumed = await ReadAsync(simulator, withCursors: false);

        Assert.Equal(Content(clean.Inventory), Content(resumed.Inventory));
        Assert.True(resumed.Requests.Total > 1);
    }

    [Fact]
    public async Task MT_1_a_checkpoint_of_another_tenant_is_left_alone()
    {
        await using var simulator = await ServeAsync();
        await ReadAsync(simulator, withCursors: false);
        var other = _checkpoints.All.Select(checkpoint => checkpoint with { TenantId = Some.Id(1) }).ToArray();
        _checkpoints.All.Clear();
        _checkpoints.All.AddRange(other);

        var reading = await ReadAsync(simulator, withCursors: false);

        Assert.True(reading.Requests.Total > 5);
        Assert.Equal(Tenant.TenantId, reading.Inventory.Organization.TenantId);
    }

    /// <summary>Without how many pages it took: where the time runs out within a list, its first pages are read twice.</summary>
    private static Inventory Uncounted(Inventory inventory) => inventory with { Parts = [.. inventory.Parts.Select(part => part with { Pages = 0 })] };

    private static string Content(Inventory inventory) => Some.Content(inventory with { Cursors = null });

    private Task<GraphSimulator> ServeAsync(SimulatedTenant? tenant = null) =>
        GraphSimulator.StartAsync(tenant ?? Tenant, new SimulatorOptions { TimeProvider = _time, LosesRows = false });

    /// <param name="breakAt">Request at which the process is stopped; 0 for none.</param>
    /// <param name="takes">How long each request takes, by its number from 1.</param>
    /// <param name="budget">Time for the reading, which then is suspended at its end; null for as much as it needs.</param>
    private async Task<SourceReading> ReadAsync(GraphSimulator simulator, bool withCursors, int breakAt = 0, TimeSpan? budget = null, Func<int, TimeSpan>? takes = null)
    {
        using var stop = new CancellationTokenSource();
        var options = Some.Options(simulator.Endpoint);
        options.PageSize = 30;
        options.Parallelism = 1;
        options.TimeBudget = budget ?? options.TimeBudget;
        using var http = GraphTransport.Client(new Breaking(breakAt, stop, number => _time.Advance(takes?.Invoke(number) ?? TimeSpan.Zero)));
        var incremental = withCursors ? new IncrementalReading((_, _) => Task.FromResult<Inventory?>(null), IncrementalReading.Weekly, _ => { }) : null;
        var source = new GraphConsentSource(
            http, options, new FixedToken("opaque"), _time, NullLogger<GraphConsentSource>.Instance, incremental, 
            new CheckpointedReading(_checkpoints, budget is null ? TimeSpan.Zero : TimeSpan.FromHours(20)) { Suspends = budget is not null });
        return await source.ReadAsync(new Some.Unheard(), stop.Token);
    }

    private sealed class Breaking(int at, CancellationTokenSource stop, Action<int> passes) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _sent;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref _sent);
            if (number == at)
            {
                await stop.CancelAsync();
            }

            passes(number);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
