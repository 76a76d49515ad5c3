using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Scans;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>A list that comes short and without the count that was asked for: nothing may look better for it.</summary>
public sealed class UncountedListTests
{
    [Theory]
    [InlineData("servicePrincipals", InventoryPart.ServicePrincipals, false)]
    [InlineData("servicePrincipals", InventoryPart.ServicePrincipals, true)]
    [InlineData("oauth2PermissionGrants", InventoryPart.Oauth2PermissionGrants, false)]
    [InlineData("oauth2PermissionGrants", InventoryPart.Oauth2PermissionGrants, true)]
    [InlineData("users", InventoryPart.Users, false)]
    [InlineData("users", InventoryPart.Users, true)]
    public async Task It_closes_no_finding_and_completes_no_figure(string collection, InventoryPart part, bool rowsLost)
    {
        await using var scans = await FaultedScans.ServeAsync();
        var before = await scans.ScanAsync();
        Assert.Equal(ScanStatus.Complete, before.Scan.Status);
        Assert.NotEmpty(before.Findings);
        scans.Fault($"no-count@{collection}:1!always");
        if (rowsLost)
        {
            scans.Fault($"missing=4@{collection}!always");
        }

        var lost = await scans.ScanAsync();
        scans.Heal();
        var healed = await scans.ScanAsync();

        var reading = lost.Scan.Parts.Single(one => one.Part == part);
        Assert.Equal((ScanStatus.Partial, PartStatus.Partial), (lost.Scan.Status, reading.Status));
        Assert.Contains("no count was given", reading.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(lost.Events, change => change.Change == "resolved");
        Assert.Empty(Open(before).Except(Open(lost)));
        Assert.All(lost.Kpis.Where(kpi => KpiCatalogue.ById(kpi.Id)!.RestsOn.Contains(part)), kpi => Assert.False(kpi.Complete, $"{kpi}"));
        Assert.Equal(ScanStatus.Complete, healed.Scan.Status);
        Assert.Equal(Open(before).Order(), Open(healed).Order());
    }

    private static IEnumerable<string> Open(ScanReport report) =>
        report.Findings.Where(finding => finding.State != FindingState.Resolved).Select(finding => $"{finding.Rule} {finding.Subject}");
}
