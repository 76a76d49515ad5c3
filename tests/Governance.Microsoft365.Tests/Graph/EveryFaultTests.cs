using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>
/// Every fault the simulator knows, once and for good, at every page of everything that a reading asks for, listed and by changes: each
/// part that calls itself complete holds what the clean reading holds, and each other one says why (GT-1 to GT-8, GS-1 to GS-4, PG-1 to PG-7).
/// </summary>
public sealed class EveryFaultTests
{
    /// <summary>Faults that end by themselves and must leave no trace wherever they strike.</summary>
    private static readonly ImmutableHashSet<string> Passing =
    [
        "429=2", "429=2.128", "429=date5", "429=none", "500", "502", "503=1", "503=none", "504", "401", "reset", "cut", "cut-length", "cut-clean",
        "malformed", "no-value", "drip=1", "empty", "duplicate", "page-token", "expired-token", "minimal",
    ];

    public static TheoryData<string, bool> Faults
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var fault in Passing.Concat(["silence", "400", "403", "404", "410", "licence", "endless", "self-link", "loop", "foreign-link", "http-link", "missing=1", "huge=1", "delta-reset", "delta-expired", "replay", "no-count"]).Order(StringComparer.Ordinal))
            {
                data.Add(fault, false);
                data.Add(fault, true);
            }

            return data;
        }
    }

    [Fact]
    public void Every_kind_of_fault_is_among_them()
    {
        var tried = Faults.Select(row => (string)row[0]).Select(name => name.Split('=')[0]).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(Fault.Names.Except(tried));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task At_every_page_of_a_full_reading(string fault, bool forGood) => await EverywhereAsync(fault, forGood, changes: false);

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task At_every_page_of_a_reading_of_changes(string fault, bool forGood) => await EverywhereAsync(fault, forGood, changes: true);

    private static async Task EverywhereAsync(string fault, bool forGood, bool changes)
    {
        var (clean, places) = await CleanAsync(changes);
        var missed = new List<string>();
        foreach (var place in places)
        {
            var at = $"{fault}@{place}{(forGood ? "!always" : "!1")}";
            await using var readings = await FaultedReadings.ServeAsync(changes);
            readings.Faults.Add(at);

            var reading = await readings.ReadAsync();

            if (readings.Faults.Fired == 0)
            {
                missed.Add(place);
            }

            if (reading is null)
            {
                Assert.True(place.StartsWith("organization", StringComparison.Ordinal), $"{at}: nothing was read");
                continue;
            }

            AssertEqualOrOpen(clean, reading, at);
            if (!forGood && Passing.Contains(fault) && (!fault.EndsWith("-token", StringComparison.Ordinal) || IsList(place)))
            {
                Assert.True(reading.Inventory.Parts.All(part => part.Complete), $"{at}: {Reasons(reading)}");
                Assert.True(reading.Notes.IsEmpty, $"{at}: {string.Join("; ", reading.Notes)}");
            }
        }

        // Some faults bend only pages of changes or links, others only an answer that is not an item of a batch.
        Assert.True(missed.Count < places.Length || NeverIn(fault, changes), $"{fault} struck nowhere");
        Assert.True(missed.Count == 0 || Picky(fault, changes), $"{fault} did not strike at {string.Join(' ', missed)}");
    }

    /// <summary>Only a list can be begun again when the link to a page has expired.</summary>
    private static bool IsList(string place) => !place.StartsWith("policies", StringComparison.Ordinal) && !place.StartsWith("directoryObjects", StringComparison.Ordinal);

    private static bool NeverIn(string fault, bool changes) => fault is "replay" or "minimal" && !changes;

    /// <summary>Faults that need something to bend: a page, the transport of an answer of its own, a round of changes.</summary>
    private static bool Picky(string fault, bool changes) =>
        fault.Split('=')[0] is "replay" or "minimal" or "no-count" or "no-value" or "empty" or "duplicate" or "missing" or "endless" or "self-link" or "loop" or "foreign-link" or "http-link"
        || (changes && fault.Split('=')[0] is "reset" or "cut" or "cut-length" or "cut-clean" or "malformed" or "drip" or "silence" or "huge");

    /// <summary>No part may call itself complete with other rows than it has; a link too many or a row less is known only where rows are counted.</summary>
    private static void AssertEqualOrOpen(SourceReading clean, SourceReading reading, string at)
    {
        foreach (var part in reading.Inventory.Parts)
        {
            Assert.True(part.Complete || !string.IsNullOrEmpty(part.Reason), $"{at}: {part.Part} does not say why it is {part.Status}");
            if (part.Complete && !LostUncounted(at, part))
            {
                var (expected, read) = (Rows(clean.Inventory, part.Part), Rows(reading.Inventory, part.Part));
                Assert.True(expected == read, $"{at}: {part.Part} calls itself complete ({part.Reason})\n{expected}\n{read}");
            }
        }

        var notes = string.Join("; ", reading.Notes);
        Assert.True(reading.Inventory.UserConsent == clean.Inventory.UserConsent || (reading.Inventory.UserConsent is null && notes.Contains("consent policy", StringComparison.Ordinal)), at);
        var trained = reading.Inventory.TrainedUsers;
        Assert.True(
            trained is null ? notes.Contains("training group", StringComparison.Ordinal) : at.StartsWith("missing", StringComparison.Ordinal) || trained.SetEquals(clean.Inventory.TrainedUsers!), at);
        Assert.Equal(clean.Inventory.Organization.TenantId, reading.Inventory.Organization.TenantId);
    }

    /// <summary>Graph counts only the lists of service principals, grants and users: a row that another answer leaves out cannot be missed.</summary>
    private static bool LostUncounted(string at, PartReading part) =>
        at.StartsWith("missing", StringComparison.Ordinal) && part.Expected is null;

    private static string Rows(Inventory inventory, InventoryPart part) => string.Join('\n', part switch
    {
        InventoryPart.ServicePrincipals => inventory.ServicePrincipals.Select(row => $"{row.Id} {row.AppId} {row.DisplayName} {row.AppRoles.Length}"),
        InventoryPart.Oauth2PermissionGrants => inventory.Grants.All().Select(row => row.ToString()),
        InventoryPart.AppRoleAssignments => inventory.Assignments.All.Select(row => row.ToString()),
        InventoryPart.Users => Enumerable.Range(0, inventory.Users.Count).Select(row => inventory.Users[row].ToString()),
        InventoryPart.ConsentEvents => inventory.ConsentEvents.Select(row => $"{row.Id} {row.At:O} {string.Join(' ', row.AddedScopes)}"),
        InventoryPart.ConsentRequests => inventory.ConsentRequests.Select(row => $"{row.Id} {row.Pending} {row.OldestPendingAt:O}"),
        InventoryPart.AgentIdentities => inventory.AgentIdentities.Select(row => row.ToString()),
        InventoryPart.SignInActivity => inventory.SignIns.Select(row => row.ToString()),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "compare its rows too"),
    });

    private static string Reasons(SourceReading reading) =>
        string.Join("; ", reading.Inventory.Parts.Where(part => !part.Complete).Select(part => $"{part.Part} {part.Status} {part.Reason}"));

    /// <returns>The reading without a fault, and every page it asked for: path and number.</returns>
    private static async Task<(SourceReading Clean, string[] Places)> CleanAsync(bool changes)
    {
        await using var readings = await FaultedReadings.ServeAsync(changes);
        var clean = (await readings.ReadAsync())!;
        Assert.True(clean.Inventory.Parts.All(part => part.Complete), Reasons(clean));
        Assert.Equal(changes ? ScanMode.Incremental : ScanMode.Full, clean.Mode);
        var places = readings.Log.Entries
            .Select(entry => new Uri(readings.Endpoint, entry.PathAndQuery).AbsolutePath.Split('/', 3)[2])
            .GroupBy(path => path)
            .SelectMany(path => Enumerable.Range(path.Key == "$batch" ? readings.BatchesBefore + 1 : 1, path.Count()).Select(page => $"{path.Key}:{page}"))
            .ToArray();
        Assert.Equal(2, places.Count(place => place.StartsWith("auditLogs", StringComparison.Ordinal)));
        Assert.True(places.Length >= 25, $"only {places.Length} pages: {string.Join(' ', places)}");
        return (clean, places);
    }

    /// <summary>The reference tenant, served with faults, and for readings of changes one reading and some changes later.</summary>
    private sealed class FaultedReadings : IAsyncDisposable
    {
        private readonly SimulatedTenant _tenant;
        private readonly GraphSimulator _simulator;
        private readonly HandSetTime _time;
        private Inventory? _before;

        private FaultedReadings(SimulatedTenant tenant, GraphSimulator simulator, HandSetTime time)
        {
            _tenant = tenant;
            _simulator = simulator;
            _time = time;
        }

        /// <summary>Batches are numbered over the simulator's life.</summary>
        public int BatchesBefore { get; private set; }

        public FaultPlan Faults => _simulator.Faults;

        public RequestLog Log => _simulator.Requests;

        public Uri Endpoint => _simulator.Endpoint;

        public static async Task<FaultedReadings> ServeAsync(bool changes)
        {
            var tenant = ReferenceTenant.Create();
            var time = new HandSetTime();
            var simulator = await GraphSimulator.StartAsync(tenant, new SimulatorOptions { TimeProvider = time, LosesRows = false, DeltaPageSize = 3 });
            var readings = new FaultedReadings(tenant, simulator, time);
            if (changes)
            {
                readings._before = (await readings.ReadAsync(incremental: true))!.Inventory;
                ReferenceTenant.Change(tenant);
                readings.BatchesBefore = simulator.Requests.Entries.Count(entry => entry.PathAndQuery.EndsWith("/$batch", StringComparison.Ordinal));
                simulator.Requests.Clear();
            }

            return readings;
        }

        public Task<SourceReading?> ReadAsync() => ReadAsync(_before is not null);

        public async ValueTask DisposeAsync() => await _simulator.DisposeAsync();

        /// <returns>Null when the source could not even say which tenant it is.</returns>
        private async Task<SourceReading?> ReadAsync(bool incremental)
        {
            var options = ReferenceTenant.Options(_simulator.Endpoint);
            using var http = GraphTransport.Client(options);
            var changes = incremental ? new IncrementalReading((_, _) => Task.FromResult(_before), IncrementalReading.Weekly, _ => { }) : null;
            var source = new GraphConsentSource(http, options, new FixedToken("opaque"), _time, NullLogger<GraphConsentSource>.Instance, changes);
            using var over = new CancellationTokenSource();
            var patience = LosePatienceAsync(over.Token);
            try
            {
                return await source.ReadAsync();
            }
            catch (Exception refused) when (refused is TenantAccessDeniedException or SourceUnreachableException)
            {
                return null;
            }
            finally
            {
                await over.CancelAsync();
                await patience;
            }
        }

        /// <summary>While an answer keeps silent nothing moves the clock, so somebody must.</summary>
        private async Task LosePatienceAsync(CancellationToken over)
        {
            var heard = 0;
            while (!over.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(40), over).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                var now = Faults.Faults.Where(one => one.Fault.Kind == Simulator.Faults.FaultKind.Silence).Sum(one => one.Fired);
                if (now > heard)
                {
                    heard = now;
                    _time.Advance(TimeSpan.FromDays(2.5));
                }
            }
        }
    }
}
