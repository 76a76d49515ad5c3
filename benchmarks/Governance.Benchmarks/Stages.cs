using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Risk;
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
        var classes = await TimedAsync("classify every app", () => Task.FromResult(inventory.ServicePrincipals.ToDictionary(app => app.Id, classifier.Classify)));
        var apps = await TimedAsync("consents of each app", () => Task.FromResult(ConsentedApps.Of(inventory, GovernancePolicy.BuiltIn.Departments)));
        await TimedAsync("risk of each app", () => Task.FromResult(
            apps.Where(app => classes.ContainsKey(app.Principal.Id)).Sum(app => RiskAssessor.BuiltIn.Assess(app, classes[app.Principal.Id], GovernancePolicy.BuiltIn, inventory.ReadAt).Score)));
        var result = await TimedAsync("judge: all of that, rules, findings, KPIs, records", () => Task.FromResult(Assessment.Of(inventory, classifier.Classify, GovernancePolicy.BuiltIn, null, ScanPast.None, "scan-1")));
        var judgements = result.Findings.Select(finding => new Judgement(finding.Rule, finding.Subject, finding.SubjectName, new Verdict.Violation(finding.Severity, finding.Title, finding.Evidence))).ToImmutableArray();
        await TimedAsync($"findings diff, {judgements.Length:N0} open", () => Task.FromResult(FindingDiff.Apply(result.Findings, judgements, inventory, "scan-2", inventory.ReadAt.AddDays(1), GovernancePolicy.BuiltIn.Version)));
        await TimedAsync("KPIs", () => Task.FromResult(KpiCatalogue.Measure(new KpiContext(
            result.Notable, result.Findings, inventory, [], [new ScanNight(inventory.ReadAt, inventory.Complete)], GovernancePolicy.BuiltIn, inventory.ReadAt, inventory.ReadAt) { AppCount = result.Apps.Count })));

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

            async Task<bool> KeepAsync(int generation, Inventory kept, AssessmentResult judged)
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
