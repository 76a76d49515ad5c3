using Governance.Cli;
using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Decisions;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Governing;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>20: after erasure no byte tells of the person, after retention nothing is older than it may be, and the ledger verifies.</summary>
internal static class Removals
{
    /// <param name="data">A data folder that nobody serves, with a committed scan; it is written to.</param>
    /// <param name="people">Object ids; each is known to the folder.</param>
    public static async Task HoldAsync(string data, Guid tenant, IEnumerable<Guid> people)
    {
        foreach (var person in people)
        {
            Assert.NotEmpty(await Traces.OfAsync(data, tenant, person));

            var erased = await Erased.ByCommand(data, person.ToString(), "--tenant", tenant.ToString());

            Assert.True(erased.Code == 0, erased.Notes);
            var left = await Traces.OfAsync(data, tenant, person);
            Assert.True(left.Count == 0, $"20: after the erasure of {person} it stands in {string.Join(", ", left)}");
        }

        Assert.Equal(0, (await Run.Of("audit", "verify", "--data", data)).Code);
        var recomputed = await Run.Of("kpis", "recompute", "--data", data, "--tenant", tenant.ToString());
        Assert.True(recomputed.Code == ExitCode.Done || (recomputed.Code == ExitCode.Incomplete && recomputed.Notes.Contains("aggregate only", StringComparison.Ordinal)), recomputed.Output + recomputed.Notes);
        await RetainAsync(data, tenant);
    }

    private static async Task RetainAsync(string data, Guid tenant)
    {
        await using var kept = Kept.Open(new DirectoryInfo(data));
        var by = await kept.Persons.ActingAsync(tenant, "Dora", default);
        var later = new SetTime(TimeProvider.System.GetUtcNow().AddDays(40));
        var retention = new ApplyRetention(kept.Ledger, kept.Persons, kept.Records, later);
        var periods = new RetentionPeriods(30, 30, 30, 30);

        await retention.RunAsync(tenant, periods, by, dryRun: false, default);

        Assert.True((await retention.RunAsync(tenant, periods, by, dryRun: true, default)).Nothing, "20: retention leaves what it may not keep");
        var scans = await kept.Scans.ScansAsync(tenant, 10_000, default);
        foreach (var old in scans.Skip(1))
        {
            Assert.Null(await kept.Scans.InventoryAsync(tenant, old.Id, default));
        }

        Assert.Equal(scans[0].Id, Assert.Single(await kept.Scans.KpisAsync(tenant, 10_000, default)).ScanId);
        Assert.IsType<LedgerVerdict.Sound>(LedgerVerification.Of(await kept.Ledger.ReadAsync(tenant, default)));
    }
}
