using Governance.Cli;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.EndToEnd.Tests.Cli;
using Governance.Microsoft365.Tests.Teams;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>Two tenants with the same apps, users and object ids in one data folder: nothing crosses.</summary>
public sealed class TenantIsolationTests
{
    private const string Variable = "GOVERNANCE_TEST_TOKEN";

    [Fact]
    public async Task MT_1_the_same_ids_in_two_tenants_are_separate_rows_decisions_and_exports()
    {
        using var folder = new TemporaryFolder();
        var (one, other) = (MarketingOrganisation.Create(3, 9), Twin());
        Assert.Equal(0, (await ScanAsync(one, folder)).Code);
        Assert.Equal(0, (await ScanAsync(other, folder)).Code);
        await using var kept = Kept.Open(new DirectoryInfo(folder["data"]));
        var app = (await kept.Scans.StateAsync(one.TenantId, default))!.Apps.First(known => known.AiInUse && known.App.Principal.AppId is not null);

        var run = await Run.Of("deny", app.Id.ToString(), "--reason", "canary of the first tenant", "--as", "Ana", "--data", folder["data"], "--tenant", one.TenantId.ToString());
        Assert.True(run.Code == 0, run.Notes);
        await ScanAsync(one, folder);
        await ScanAsync(other, folder);

        var first = (await kept.Scans.StateAsync(one.TenantId, default))!;
        var second = (await kept.Scans.StateAsync(other.TenantId, default))!;
        Assert.Equal("Denied", first.Apps.Single(known => known.Id == app.Id).Standing.State.ToString());
        Assert.Equal("Unapproved", second.Apps.Single(known => known.Id == app.Id).Standing.State.ToString());
        Assert.Empty(first.Findings.Select(finding => finding.Id).Intersect(second.Findings.Select(finding => finding.Id)));
        Assert.Empty(GovernanceRecord.Of(await kept.Ledger.ReadAsync(other.TenantId, default)).Entries);

        var export = await Run.Of("audit", "export", "--data", folder["data"], "--tenant", other.TenantId.ToString());
        Assert.DoesNotContain("canary", export.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(one.TenantId.ToString(), export.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(one.TenantId.ToString(), (await Run.Of("findings", "--format", "json", "--state", "all", "--data", folder["data"], "--tenant", other.TenantId.ToString())).Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task MT_6_where_several_tenants_are_kept_no_act_is_done_without_naming_one()
    {
        using var folder = new TemporaryFolder();
        await ScanAsync(MarketingOrganisation.Create(3, 9), folder);
        await ScanAsync(Twin(), folder);

        foreach (var act in new[] { new[] { "deny", "ChatGPT", "--reason", "x" }, ["decisions"], ["erase-user", "Ana Lima"], ["retention"], ["audit", "export"] })
        {
            var run = await Run.Of([.. act, "--data", folder["data"]]);
            Assert.Equal(2, run.Code);
            Assert.Contains("--tenant", run.Notes, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task MT_1_a_ledger_moved_to_another_tenant_does_not_verify()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        await Run.Of("deny", (await tenant.UserAppAsync()).Id.ToString(), "--reason", "x", "--as", "Ana", "--data", tenant.Data);

        var moved = await tenant.Kept.Ledger.ReadAsync(tenant.Id, default) with { TenantId = Guid.NewGuid() };

        Assert.Throws<LedgerBrokenException>(() => GovernanceRecord.Of(moved));
    }

    [Fact]
    public async Task MT_3_when_one_tenant_refuses_the_token_the_other_is_scanned_all_the_same()
    {
        using var folder = new TemporaryFolder();
        var other = Twin();

        var refused = await ScanAsync(MarketingOrganisation.Create(3, 9), folder, new SimulatorOptions { Token = "another" });
        var fine = await ScanAsync(other, folder);

        Assert.Equal((4, 0), (refused.Code, fine.Code));
        await using var kept = Kept.Open(new DirectoryInfo(folder["data"]));
        Assert.Equal([other.TenantId], (await kept.Scans.TenantsAsync(default)).AsEnumerable());
    }

    [Fact]
    public async Task MT_4_when_another_tenant_answers_than_the_one_meant_nothing_is_written()
    {
        using var folder = new TemporaryFolder();

        var run = await ScanAsync(MarketingOrganisation.Create(3, 9), folder, more: ["--tenant", Guid.NewGuid().ToString()]);

        Assert.NotEqual(0, run.Code);
        await using var kept = Kept.Open(new DirectoryInfo(folder["data"]));
        Assert.Empty(await kept.Scans.TenantsAsync(default));
    }

    [Fact]
    public async Task MT_2_while_one_tenant_is_throttled_without_end_the_other_is_scanned_to_its_end()
    {
        using var folder = new TemporaryFolder();
        var (slow, other) = (MarketingOrganisation.Create(3, 9), Twin());
        await using var throttled = await GraphSimulator.StartAsync(slow, new SimulatorOptions { ResourceUnitsPerTenSeconds = 1 });
        using var patience = new CancellationTokenSource();
        var waiting = RunAsync(throttled, folder, patience.Token);
        while (throttled.Requests.Entries.All(request => request.Status != 429))
        {
            Assert.False(waiting.IsCompleted, "the throttled scan ended before it was throttled");
            await Task.Delay(20);
        }

        var fine = await ScanAsync(other, folder);

        Assert.Equal(0, fine.Code);
        Assert.False(waiting.IsCompleted);
        await using var kept = Kept.Open(new DirectoryInfo(folder["data"]));
        Assert.Equal([other.TenantId], (await kept.Scans.TenantsAsync(default)).AsEnumerable());
        await patience.CancelAsync();
        Assert.NotEqual(0, (await waiting).Code);
    }

    [Fact]
    public async Task MT_5_a_digest_aimed_at_another_tenant_s_channel_is_refused()
    {
        using var folder = new TemporaryFolder();
        await using var teams = await TeamsReceiver.StartAsync();
        var (one, other) = (MarketingOrganisation.Create(3, 9), Twin());
        var address = $"GOVERNANCE_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(address, teams.Address);
        folder.Write("shared.yaml", string.Join(
            '\n',
            "version: 1", "approved: []", "digests:",
            $"  - {{name: first-board, urlEnv: {address}, alerts: true, tenants: [{one.TenantId}]}}",
            $"  - {{name: second-board, urlEnv: {address}, alerts: true, tenants: [{other.TenantId}]}}", string.Empty));
        Assert.Equal(0, (await ScanAsync(one, folder, more: ["--policy", folder["shared.yaml"]])).Code);
        Assert.Equal(0, (await ScanAsync(other, folder, more: ["--policy", folder["shared.yaml"]])).Code);

        foreach (var act in new[] { "post", "alert", "test" })
        {
            var aimed = await Digest(act, one.TenantId, "--channel", "second-board");
            Assert.Equal(2, aimed.Code);
            Assert.Contains("another tenant's", aimed.Notes, StringComparison.Ordinal);
        }

        Assert.Empty(teams.Requests);
        var own = await Digest("post", one.TenantId);
        Assert.True(own.Code == 0, own.Notes);
        Assert.Contains("first-board", own.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("second-board", own.Output, StringComparison.Ordinal);
        Assert.Single(teams.Requests);

        Task<Run> Digest(string act, Guid tenant, params string[] more) => Run.Of(["digest", act, "--data", folder["data"], "--tenant", tenant.ToString(), "--loopback", .. more]);
    }

    /// <summary>Whatever keeps or gives something of a tenant asks whose it is; the few that do not are named with the reason.</summary>
    [Fact]
    public void MT_6_no_port_can_be_asked_without_a_tenant()
    {
        Type[] ports =
        [
            typeof(Core.Scans.IScanStore), typeof(Core.Scans.IScanCheckpoints), typeof(Core.Scans.IIdempotencyKeys), typeof(Core.Scans.Runs.IScanRuns), typeof(Core.Scans.Decisions.IPersonalRecords),
            typeof(Core.Catalogue.ILearnedApps), typeof(Core.Digest.IDigestOutbox), typeof(Core.Policy.IPersons), typeof(IDecisionLedger), typeof(Core.Scans.ITenantSources), typeof(Core.Scans.Revocations.IConsentWriters),
        ];
        string[] without =
        [
            "IScanStore.TenantsAsync", "ITenantSources.get_Tenants", // list the tenants themselves
            "IScanRuns.LiveAsync", // the recovery of every tenant; each run carries its own
            "IScanCheckpoints.FindAsync", "IScanCheckpoints.ForgetAsync", // named by the reading; one that carries another tenant is left alone
        ];

        var silent = ports.SelectMany(port => port.GetMethods().Where(method => !method.GetParameters().Any(parameter => Names(parameter.ParameterType, parameter.Name!))).Select(method => $"{port.Name}.{method.Name}"));

        Assert.Equal(without.Order(StringComparer.Ordinal), silent.Order(StringComparer.Ordinal));

        static bool Names(Type type, string name, int depth = 0) =>
            (type == typeof(Guid) && name.Equals("tenantId", StringComparison.OrdinalIgnoreCase))
            || (depth < 3 && type.Namespace?.StartsWith("Governance", StringComparison.Ordinal) == true && type.GetProperties().Any(property => Names(property.PropertyType, property.Name, depth + 1)));
    }

    [Fact]
    public async Task MT_8_no_export_of_one_tenant_holds_anything_of_the_other()
    {
        using var folder = new TemporaryFolder();
        var (one, other) = (MarketingOrganisation.Create(3, 9), Twin("Canary Holding"));
        Assert.Equal(0, (await ScanAsync(one, folder)).Code);
        Assert.Equal(0, (await ScanAsync(other, folder)).Code);
        await using (var kept = Kept.Open(new DirectoryInfo(folder["data"])))
        {
            var app = (await kept.Scans.StateAsync(other.TenantId, default))!.Apps.First(known => known.AiInUse && known.App.Principal.AppId is not null);
            Assert.Equal(0, (await Run.Of("deny", app.Id.ToString(), "--reason", "canary reason", "--as", "Canary Person", "--data", folder["data"], "--tenant", other.TenantId.ToString())).Code);
        }

        await ScanAsync(other, folder);
        var written = new List<string>();
        foreach (var command in new string[][]
        {
            ["export", "--format", "json"], ["export", "--format", "jsonlines"], ["export", "--format", "csv"], ["export", "--format", "ocsf"], ["export", "--format", "markdown", "--what", "all"],
            ["report"], ["audit", "export"], ["findings", "--format", "json", "--state", "all"], ["apps", "--format", "json", "--show", "all"], ["kpis", "--format", "json"], ["decisions"], ["digest", "preview", "--format", "text"],
        })
        {
            var run = await Run.Of([.. command, .. command[0] == "report" ? ["--out", folder["report.html"]] : Array.Empty<string>(), "--data", folder["data"], "--tenant", one.TenantId.ToString()]);
            Assert.True(run.Code == 0, $"{string.Join(' ', command)}: {run.Notes}");
            written.Add(run.Output);
        }

        written.Add(await File.ReadAllTextAsync(folder["report.html"]));
        Assert.All(written, text =>
        {
            Assert.DoesNotContain("canary", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(other.TenantId.ToString(), text, StringComparison.OrdinalIgnoreCase);
        });
    }

    /// <summary>The same organisation, object by object, under another tenant id.</summary>
    private static SimulatedTenant Twin(string? name = null) =>
        MarketingOrganisation.Create(3, 9).TwinUnder(Guid.Parse("7717e000-0000-4000-8000-000000000002"), name);

    private static async Task<Run> ScanAsync(SimulatedTenant tenant, TemporaryFolder folder, SimulatorOptions? options = null, params string[] more)
    {
        await using var simulator = await GraphSimulator.StartAsync(tenant, options);
        return await RunAsync(simulator, folder, default, more);
    }

    private static Task<Run> RunAsync(GraphSimulator simulator, TemporaryFolder folder, CancellationToken cancellationToken, params string[] more)
    {
        Environment.SetEnvironmentVariable(Variable, "canary-token-5f1d");
        return Run.Of(["scan", "--graph-endpoint", simulator.Endpoint.ToString(), "--token-env", Variable, "--data", folder["data"], "--format", "json", .. more], cancellationToken);
    }
}
