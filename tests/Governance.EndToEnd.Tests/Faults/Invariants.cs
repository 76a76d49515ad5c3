using System.Text;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Governance.Embedded.Sqlite;
using Governance.EndToEnd.Tests.Cli;
using Microsoft.Data.Sqlite;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>What must hold of a data folder whatever happened to the server that wrote it; the numbers are those of the fault catalogue.</summary>
/// <remarks>
/// Everything is looked at in copies, so that the next server finds exactly what the dead one left, its write-ahead log included.
/// <para>
/// After each kill, in the folder as it is: 1, 2, 3, 5 (one entry for each slot), 7, 8 (the chain holds), 10, 11, 12, 13, 14 (deliveries of a
/// message are bounded), 19 (names). From the first committed scan on also by doing something with a copy: 6 (figures computed anew), 15 and 16 (<see cref="Reruns"/>),
/// 18 (<see cref="SameBytes"/>), 20 (<see cref="Removals"/>).
/// </para>
/// <para>
/// After each kill by the tests, from outside: 5 (no digest was shown twice; nothing counts as delivered), 7 and 8 (an acknowledged act stands in the
/// ledger once), 14 (waits that Graph or Teams told the dead server, and how often it asked: <see cref="Waits"/>).
/// </para>
/// <para>
/// At the end, when a last server was left alone with the folder: 4 (the state equals that of one undisturbed scan), 9 (nobody signed a revocation, and
/// Graph was asked for nothing but reading), 21 and 22.
/// </para>
/// <para>
/// Not here: 17, as the embedded edition has one store and there is nothing to compare it with; the contract tests of <c>Governance.State.Contract</c>
/// hold both stores to the same answers. Memory (14) is measured by the benchmarks. Messages in another order (16) come in <c>QueueDeliveryTests</c>,
/// hostile text in every sink (19) in <c>HostileTenantTests</c>, crashes around a signed revocation (9) in <c>RevocationTests</c>.
/// </para>
/// </remarks>
internal static class Invariants
{
    public static async Task HoldAsync(KilledServer server)
    {
        using var left = server.Folder.Copy();
        await NoSecretAsync(left["data"], server.Secrets);
        if (!await KeptAsync(left, server.Tenant.Id, server.Accepted))
        {
            return;
        }

        // 6 The figures follow from the facts that are kept.
        var recomputed = await Run.Of("kpis", "recompute", "--data", left["data"], "--tenant", server.Tenant.Id.ToString());
        Assert.True(recomputed.Code == 0, recomputed.Output + recomputed.Notes);
        await SameBytes.HoldAsync(left);
        await Reruns.HoldAsync(left["data"], server.Tenant, server.Policy);
        using var erased = server.Folder.Copy();
        await Removals.HoldAsync(erased["data"], server.Tenant.Id, [server.Tenant.Simulator.Tenant.Grants.First(grant => grant.PrincipalId is not null).PrincipalId!.Value, .. server.Actors]);
    }

    /// <returns>False when no scan is kept yet.</returns>
    private static async Task<bool> KeptAsync(TemporaryFolder left, Guid tenant, IReadOnlyCollection<string> accepted)
    {
        var options = new SqliteOptions { Folder = left["data"] };
        await using var database = new SqliteDatabase(options);
        Assert.Empty(await database.CheckAsync(default));
        var store = new SqliteScanStore(database, options);
        var runs = new SqliteScanRuns(database);
        var scans = await ScansAsync(store, runs, tenant);
        await MessagesAsync(new SqliteScanQueue(database, TimeProvider.System), runs, tenant, accepted);
        var ledger = LedgerVerification.Of(await new SqliteDecisionLedger(database, options).ReadAsync(tenant, default));
        Assert.True(ledger is LedgerVerdict.Sound, $"8: {(ledger as LedgerVerdict.Broken)?.Why}");
        await DigestsAsync(new SqliteDigestOutbox(database), tenant);
        await OneTenantAsync(database.Path, tenant);
        if (scans.Length > 0)
        {
            await FindingsAsync(store, tenant, scans);
        }

        return scans.Length > 0;
    }

    private static async Task<Scan[]> ScansAsync(SqliteScanStore store, SqliteScanRuns runs, Guid tenant)
    {
        // 12 Generations only grow, without gaps, and each scan was left by one run.
        var scans = (await store.ScansAsync(tenant, 10_000, default)).ToArray();
        Assert.Equal(Enumerable.Range(1, scans.Length).Reverse(), scans.Select(scan => scan.Generation));
        var known = await runs.RecentAsync(tenant, 10_000, default);
        var left = known.Select(run => run.ScanId).OfType<string>().ToArray();
        Assert.Equal(left.Length, left.Distinct().Count());
        Assert.Equal(scans.Select(scan => scan.Id).Order(), left.Order());
        Assert.All(known.Where(run => run.State == ScanRunState.Completed), run => Assert.NotNull(run.ScanId));
        foreach (var scan in scans)
        {
            // 3 Complete means that every part that was asked for reached its end and its counts agree; 13 time does not run back in a scan.
            Assert.True(
                (scan.Status == ScanStatus.Complete) == scan.Parts.All(part => part.Status is PartStatus.Complete or PartStatus.Skipped), $"3: {scan.Id} is {scan.Status}");
            Assert.All(scan.Parts.Where(part => part.Complete && part.Expected is not null), part => Assert.Equal(part.Expected, part.Items));
            Assert.True(scan.CompletedAt >= scan.StartedAt, "13: a scan ended before it began");
        }

        return scans;
    }

    private static async Task MessagesAsync(SqliteScanQueue queue, SqliteScanRuns runs, Guid tenant, IReadOnlyCollection<string> accepted)
    {
        // 7 What was accepted is known; one live run at most; accepted = done + parked + pending. 14 Attempts are bounded.
        var known = await runs.RecentAsync(tenant, 10_000, default);
        Assert.Empty(accepted.Except(known.Select(run => run.Id)));
        Assert.True(known.Count(run => run.Live) <= 1, "7: two live runs");
        var counts = await queue.CountAsync(default);
        Assert.InRange(counts.Pending + counts.Leased + counts.Parked + counts.Done, known.Count(run => !run.Live), known.Length);
        Assert.All(await queue.ParkedAsync(100, default), parked => Assert.InRange(parked.Attempts, 0, SqliteScanQueue.UsualAttempts));
    }

    private static async Task DigestsAsync(SqliteDigestOutbox outbox, Guid tenant)
    {
        // 5 One entry a slot.
        var entries = await outbox.ListAsync(tenant, 10_000, default);
        Assert.Equal(entries.Length, entries.Select(entry => entry.Slot).Distinct().Count());
        Assert.All(entries, entry => Assert.True(entry.Attempt >= 1, "5: an entry without an attempt"));
    }

    private static async Task FindingsAsync(SqliteScanStore store, Guid tenant, Scan[] scans)
    {
        var state = (await store.StateAsync(tenant, default))!;
        var complete = scans.Where(scan => scan.Status == ScanStatus.Complete).Select(scan => scan.Id).ToHashSet();
        foreach (var finding in state.Findings)
        {
            // 13 Sequences without gaps, and the last event that changes the state tells it.
            var history = await store.HistoryAsync(tenant, finding.Id, default);
            Assert.Equal(Enumerable.Range(1, history.Length), history.Select(change => change.Sequence));
            Assert.Equal(finding.Events, history.Length);
            Assert.Equal("opened", history[0].Change);
            Assert.Equal(finding.State == FindingState.Resolved, history[^1].Change == "resolved");
            for (var at = 1; at < history.Length; at++)
            {
                Assert.True(history[at].Change != "opened" && (history[at].Change == "reopened") == (history[at - 1].Change == "resolved"), $"13: {history[at - 1].Change} then {history[at].Change}");
            }

            // 2 What resolved it is named, and is a scan that read everything.
            Assert.All(history.Where(change => change.Change == "resolved"), change => Assert.Contains(change.ScanId, complete));
        }

        // 1 Each app that policy does not approve and that holds consent is covered by exactly one live finding that says so.
        var covered = state.Findings.Where(finding => finding.Live && finding.Rule is "unapproved-ai-tool" or "denied-tool-consented").Select(finding => finding.Subject).ToArray();
        Assert.Equal(covered.Length, covered.Distinct().Count());
        Assert.Empty(state.Apps.Where(app => app.Unapproved && app.AiInUse && app.App.HoldsConsent).Select(app => app.Id.ToString()).Except(covered));

        // 19 Names come out as they went in: the inventory says them as the judged apps do.
        var inventory = (await store.InventoryAsync(tenant, state.LastScan.Id, default))!;
        var names = inventory.ServicePrincipals.ToDictionary(principal => principal.Id, principal => principal.DisplayName);
        Assert.All(state.Apps.Where(app => names.ContainsKey(app.Id)), app => Assert.Equal(names[app.Id], app.App.Principal.DisplayName));
    }

    /// <summary>10 Every row belongs to the tenant.</summary>
    private static async Task OneTenantAsync(string path, Guid tenant)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        foreach (var table in await RowsAsync(connection, "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'tenant_id' WHERE m.type = 'table'"))
        {
            Assert.All(await RowsAsync(connection, $"SELECT DISTINCT tenant_id FROM {table} WHERE tenant_id IS NOT NULL"), found => Assert.Equal(tenant.ToString(), found));
        }
    }

    private static async Task<List<string>> RowsAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetValue(0).ToString()!);
        }

        return rows;
    }

    /// <summary>11 No file holds a secret, whatever its encoding.</summary>
    public static async Task NoSecretAsync(string folder, IEnumerable<string> secrets)
    {
        var wanted = secrets.SelectMany(secret => new[] { Encoding.UTF8.GetBytes(secret), Encoding.Unicode.GetBytes(secret), Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))) }).ToArray();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false);
            Assert.All(wanted, secret => Assert.True(bytes.AsSpan().IndexOf(secret) < 0, $"11: {Path.GetFileName(file)} holds a secret"));
        }
    }
}
