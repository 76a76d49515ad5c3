using Governance.Cli;
using Governance.EndToEnd.Tests.Cli;
using Governance.Simulator.Brightwave;

namespace Governance.EndToEnd.Tests.Kpis;

[Collection(DemoCollection.Name)]
public sealed class KpiOracleTests(DemoData demo)
{
    /// <summary>Seed of the demo.</summary>
    private const int Seed = 20260105;

    [Fact]
    public async Task Every_figure_of_the_demo_is_what_a_plain_count_over_the_tenant_gives()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;
        var (state, kept) = await Kept.OpenAsync(new DirectoryInfo(data), null, default);
        await using var __ = kept;
        var scans = (await kept.Scans.ScansAsync(state.LastScan.TenantId, 100, default)).Reverse().ToArray();
        var first = new DateTimeOffset(scans[0].StartedAt.UtcDateTime.Date, TimeSpan.Zero).AddHours(2);
        var nights = Enumerable.Range(0, MarketingOrganisation.Nights).Select(night => MarketingOrganisation.Create(Seed, night, first)).ToArray();
        var inventory = await kept.Scans.InventoryAsync(state.LastScan.TenantId, state.LastScan.Id, default);

        var oracle = new KpiOracle(nights, [.. scans.Select(scan => scan.StartedAt)], state, inventory!, Kept.PolicyOf(state)).Values();

        var wrong = state.Kpis.Where(kpi => kpi.Id != "dormant-access" && kpi.Value != oracle[kpi.Id])
            .Select(kpi => $"{kpi.Id}: stored {kpi.Value?.ToString() ?? "none"}, counted {oracle[kpi.Id]?.ToString() ?? "none"}").ToArray();
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.True(oracle.Values.Count(value => value > 0) >= 17, "the demo leaves too many figures at zero to prove anything");
        Assert.Equal(state.Kpis.Length, oracle.Count + 1);
    }

    [Fact]
    public async Task Unused_access_of_the_demo_is_what_its_sign_ins_give()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;
        var (state, kept) = await Kept.OpenAsync(new DirectoryInfo(data), null, default);
        await using var __ = kept;
        var policy = Kept.PolicyOf(state);
        var boundary = state.LastScan.StartedAt.AddDays(-policy.DormantAfterDays);

        var unused = 0;
        foreach (var app in state.Apps.Where(app => app.AiInUse))
        {
            var last = app.App.LastSignIn;
            unused += last is { } at ? (at <= boundary ? 1 : 0) : app.App.Principal.CreatedAt <= boundary ? 1 : 0;
        }

        Assert.Equal(unused, state.Kpis.Single(kpi => kpi.Id == "dormant-access").Value);
        Assert.True(unused > 0);
    }
}
