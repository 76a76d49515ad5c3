using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans;

namespace Governance.Core.Tests.Scans;

public sealed class StoredFactsTests
{
    private static readonly Inventory One = Some.Inventory(
        [Some.Principal(1, "Chat Tool"), Some.Principal(2, "Chat Writer")], Some.Grants(Some.Grant(1, 11, "User.Read")), [Some.User(11), Some.User(12)]);

    private static readonly Inventory Two = One with { Grants = Some.Grants(Some.Grant(1, 11, "User.Read"), Some.Grant(2, 12, "User.Read")) };

    [Fact]
    public async Task A_week_begins_on_its_Monday_and_is_compared_with_the_last_scan_before_it()
    {
        var store = new FakeStore();

        // Wednesday of one week, then Wednesday and Thursday of the next.
        await ScanAsync(store, One, days: 0);
        await ScanAsync(store, Two, days: 7);
        await ScanAsync(store, Two, days: 8);
        var state = (await store.StateAsync(One.Organization.TenantId, default))!;

        var told = (await StoredFacts.ReadPeriodAsync(state, Some.Policy(), store, ReportingPeriod.Week, default)).Digest;

        Assert.Equal(("2026-W15", new DateTimeOffset(2026, 4, 6, 0, 0, 0, TimeSpan.Zero)), (told.Period, told.Since!.Value));
        Assert.Equal(Some.Id(2).ToString(), Assert.Single(told.Findings, finding => told.Events.Any(change => change.FindingId == finding.Id)).Subject);
        var tools = told.Kpis.Single(kpi => kpi.Id == "ai-tools-in-use");
        Assert.Equal((2, 1), (tools.Value, tools.Previous));
    }

    private static Task<ScanReport> ScanAsync(FakeStore store, Inventory inventory, int days)
    {
        var at = Some.Moment.AddDays(days);
        return new ScanTenant(new FakeSource(inventory with { ReadAt = at }), store, new HandSetTime(at.AddMinutes(3)), () => $"d{days}")
            .RunAsync(new ScanRequest(Some.Policy(), "policy text", _ => _ => Some.Classification(), "c1", null), new NoProgress(), CancellationToken.None);
    }
}
