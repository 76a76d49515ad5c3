using System.Text.Json;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Cli;

public sealed class ScanCommandTests
{
    [Fact]
    public async Task Every_consent_of_the_tenant_is_listed_as_it_truly_is()
    {
        await using var tenant = await ScannedTenant.Serve(MarketingOrganisation.Create(seed: 3, night: 9));

        var run = await tenant.Scan();

        Assert.Equal(0, run.Code);
        var listed = run.Json.GetProperty("apps").EnumerateArray().ToDictionary(app => app.GetProperty("servicePrincipalId").GetGuid());
        var truth = TenantTruth.Of(tenant.Simulator.Tenant);
        Assert.NotEmpty(truth.Apps);
        Assert.All(truth.Apps.Where(app => app.Value.Delegated.Length + app.Value.Application.Length > 0), app =>
        {
            var shown = listed[app.Key];
            Assert.Equal(app.Value.TenantWide, shown.GetProperty("reach").GetProperty("tenantWide").GetBoolean());
            Assert.Equal(app.Value.Application.Length, shown.GetProperty("permissions").GetProperty("application").GetArrayLength());
            Assert.Equal(app.Value.Delegated.Length, shown.GetProperty("permissions").GetProperty("delegated").GetArrayLength());
            if (!app.Value.TenantWide)
            {
                Assert.Equal(app.Value.Users.Count, shown.GetProperty("reach").GetProperty("users").GetInt32());
            }
        });
    }

    [Fact]
    public async Task A_second_scan_of_an_unchanged_tenant_changes_nothing_but_times()
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(400), seed: 5));

        var first = await tenant.Scan();
        var second = await tenant.Scan();

        Assert.Equal(Findings(first.Json), Findings(second.Json));
        Assert.Equal(Apps(first.Json), Apps(second.Json));
        var (before, after) = (Figures(first.Json), Figures(second.Json));
        Assert.All(before.Where(figure => figure.Value != "null"), figure => Assert.Equal(figure.Value, after[figure.Key]));
        var kept = await Run.Of("findings", "--data", tenant.Data, "--format", "json", "--state", "resolved");
        Assert.Equal(0, kept.Json.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task A_removed_consent_resolves_its_finding_and_only_its_own()
    {
        await using var tenant = await ScannedTenant.Serve(MarketingOrganisation.Create(seed: 3, night: 9));
        var before = (await tenant.Scan()).Json;
        var app = Live(before).First(finding => finding.GetProperty("rule").GetString() == "unapproved-ai-tool").GetProperty("subject").GetString()!;
        tenant.Simulator.Tenant.Change(change =>
        {
            foreach (var grant in tenant.Simulator.Tenant.Grants.Where(grant => grant.ClientId == Guid.Parse(app)).ToArray())
            {
                change.Remove(grant);
            }

            foreach (var assignment in tenant.Simulator.Tenant.AppRoleAssignments.Where(assignment => assignment.PrincipalId == Guid.Parse(app)).ToArray())
            {
                change.Remove(assignment);
            }
        });

        var after = (await tenant.Scan()).Json;

        var resolved = after.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("state").GetString() == "resolved").ToArray();
        Assert.Contains(resolved, finding => finding.GetProperty("rule").GetString() == "unapproved-ai-tool");
        Assert.All(resolved, finding => Assert.Equal(app, finding.GetProperty("subject").GetString()));
    }

    [Theory]
    [InlineData("403@oauth2PermissionGrants!always", "oauth2PermissionGrants")]
    [InlineData("403@users!always", "users")]
    [InlineData("403@servicePrincipals!always", "servicePrincipals")]
    [InlineData("loop@oauth2PermissionGrants:1!always", "oauth2PermissionGrants")]
    public async Task An_incomplete_part_resolves_nothing_and_says_so(string fault, string part)
    {
        await using var tenant = await ScannedTenant.Serve(MarketingOrganisation.Create(seed: 3, night: 9));
        var before = Live((await tenant.Scan()).Json).Select(Id).ToHashSet();
        tenant.Simulator.Faults.Add(fault);

        var run = await tenant.Scan();

        Assert.True(tenant.Simulator.Faults.Fired > 0, "the fault never fired");
        Assert.Equal(3, run.Code);
        Assert.Equal("partial", run.Json.GetProperty("scan").GetProperty("status").GetString());
        var reading = run.Json.GetProperty("scan").GetProperty("parts").EnumerateArray().Single(reading => reading.GetProperty("name").GetString() == part);
        Assert.Contains(reading.GetProperty("status").GetString(), new[] { "partial", "unavailable" });
        Assert.False(string.IsNullOrWhiteSpace(reading.GetProperty("reason").GetString()));
        Assert.Superset(before, Live(run.Json).Select(Id).ToHashSet());
        Assert.Contains(part, run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fail_on_ends_with_its_own_code()
    {
        await using var tenant = await ScannedTenant.Serve(MarketingOrganisation.Create(seed: 3, night: 9));

        var reached = await tenant.Scan("--fail-on", "high");

        Assert.Equal(1, reached.Code);
    }

    [Fact]
    public async Task The_document_stands_alone_on_standard_output_and_holds_no_token()
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(100), seed: 5));

        var run = await tenant.Scan();

        Assert.Equal(JsonValueKind.Object, run.Json.ValueKind);
        Assert.DoesNotContain("canary-token", run.Output + run.Notes, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-token", string.Concat(Directory.GetFiles(tenant.Data).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_token_ends_with_access_refused_and_keeps_nothing()
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(100), seed: 5), new SimulatorOptions { Token = "another" });

        var run = await tenant.Scan();

        Assert.Equal(4, run.Code);
        Assert.Single(run.Notes.Trim().Split('\n'));
        Assert.False(File.Exists(Path.Combine(tenant.Data, "governance.db")));
    }

    [Fact]
    public async Task Missing_every_right_ends_with_access_refused()
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(100), seed: 5), new SimulatorOptions { Rights = new HashSet<string>() });

        var run = await tenant.Scan();

        Assert.Equal(4, run.Code);
        Assert.False(File.Exists(Path.Combine(tenant.Data, "governance.db")));
    }

    [Fact]
    public async Task Another_tenant_than_the_one_meant_is_refused()
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(100), seed: 5));

        var run = await tenant.Scan("--tenant", "11111111-2222-3333-4444-555555555555");

        Assert.NotEqual(0, run.Code);
        Assert.Contains("11111111-2222-3333-4444-555555555555", run.Notes, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(tenant.Data, "governance.db")));
    }

    private static IEnumerable<JsonElement> Live(JsonElement document) =>
        document.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("state").GetString() == "open");

    /// <summary>What was found, without when it was seen last.</summary>
    private static string Findings(JsonElement document) => string.Concat(document.GetProperty("findings").EnumerateArray()
        .Select(finding => string.Concat(finding.EnumerateObject().Where(member => member.Name != "lastSeen").Select(member => member.ToString()))));

    private static string Id(JsonElement finding) => finding.GetProperty("id").GetString()!;

    /// <summary>The apps without when they were seen last.</summary>
    private static string Apps(JsonElement document) => string.Concat(document.GetProperty("apps").EnumerateArray()
        .Select(app => string.Concat(app.EnumerateObject().Where(member => member.Name != "lastSeen").Select(member => member.ToString()))));

    /// <summary>Values by KPI; some need a past and are null in a first scan.</summary>
    private static Dictionary<string, string> Figures(JsonElement document) => document.GetProperty("kpis").EnumerateArray()
        .ToDictionary(kpi => kpi.GetProperty("id").GetString()!, kpi => kpi.GetProperty("value").GetRawText());
}
