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
        await using var opened = await OpenAsync();

        var oracle = opened.Oracle.Values();

        Assert.Equal(opened.State.Kpis.Select(kpi => kpi.Id).Order(), oracle.Keys.Order());
        var wrong = opened.State.Kpis.Where(kpi => kpi.Value != oracle[kpi.Id])
            .Select(kpi => $"{kpi.Id}: stored {kpi.Value?.ToString() ?? "none"}, counted {oracle[kpi.Id]?.ToString() ?? "none"}").ToArray();
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.True(oracle.Values.Count(value => value > 0) >= 18, "the demo leaves too many figures at zero to prove anything");
    }

    [Fact]
    public async Task Every_figure_of_every_department_is_what_a_plain_count_over_its_people_gives()
    {
        await using var opened = await OpenAsync();
        var smallest = Kept.PolicyOf(opened.State).SmallestGroupShown;

        var oracle = opened.Oracle.Departments();
        var shown = (await Run.Of("kpis", "--by", "department", "--format", "json", "--data", opened.Data)).Json.GetProperty("departments").EnumerateArray().ToArray();

        Assert.True(shown.Length > 10);
        Assert.Equal(oracle.Keys.Order(StringComparer.Ordinal), shown.Select(department => department.GetProperty("department").GetString()!).Order(StringComparer.Ordinal));
        foreach (var department in shown)
        {
            var name = department.GetProperty("department").GetString()!;
            Assert.Equal((name, Hidden(oracle[name].People, smallest)), (name, Number(department.GetProperty("people"))));
            foreach (var kpi in department.GetProperty("kpis").EnumerateArray())
            {
                var id = kpi.GetProperty("id").GetString()!;
                var counted = oracle[name].Values[id];
                Assert.Equal((name, id, id == "exposed-users" ? Hidden(counted, smallest) : counted), (name, id, Number(kpi.GetProperty("value"))));
            }

            Assert.Equal(oracle[name].Values.Count, department.GetProperty("kpis").GetArrayLength());
        }
    }

    [Theory]
    [InlineData("day")]
    [InlineData("week")]
    [InlineData("month")]
    [InlineData("quarter")]
    public async Task A_view_over_periods_gives_the_last_complete_scan_of_each_and_compares_it_with_the_one_before(string period)
    {
        await using var opened = await OpenAsync();
        var scans = (await opened.Kept.Scans.KpisAsync(opened.State.LastScan.TenantId, 100, default)).OrderBy(scan => scan.StartedAt).ToArray();
        string Key(DateTimeOffset at) => period switch
        {
            "day" => $"{at:yyyy-MM-dd}",
            "week" => $"{System.Globalization.ISOWeek.GetYear(at.UtcDateTime)}-W{System.Globalization.ISOWeek.GetWeekOfYear(at.UtcDateTime):00}",
            "month" => $"{at:yyyy-MM}",
            _ => $"{at:yyyy}-Q{(at.Month + 2) / 3}",
        };
        var last = scans.Where(scan => scan.Status == Core.Scans.ScanStatus.Complete).GroupBy(scan => Key(scan.StartedAt)).ToDictionary(same => same.Key, same => same.Last());

        var shown = (await Run.Of("kpis", "--period", period, "--history", "400", "--format", "json", "--data", opened.Data)).Json.GetProperty("periods").EnumerateArray().ToArray();

        Assert.Equal(last.Keys.Order(StringComparer.Ordinal), shown.Where(view => view.GetProperty("scanId").ValueKind != System.Text.Json.JsonValueKind.Null).Select(view => view.GetProperty("period").GetString()));
        Core.Scans.ScanKpis? before = null;
        foreach (var view in shown.Where(view => last.ContainsKey(view.GetProperty("period").GetString()!)))
        {
            var scan = last[view.GetProperty("period").GetString()!];
            foreach (var kpi in view.GetProperty("kpis").EnumerateArray())
            {
                var id = kpi.GetProperty("id").GetString();
                Assert.Equal(scan.Values.Single(value => value.Id == id).Value, Number(kpi.GetProperty("value")));
                Assert.Equal(before?.Values.Single(value => value.Id == id).Value, Number(kpi.GetProperty("previous")));
            }

            Assert.Equal(scan.Values.Length, view.GetProperty("kpis").GetArrayLength());
            before = scan;
        }
    }

    [Fact]
    public async Task Training_coverage_and_cost_scenario_are_what_a_plain_count_gives_and_are_recomputed_to_the_same()
    {
        var made = MarketingOrganisation.Create(seed: 3, night: 9);
        await using var tenant = await ScannedTenant.Serve(made);
        tenant.Folder.Write("governance.yaml", $$"""
            version: 1
            approved: [DeepL, Gamma, Canva]
            trainingGroup: {{made.Groups.OrderByDescending(group => group.Members.Length).First().Id}}
            costScenario:
              currency: EUR
              breachCostMuchShadowAi: {amount: 4630000, source: Study One, year: 2025}
              breachCostLittleShadowAi: {amount: 4070001, source: Study Two, year: 2024}
              customerPiiShare: {amount: 65, source: Study Three, year: 2023}
              savedByPolicy: {amount: 120000, source: Study Four, year: 2022}
              savedByTooling: {amount: 190000, source: Study Five, year: 2021}
            """);
        var scan = await tenant.Scan("--policy", tenant.Folder["governance.yaml"]);
        Assert.True(scan.Code is 0 or 3, scan.Notes);
        var (state, kept) = await Kept.OpenAsync(new DirectoryInfo(tenant.Data), null, default);
        await using var _ = kept;
        var inventory = (await kept.Scans.InventoryAsync(state.LastScan.TenantId, state.LastScan.Id, default))!;

        var oracle = new KpiOracle([made], [state.LastScan.StartedAt], state, inventory, Kept.PolicyOf(state)).Values();
        var again = await Run.Of("kpis", "recompute", "--data", tenant.Data);
        var table = await Run.Of("kpis", "--data", tenant.Data);

        Assert.Equal(oracle["training-coverage"], state.Kpis.Single(kpi => kpi.Id == "training-coverage").Value);
        Assert.Equal(oracle["cost-scenario"], state.Kpis.Single(kpi => kpi.Id == "cost-scenario").Value);
        Assert.True(oracle["training-coverage"] > 0 && oracle["cost-scenario"] > 4_070_001);
        Assert.Contains("every figure is the same", again.Output, StringComparison.Ordinal);
        Assert.All(new[] { "A scenario, not a forecast", "4,630,000 EUR", "65%", "Study One", "Study Five", "2021" }, text => Assert.Contains(text, table.Output, StringComparison.Ordinal));
    }

    private static decimal? Hidden(decimal? value, int smallest) => value > 0 && value < smallest ? null : value;

    private static decimal? Number(System.Text.Json.JsonElement value) => value.ValueKind == System.Text.Json.JsonValueKind.Null ? null : value.GetDecimal();

    private async Task<Opened> OpenAsync()
    {
        var (folder, data) = demo.Copy();
        var (state, kept) = await Kept.OpenAsync(new DirectoryInfo(data), null, default);
        var scans = (await kept.Scans.ScansAsync(state.LastScan.TenantId, 100, default)).Reverse().ToArray();
        var first = new DateTimeOffset(scans[0].StartedAt.UtcDateTime.Date, TimeSpan.Zero).AddHours(2);
        var nights = Enumerable.Range(0, MarketingOrganisation.Nights).Select(night => MarketingOrganisation.Create(Seed, night, first)).ToArray();
        var inventory = (await kept.Scans.InventoryAsync(state.LastScan.TenantId, state.LastScan.Id, default))!;
        return new Opened(folder, data, state, kept, new KpiOracle(nights, [.. scans.Select(scan => scan.StartedAt)], state, inventory, Kept.PolicyOf(state)));
    }

    private sealed record Opened(TemporaryFolder Folder, string Data, Core.Scans.TenantState State, Kept Kept, KpiOracle Oracle) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Kept.DisposeAsync();
            Folder.Dispose();
        }
    }
}
