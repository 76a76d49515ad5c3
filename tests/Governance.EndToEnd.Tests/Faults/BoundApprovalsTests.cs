using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Simulator.Brightwave;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>Approvals that are bound to departments, when the people who work in them cannot be read.</summary>
/// <remarks>The expected values are an invariant: a loss approves nothing, closes nothing and betters no figure that is told as complete.</remarks>
public sealed class BoundApprovalsTests
{
    public static TheoryData<string[]> Losses => new(
        ["403@users!always"],
        ["no-count@users:1!always"],
        ["no-count@users:1!always", "missing=4@users!always"],
        ["500@users:2!always"]);

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task No_tool_is_newly_approved_and_nothing_looks_better(string[] faults)
    {
        var tenant = MarketingOrganisation.Create(20260105, 2);
        await using var scans = await FaultedScans.ServeAsync(tenant);
        await scans.ScanAsync();
        var tools = (await scans.StateAsync()).Apps.Where(app => app.AiInUse && app.App.Principal.AppId is not null).ToArray();
        Assert.True(tools.Length > 3);
        var departments = tenant.Users.Select(user => user.Department).OfType<string>().Distinct().Order(StringComparer.Ordinal).Skip(1).ToArray();
        Array.ForEach(faults, scans.Fault);

        var first = await scans.ScanAsync(BoundTo(departments, tools));
        var withoutPeople = await ApprovedAsync(scans);

        scans.Heal();
        var whole = await scans.ScanAsync(BoundTo(departments, tools));
        var approved = await ApprovedAsync(scans);
        Assert.InRange(approved.Count, 2, tools.Length - 1);
        Array.ForEach(faults, scans.Fault);
        var lost = await scans.ScanAsync(BoundTo(departments, tools));

        Assert.Equal((ScanStatus.Partial, ScanStatus.Complete, ScanStatus.Partial), (first.Scan.Status, whole.Scan.Status, lost.Scan.Status));
        Assert.Empty((await ApprovedAsync(scans)).Except(approved));

        // Only an agent that acts for nobody keeps such a bound without the list of users.
        Assert.ProperSubset(approved, withoutPeople);
        Assert.DoesNotContain(lost.Events, change => change.Change == "resolved");
        Assert.All(lost.Kpis.Where(kpi => kpi.Complete), kpi => Assert.False(Better(kpi, whole.Kpis.Single(before => before.Id == kpi.Id)), $"{kpi}"));
        Assert.Null(lost.Kpis.Single(kpi => kpi is { Id: "governance-index", Complete: false }).Value);
    }

    private static async Task<HashSet<Guid>> ApprovedAsync(FaultedScans scans) =>
        [.. (await scans.StateAsync()).Apps.Where(app => app.Standing.State == GovernanceState.Approved).Select(app => app.Id)];

    private static GovernancePolicy BoundTo(string[] departments, IEnumerable<AssessedApp> tools) => GovernancePolicy.BuiltIn with
    {
        Version = "bound",
        Approved =
        [
            .. tools.Select(app => new ToolApproval(
                new ToolReference(null, app.App.Principal.AppId, null), null, [.. departments], TenantWide: true, null, null, null, null, null)),
        ],
    };

    private static bool Better(KpiValue now, KpiValue before) => now.Value is { } value && before.Value is { } earlier && value != earlier
        && value < earlier == KpiCatalogue.ById(now.Id)!.LowerIsBetter;
}
