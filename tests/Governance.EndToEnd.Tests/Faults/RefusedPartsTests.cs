using Governance.Core.Consents;
using Governance.Core.Kpis;
using Governance.Core.Scans;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>A collection that may not be read: what needs it is not available, everything else goes on (GS-1, GS-2).</summary>
public sealed class RefusedPartsTests
{
    [Theory]
    [InlineData("403@servicePrincipals!always", InventoryPart.ServicePrincipals)]
    [InlineData("403@oauth2PermissionGrants!always", InventoryPart.Oauth2PermissionGrants)]
    [InlineData("403@appRoleAssignedTo!always", InventoryPart.AppRoleAssignments)]
    [InlineData("403@users!always", InventoryPart.Users)]
    [InlineData("403@directoryAudits!always", InventoryPart.ConsentEvents)]
    [InlineData("403@appConsentRequests!always", InventoryPart.ConsentRequests)]
    [InlineData("403@microsoft.graph.agentIdentity!always", InventoryPart.AgentIdentities)]
    [InlineData("403@servicePrincipalSignInActivities!always", InventoryPart.SignInActivity)]
    public async Task GS_1_KPIs_that_need_a_refused_part_are_not_available_and_the_others_are(string fault, InventoryPart refused)
    {
        await using var scans = await FaultedScans.ServeAsync();
        scans.Fault(fault);

        var report = await scans.ScanAsync();

        Assert.NotEqual(0, scans.Fired);
        var part = report.Scan.Parts.Single(part => part.Part == refused);
        Assert.Equal(PartStatus.Unavailable, part.Status);
        Assert.StartsWith("access denied: needs ", part.Reason, StringComparison.Ordinal);
        var lost = report.Scan.Parts.Where(part => part.Status == PartStatus.Unavailable).Select(part => part.Part).ToArray();
        foreach (var kpi in report.Kpis.Where(kpi => KpiCatalogue.ById(kpi.Id)!.RestsOn.Intersect(lost).Any()))
        {
            Assert.True(kpi is { Value: null, Complete: false }, $"{kpi.Id} is {kpi.Value}");
            Assert.Contains("not read", kpi.Note, StringComparison.Ordinal);
        }

        Assert.Contains(report.Kpis, kpi => kpi is { Value: not null });
        Assert.All(report.Scan.Parts.Where(part => !lost.Contains(part.Part)), other => Assert.True(other.Complete || refused == InventoryPart.ServicePrincipals, $"{other}"));
    }

    [Fact]
    public async Task GS_2_without_the_licence_for_sign_ins_usage_is_not_available_and_consents_are_judged_all_the_same()
    {
        await using var licensed = await FaultedScans.ServeAsync();
        await using var unlicensed = await FaultedScans.ServeAsync();
        unlicensed.Fault("licence@servicePrincipalSignInActivities!always");

        var (with, without) = (await licensed.ScanAsync(), await unlicensed.ScanAsync());

        var part = without.Scan.Parts.Single(part => part.Part == InventoryPart.SignInActivity);
        Assert.Equal((PartStatus.Unavailable, "licence missing: Microsoft Entra ID P1 or P2 is needed"), (part.Status, part.Reason));
        Assert.NotNull(Kpi(with, "dormant-access").Value);
        Assert.True(Kpi(without, "dormant-access") is { Value: null, Complete: false });
        Assert.Equal(ScanStatus.Complete, without.Scan.Status);
        Assert.Equal(Judged(with), Judged(without));
        Assert.NotEmpty(without.Findings);
    }

    private static KpiValue Kpi(ScanReport report, string id) => report.Kpis.Single(kpi => kpi.Id == id);

    private static IEnumerable<string> Judged(ScanReport report) =>
        report.Findings.Where(finding => finding.Rule != "dormant-ai-access").Select(finding => $"{finding.Rule} {finding.Subject} {finding.State}").Order();
}
