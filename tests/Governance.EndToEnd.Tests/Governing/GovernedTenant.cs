using Governance.Cli;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Revocations;
using Governance.EndToEnd.Tests.Cli;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>A scanned made-up tenant with its records, and people who act on them.</summary>
internal sealed class GovernedTenant : IAsyncDisposable
{
    private readonly ScannedTenant _tenant;
    private readonly HttpClient _http;
    private readonly GraphOptions _options;

    private GovernedTenant(ScannedTenant tenant)
    {
        _tenant = tenant;
        _options = new GraphOptions { Endpoint = tenant.Simulator.Endpoint, Attempts = 2, FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(2), Silence = TimeSpan.FromSeconds(2) };
        _http = GraphTransport.Client(_options);
        Kept = Kept.Open(new DirectoryInfo(tenant.Data));
    }

    public GraphSimulator Simulator => _tenant.Simulator;

    public Guid Id => Simulator.Tenant.TenantId;

    public string Data => _tenant.Data;

    public Kept Kept { get; }

    public SetTime Time { get; } = new(TimeProvider.System.GetUtcNow());

    public GovernancePolicy Policy { get; set; } = GovernancePolicy.BuiltIn;

    public static async Task<GovernedTenant> StartAsync(SimulatedTenant? tenant = null, SimulatorOptions? options = null)
    {
        var scanned = await ScannedTenant.Serve(tenant ?? MarketingOrganisation.Create(seed: 3, night: 9), options);
        var run = await scanned.Scan();
        Assert.True(run.Code is 0 or 3, run.Notes);
        return new GovernedTenant(scanned);
    }

    public Task<Run> ScanAsync(params string[] more) => _tenant.Scan(more);

    public async Task<TenantState> StateAsync() => (await Kept.Scans.StateAsync(Id, default))!;

    public async Task<AssessedApp> AppAsync(string name) => (await StateAsync()).Apps.First(app => app.App.Principal.Name == name);

    /// <summary>An app with grants for several users and none for everyone.</summary>
    public async Task<AssessedApp> UserAppAsync() =>
        (await StateAsync()).Apps.First(app => app.AiInUse && app.App.Grants is >= 3 and <= 20 && !app.App.Reach.TenantWide && app.App.AppRoles == 0);

    public Task<Person> PersonAsync(string name) => Kept.Persons.ActingAsync(Id, name, default);

    public async Task<GovernanceRecord> RecordAsync() => GovernanceRecord.Of(await Kept.Ledger.ReadAsync(Id, default));

    public Task<GovernanceRecord> ActAsync(Func<GovernanceRecord, LedgerDraft> act) => new RecordAct(Kept.Ledger).RunAsync(Id, act, default);

    /// <summary>Plans to take away everything an app holds, and lets people agree.</summary>
    public async Task<RevocationOrder> OrderAsync(AssessedApp app, params string[] approvers)
    {
        var inventory = (await Kept.Scans.InventoryAsync(Id, (await StateAsync()).LastScan.Id, default))!;
        var plan = RevocationPlan.Of(inventory, app.App, []);
        var planner = await PersonAsync("Paula Planner");
        var record = await ActAsync(known => RevocationActs.Plan(known, planner, plan, app.App.Reach.Users, "records meetings of clients", Policy, Time.GetUtcNow()));
        var id = $"V{record.Head.Count}";
        foreach (var name in approvers)
        {
            var person = await PersonAsync(name);
            record = await ActAsync(known => RevocationActs.Approve(known, id, person, plan.Fingerprint, Policy, Time.GetUtcNow()));
        }

        Simulator.Requests.Clear();
        return record.Order(id);
    }

    public IConsentWriter Writer() => new GraphConsentWriter(_http, _options, new FixedToken("writer"), TimeProvider.System);

    public async Task<RevocationReport> ExecuteAsync(string order, bool dryRun = false, IConsentWriter? writer = null) =>
        await new ExecuteRevocation(Kept.Ledger, writer ?? Writer(), Time).RunAsync(Id, order, await PersonAsync("Olga Operator"), Policy, dryRun, default);

    public async Task<RevocationReport> UndoAsync(string order, bool dryRun = false) =>
        await new UndoRevocation(Kept.Ledger, Writer(), Time).RunAsync(Id, order, await PersonAsync("Olga Operator"), dryRun, default);

    /// <summary>Requests that would change the tenant, since the last order was made.</summary>
    public IReadOnlyList<LoggedRequest> Writes => [.. Simulator.Requests.Entries.Where(request => request.Method != "GET")];

    public IReadOnlyList<SimulatedGrant> GrantsOf(AssessedApp app) => [.. Simulator.Tenant.Grants.Where(grant => grant.ClientId == app.Id)];

    public async ValueTask DisposeAsync()
    {
        await Kept.DisposeAsync();
        _http.Dispose();
        await _tenant.DisposeAsync();
    }
}

/// <summary>A clock that stands where a test put it.</summary>
internal sealed class SetTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
