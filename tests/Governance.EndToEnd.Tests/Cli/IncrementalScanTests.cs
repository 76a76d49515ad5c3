using Governance.Simulator.Brightwave;

namespace Governance.EndToEnd.Tests.Cli;

public sealed class IncrementalScanTests
{
    [Fact]
    public async Task Night_after_night_changes_alone_give_what_a_full_scan_gives()
    {
        await using var tenant = await ScannedTenant.Serve(MarketingOrganisation.Create(seed: 1, night: 0));
        var first = await tenant.Scan("--incremental");
        for (var night = 1; night < 4; night++)
        {
            tenant.Simulator.Tenant.MoveTo(MarketingOrganisation.Create(seed: 1, night));

            var changes = await tenant.Scan("--incremental");

            var full = await Run.Of("scan", "--graph-endpoint", tenant.Simulator.Endpoint.ToString(), "--token-env", "GOVERNANCE_TEST_TOKEN", "--data", tenant.Folder[$"full-{night}"], "--format", "json");
            Assert.Equal("incremental", changes.Json.GetProperty("scan").GetProperty("mode").GetString());
            Assert.Equal("complete", changes.Json.GetProperty("scan").GetProperty("status").GetString());
            Assert.Equal(Consents(full), Consents(changes));
        }

        Assert.Contains("so everything is read", first.Notes, StringComparison.Ordinal);
        Assert.Equal("full", first.Json.GetProperty("scan").GetProperty("mode").GetString());
    }

    private static IEnumerable<string> Consents(Run run) => run.Json.GetProperty("apps").EnumerateArray()
        .Select(app => $"{app.GetProperty("servicePrincipalId")} {app.GetProperty("grants")} {app.GetProperty("reach").GetProperty("users")} {app.GetProperty("permissions").GetRawText()}");
}
