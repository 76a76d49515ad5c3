using Governance.Cli;
using Governance.Cli.Commands;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.EndToEnd.Tests.Api;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.State.Contract;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>15, 16: a further scan of the same tenant, whose lists come in another order, changes nothing but its own id, times and counts.</summary>
internal static class Reruns
{
    /// <param name="data">A data folder that nobody serves; it is written to.</param>
    /// <param name="policy">The policy file that the last scan judged by; null for the built-in policy.</param>
    public static async Task HoldAsync(string data, ScannableTenant tenant, string? policy)
    {
        await using var kept = Kept.Open(new DirectoryInfo(data));
        var before = (await kept.Scans.StateAsync(tenant.Id, default))!;
        if (before.LastScan.LedgerEntries < (await kept.Ledger.ReadAsync(tenant.Id, default)).Entries.Length)
        {
            // What people decided since the last scan counts from the next one on.
            await ScanAsync(kept, tenant.Simulator, policy);
            before = (await kept.Scans.StateAsync(tenant.Id, default))!;
        }

        var report = await ScanAsync(kept, await tenant.ShuffledAsync(), policy);

        var after = (await kept.Scans.StateAsync(tenant.Id, default))!;
        Assert.Equal(before.LastScan.Generation + 1, after.LastScan.Generation);
        Assert.True(report.Events.IsEmpty, $"15: {report.Events.FirstOrDefault()}");

        // Some figures compare with the scan before, which the first scan does not have.
        var figures = before.LastScan.Generation > 1;
        Assert.Equal(Lasting(before, figures), Lasting(after, figures));
        Assert.Equal(Rows(await kept.Scans.InventoryAsync(tenant.Id, before.LastScan.Id, default)), Rows(await kept.Scans.InventoryAsync(tenant.Id, after.LastScan.Id, default)));
    }

    private static async Task<ScanReport> ScanAsync(Kept kept, GraphSimulator simulator, string? policy)
    {
        var tenant = simulator.Tenant.TenantId;
        var (rules, text) = Settings.ReadPolicy(policy is null ? null : new FileInfo(policy), ProductCatalogue.Embedded);
        using var reading = SourceOptions.Graph(new GraphOptions { Endpoint = simulator.Endpoint }, new FixedToken("opaque"), TimeProvider.System, tenant);
        var catalogue = await LearnedCatalogue.ReadAsync(ProductCatalogue.Embedded, kept, default);
        var report = await ScanCommand.RunAsync(reading.Source, kept.Scans, ScanCommand.Request(catalogue, rules, text, tenant), TimeProvider.System, NoProgress.Instance, default, kept.Ledger);
        Assert.Equal(ScanStatus.Complete, report.Scan.Status);
        return report;
    }

    /// <summary>All that is known of the tenant, without what tells one scan from another and, of figures, what they were the scan before.</summary>
    private static string Lasting(TenantState state, bool figures) => Plain.Of(state with
    {
        LastScan = state.LastScan with { Id = string.Empty, StartedAt = default, CompletedAt = default, Generation = 0, Parts = [], Requests = new RequestCounts(0, 0, 0) },
        Apps = [.. state.Apps.Select(app => app with { LastSeen = default })],
        Findings = [.. state.Findings.Select(finding => finding with { LastSeen = default })],
        Kpis = figures ? [.. state.Kpis.Select(kpi => kpi with { Previous = null, Trend = default })] : [],
    });

    /// <summary>Every row of an inventory, whatever their order.</summary>
    private static string[] Rows(Inventory? inventory) =>
    [
        .. inventory!.ServicePrincipals.Select(row => Plain.Of([row]))
            .Concat(inventory.Grants.All().Select(row => Plain.Of([row])))
            .Concat(inventory.Assignments.All.ToArray().Select(row => Plain.Of([row])))
            .Concat(Enumerable.Range(0, inventory.Users.Count).Select(row => Plain.Of([inventory.Users[row]])))
            .Order(StringComparer.Ordinal),
    ];
}
