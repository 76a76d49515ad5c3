using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Risk;
using Governance.Core.Scans;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>
/// The same tenant is scanned healthy and then with something refused on the wire. The expected result is an invariant: no finding
/// closes, no tool becomes approved, no figure gets better.
/// </summary>
public sealed class LossNeverHelpsTests
{
    private const string Users = "403@users!always";
    private const string AppRoles = "403@appRoleAssignedTo!always";

    public static TheoryData<string> Losses => new(
        Users,
        AppRoles,
        $"{Users} {AppRoles}",
        "403@oauth2PermissionGrants!always",
        "403@servicePrincipals!always",
        "403@users:2!always",
        "403@oauth2PermissionGrants:2!always");

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task GS_1_what_was_approved_stays_known_and_nothing_gets_better(string losses)
    {
        await using var scans = await FaultedScans.ServeAsync();
        var policy = WithBounds(await scans.ScanAsync());
        var healthy = await scans.ScanAsync(policy);
        Assert.Contains(healthy.Notable, app => app.Standing.State == GovernanceState.Approved);
        Lose(scans, losses);

        var lost = await scans.ScanAsync(policy);
        var again = await scans.ScanAsync(policy);
        scans.Heal();
        var healed = await scans.ScanAsync(policy);

        NothingGotBetter(healthy, lost);
        NothingGotBetter(healthy, again);
        Assert.Equal(States(healthy), States(healed));
        Assert.Equal(Open(healthy), Open(healed));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task GS_1_an_approval_given_while_its_bounds_cannot_be_assessed_approves_nothing(string losses)
    {
        await using var scans = await FaultedScans.ServeAsync();
        var healthy = await scans.ScanAsync();
        var policy = WithBounds(healthy);
        Lose(scans, losses);

        var lost = await scans.ScanAsync(policy);

        var unread = lost.Scan.Parts.Where(part => !part.Complete && Inventory.Needed.Contains(part.Part)).Select(part => part.Part).ToArray();
        Assert.NotEmpty(unread);
        foreach (var app in lost.Notable.Where(app => app.Standing.State == GovernanceState.Approved))
        {
            var approval = policy.Approved.Single(approval => approval.Tool.Name == app.Standing.Approval);
            InventoryPart[] needed = approval.Departments is null
                ? [InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments]
                : [InventoryPart.Oauth2PermissionGrants, InventoryPart.Users];
            Assert.True(!needed.Intersect(unread).Any(), $"{app.App.Principal.Name} is approved without {string.Join(", ", unread)}");
        }

        var approved = lost.Notable.Where(app => app.Standing.State == GovernanceState.Approved).Select(app => app.Id.ToString()).ToHashSet();
        Assert.Empty(lost.Findings.Where(finding => !finding.Live && !approved.Contains(finding.Subject)).Select(finding => $"{finding.Rule} {finding.ResolvedBy}"));
        Assert.True(Kpi(lost, "governance-index") is { Value: null, Complete: false });
        Assert.True(Kpi(lost, "approval-coverage") is { Value: null, Complete: false });
    }

    [Fact]
    public async Task GS_1_the_first_scan_approves_nothing_by_departments_that_it_could_not_read()
    {
        await using var known = await FaultedScans.ServeAsync();
        var policy = WithBounds(await known.ScanAsync());
        await using var scans = await FaultedScans.ServeAsync();
        Lose(scans, Users);

        var lost = await scans.ScanAsync(policy);

        Assert.DoesNotContain(
            lost.Notable,
            app => app.Standing.State == GovernanceState.Approved && policy.Approved.Any(approval => approval.Departments is not null && approval.Tool.Name == app.Standing.Approval));
        Assert.True(Kpi(lost, "approval-coverage") is { Value: null, Complete: false });
    }

    [Fact]
    public async Task A_finding_that_approval_drift_replaces_does_not_say_that_the_tool_is_approved()
    {
        await using var scans = await FaultedScans.ServeAsync();
        var before = await scans.ScanAsync();
        var narrow = WithBounds(before);
        narrow = narrow with { Approved = [.. narrow.Approved.Select(approval => approval with { Permissions = [] })] };

        var after = await scans.ScanAsync(narrow);

        var drifted = after.Findings.Where(finding => finding is { Rule: "approval-drift", Live: true }).Select(finding => finding.Subject).ToHashSet();
        var closed = after.Findings.Where(finding => finding is { Rule: "unapproved-ai-tool", Live: false } && drifted.Contains(finding.Subject)).ToArray();
        Assert.NotEmpty(closed);
        Assert.All(closed, finding => Assert.Equal($"now judged as approval-drift by policy {narrow.Version}", finding.ResolvedBy));
    }

    /// <summary>Approves every AI tool in use within exactly what it holds, each with another kind of bound.</summary>
    private static GovernancePolicy WithBounds(ScanReport report)
    {
        var tools = report.Notable.Where(app => app is { AiInUse: true, App.Principal.AppId: not null, Classification.Lookalike: null }).ToArray();
        return GovernancePolicy.BuiltIn with { Version = "b0b0b0b0b0b0", Approved = [.. tools.Select((app, at) => Bound(app, at))] };
    }

    private static ToolApproval Bound(AssessedApp app, int at)
    {
        var unbound = new ToolApproval(
            new ToolReference(null, app.App.Principal.AppId, null), null, null, TenantWide: true, ApprovedOn: null, ReviewBy: null, ExpiresOn: null, null, null);
        return (at % 4) switch
        {
            0 => unbound with { Departments = [.. app.App.Reach.ByDepartment.Keys] },
            1 => unbound with { Permissions = [.. app.App.Permissions.Select(held => held.Value)] },
            2 => unbound with { DataCategories = [.. app.App.Permissions.SelectMany(DataOpened.By).Distinct()] },
            _ => unbound with { TenantWide = app.App.Reach.TenantWide || app.App.HoldsApplicationPermission, Permissions = [.. app.App.Permissions.Select(held => held.Value)] },
        };
    }

    private static void Lose(FaultedScans scans, string losses)
    {
        foreach (var loss in losses.Split(' '))
        {
            scans.Fault(loss);
        }
    }

    private static void NothingGotBetter(ScanReport healthy, ScanReport lost)
    {
        Assert.NotEqual(ScanStatus.Complete, lost.Scan.Status);
        Assert.Empty(Open(healthy).Except(Open(lost)));
        var approved = healthy.Notable.Where(app => app.Standing.State == GovernanceState.Approved).Select(app => app.Id).ToHashSet();
        Assert.Empty(lost.Notable.Where(app => app.Standing.State == GovernanceState.Approved && !approved.Contains(app.Id)).Select(app => app.App.Principal.Name));
        Assert.Empty(healthy.Kpis.Zip(lost.Kpis).Where(pair => Improved(pair.First, pair.Second)).Select(pair => $"{pair.First.Id}: {pair.First.Value} to {pair.Second.Value}"));
        Assert.True(Kpi(lost, "governance-index") is { Value: null, Complete: false, Trend: Trend.None }, $"{Kpi(lost, "governance-index")}");
    }

    private static bool Improved(KpiValue before, KpiValue after)
    {
        if (after is not { Value: { } now } || before.Value is not { } was)
        {
            return false;
        }

        if (!after.Complete)
        {
            return after.Unit is "percent" or "index" || after.Trend != Trend.None;
        }

        return KpiCatalogue.ById(after.Id)!.LowerIsBetter ? now < was : now > was && after.Id != "ai-tools-in-use";
    }

    private static KpiValue Kpi(ScanReport report, string id) => report.Kpis.Single(kpi => kpi.Id == id);

    private static IEnumerable<string> Open(ScanReport report) =>
        report.Findings.Where(finding => finding.Live).Select(finding => $"{finding.Rule} {finding.Subject} {finding.Severity}").Order();

    private static IEnumerable<string> States(ScanReport report) => report.Notable.Select(app => $"{app.Id} {app.Standing}").Order();
}
