using Governance.Cli;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.EndToEnd.Tests.Cli;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>Two tenants with the same apps, users and object ids in one data folder: nothing crosses.</summary>
public sealed class TenantIsolationTests
{
    private const string Variable = "GOVERNANCE_TEST_TOKEN";

    [Fact]
    public async Task The_same_ids_in_two_tenants_are_separate_rows_decisions_and_exports()
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
    public async Task Where_several_tenants_are_kept_no_act_is_done_without_naming_one()
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
    public async Task A_ledger_moved_to_another_tenant_does_not_verify()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        await Run.Of("deny", (await tenant.UserAppAsync()).Id.ToString(), "--reason", "x", "--as", "Ana", "--data", tenant.Data);

        var moved = await tenant.Kept.Ledger.ReadAsync(tenant.Id, default) with { TenantId = Guid.NewGuid() };

        Assert.Throws<LedgerBrokenException>(() => GovernanceRecord.Of(moved));
    }

    [Fact]
    public async Task When_one_tenant_refuses_the_token_the_other_is_scanned_all_the_same()
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
    public async Task When_another_tenant_answers_than_the_one_meant_nothing_is_written()
    {
        using var folder = new TemporaryFolder();

        var run = await ScanAsync(MarketingOrganisation.Create(3, 9), folder, more: ["--tenant", Guid.NewGuid().ToString()]);

        Assert.NotEqual(0, run.Code);
        await using var kept = Kept.Open(new DirectoryInfo(folder["data"]));
        Assert.Empty(await kept.Scans.TenantsAsync(default));
    }

    /// <summary>The same organisation, object by object, under another tenant id.</summary>
    private static SimulatedTenant Twin() => MarketingOrganisation.Create(3, 9).TwinUnder(Guid.Parse("7717e000-0000-4000-8000-000000000002"));

    private static async Task<Run> ScanAsync(SimulatedTenant tenant, TemporaryFolder folder, SimulatorOptions? options = null, params string[] more)
    {
        Environment.SetEnvironmentVariable(Variable, "canary-token-5f1d");
        await using var simulator = await GraphSimulator.StartAsync(tenant, options);
        return await Run.Of(["scan", "--graph-endpoint", simulator.Endpoint.ToString(), "--token-env", Variable, "--data", folder["data"], "--format", "json", .. more]);
    }
}
