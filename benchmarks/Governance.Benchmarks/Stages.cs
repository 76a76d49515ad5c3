using System.Diagnostics;
using System.Text.Json;
using Governance.Core.Catalogue;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Embedded.Sqlite;

namespace Governance.Benchmarks;

/// <summary>What follows the collection, stage by stage, and an incremental reading; in milliseconds.</summary>
internal static class Stages
{
    public static async Task<int> RunAsync(Uri endpoint)
    {
        var times = new Dictionary<string, double>();
        var full = await TimedAsync("collect with cursors", () => OurCollection.ReadAsync(endpoint, () => null));
        await TimedAsync("incremental collect, no change", () => OurCollection.ReadAsync(endpoint, () => full.Inventory));
        var inventory = full.Inventory;
        var classifier = new AppClassifier(ProductCatalogue.Embedded, inventory.Organization.TenantId, inventory.ReadAt);
        await TimedAsync("classify every app", () => Task.FromResult(inventory.ServicePrincipals.Count(app => classifier.Classify(app).Ai.IsAi)));
        var result = await TimedAsync("judge (classify, risk, findings, KPIs)", () => Task.FromResult(Assessment.Of(inventory, classifier.Classify, GovernancePolicy.BuiltIn, null, ScanPast.None, "scan-1")));

        var folder = Directory.CreateTempSubdirectory("governance-benchmark-");
        var options = new SqliteOptions { Folder = folder.FullName };
        await using (var database = new SqliteDatabase(options))
        {
            var store = new SqliteScanStore(database, options);
            await TimedAsync("store the first scan", () => KeepAsync(1, inventory, result));
            var previous = await TimedAsync("read the state", () => store.KnownAsync(inventory.Organization.TenantId, default));
            var later = inventory with { ReadAt = inventory.ReadAt.AddDays(1) };
            var second = await TimedAsync("judge again, no change", () => Task.FromResult(Assessment.Of(later, classifier.Classify, GovernancePolicy.BuiltIn, previous, ScanPast.None, "scan-2", keepsRecords: false)));
            await TimedAsync("store again, no change", () => KeepAsync(2, later, second));
            await TimedAsync("read the inventory", () => store.InventoryAsync(inventory.Organization.TenantId, "scan-2", default));

            async Task<bool> KeepAsync(int generation, Governance.Core.Consents.Inventory kept, AssessmentResult judged)
            {
                var scan = new Scan(
                    $"scan-{generation}", kept.Organization.TenantId, kept.Organization.Name, ScanMode.Full, ScanStatus.Complete, kept.ReadAt, kept.ReadAt, kept.Parts,
                    full.Requests, generation, GovernancePolicy.BuiltIn.Version, "benchmark");
                await store.CommitAsync(new ScanCommit(scan, generation - 1, kept, judged.Apps, judged.Findings, judged.Events, judged.Kpis, string.Empty), default);
                return true;
            }
        }

        folder.Delete(recursive: true);
        Console.WriteLine(JsonSerializer.Serialize(times));
        return 0;

        async Task<T> TimedAsync<T>(string name, Func<Task<T>> work)
        {
            var watch = Stopwatch.StartNew();
            var outcome = await work();
            times[name] = watch.Elapsed.TotalMilliseconds;
            return outcome;
        }
    }
}
