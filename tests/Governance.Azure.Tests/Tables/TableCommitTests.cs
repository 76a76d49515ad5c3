using System.Collections.Immutable;
using Azure.Core;
using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Core.Findings;
using Governance.Core.Scans;
using Governance.State.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Azure.Tests.Tables;

/// <summary>What is Table storage's own: limits of transactions and rows, continuation, conditions, leftovers.</summary>
[Collection(Azurite.Collection)]
public sealed class TableCommitTests(Azurite azurite)
{
    private static readonly Guid Tenant = SampleScans.Tenant;
    private readonly TableClient _table = azurite.NewTable();

    [Fact]
    public async Task A_commit_of_more_than_a_hundred_rows_takes_several_transactions_and_comes_back_whole()
    {
        var first = SampleScans.First(Tenant, apps: 450);
        var writes = 0;
        var store = Open(write => writes = write);

        await store.CommitAsync(first, default);

        Assert.True(first.Events.Length > 4 * TableWriter.MostEntities);
        Assert.True(writes > 9, $"only {writes} writes");
        Assert.Equal(Plain.Of(SampleScans.StateAfter(first)), Plain.Of(await Open().StateAsync(Tenant, default)));
        Assert.Equal(450, (await Open().EventsAsync(Tenant, first.Scan.Id, default)).Length);
    }

    [Fact]
    public async Task Content_larger_than_a_property_an_entity_and_a_transaction_comes_back_whole()
    {
        var noise = new byte[6_000_000];
        new Random(5).NextBytes(noise);
        var policy = Convert.ToBase64String(noise);
        var first = SampleScans.First(Tenant) with { PolicyText = policy };

        await Open().CommitAsync(first, default);

        Assert.Equal(policy, (await Open().StateAsync(Tenant, default))!.PolicyText);
        Assert.True((await KeysAsync("b.")).GroupBy(key => key[..^4]).Max(blob => blob.Count()) > 5);
    }

    [Fact]
    public async Task Rows_beyond_a_page_are_read_through_continuation_tokens()
    {
        var rows = Enumerable.Range(1, 2_150).Select(n => new TableEntity("many", $"s.{n:D10}") { ["N"] = n }).ToArray();
        foreach (var batch in rows.Chunk(100))
        {
            await _table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
        }

        var session = new TableSession(_table, "many");

        Assert.Equal(Enumerable.Range(1, 2_150), (await session.RowsAsync("s.", default)).Select(row => row.GetInt32("N")!.Value));
        Assert.Equal(1_100, (await session.RowsAsync("s.", default, limit: 1_100)).Count);
        Assert.Equal(7, (await session.RowsAsync("s.", default, limit: 7)).Count);
    }

    [Fact]
    public async Task A_commit_overtaken_just_before_its_mark_is_refused_and_leaves_nothing_behind()
    {
        var first = SampleScans.First(Tenant);
        await Open().CommitAsync(first, default);
        var mark = await MarkWriteAsync(SampleScans.Changed(first));
        var overtaken = Open(write =>
        {
            if (write == mark)
            {
                Task.Run(() => Open().CommitAsync(SampleScans.Changed(first, tail: "b"), default)).GetAwaiter().GetResult();
            }
        });

        var refused = await Assert.ThrowsAsync<StaleScanException>(() => overtaken.CommitAsync(SampleScans.Changed(first, tail: "c"), default));

        Assert.Contains("generation 2", refused.Message, StringComparison.Ordinal);
        var winner = SampleScans.Changed(first, tail: "b");
        Assert.Equal(Plain.Of(SampleScans.StateAfter(first, winner)), Plain.Of(await Open().StateAsync(Tenant, default)));
        await Open().CommitAsync(SampleScans.Unchanged(winner), default);
        Assert.Equal(2, await AttemptsLeftAsync("e.", "0000000001", "0000000002"));
        Assert.Equal(2, (await Open().HistoryAsync(Tenant, winner.Events[0].FindingId, default)).Length);
    }

    [Fact]
    public async Task What_a_crash_before_the_mark_left_is_invisible_and_goes_with_the_next_commit()
    {
        var first = SampleScans.First(Tenant);
        var second = SampleScans.Changed(first);
        await Open().CommitAsync(first, default);
        var clean = (await KeysAsync(string.Empty)).Length;
        var mark = await MarkWriteAsync(second);
        var crashing = Open(write =>
        {
            if (write == mark)
            {
                throw new InjectedFaultException();
            }
        });

        await Assert.ThrowsAsync<InjectedFaultException>(() => crashing.CommitAsync(second, default));
        await Assert.ThrowsAsync<InjectedFaultException>(() => crashing.CommitAsync(second, default));

        Assert.True((await KeysAsync(string.Empty)).Length > clean + 10);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(first)), Plain.Of(await Open().StateAsync(Tenant, default)));
        Assert.Single(await Open().HistoryAsync(Tenant, second.Events[0].FindingId, default));
        await Open().CommitAsync(second, default);
        Assert.Equal(2, (await KeysAsync("h.")).Count(key => key.StartsWith(TableKeys.History(second.Events[0].FindingId), StringComparison.Ordinal)));
        Assert.Single((await KeysAsync("e.0000000002")).Select(key => key.Split('.')[2]).Distinct());
        Assert.Single((await KeysAsync("b.0000000002")).Select(key => key.Split('.')[2]).Distinct());
    }

    [Fact]
    public async Task An_answer_lost_after_the_mark_was_written_is_no_conflict()
    {
        var first = SampleScans.First(Tenant);
        await Open().CommitAsync(first, default);
        var second = SampleScans.Changed(first);
        var lost = new LoseAnswer();
        var options = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1), MaxRetries = 3 } };
        options.AddPolicy(lost, HttpPipelinePosition.PerRetry);
        var mark = await MarkWriteAsync(second);
        var store = new TableScanStore(
            azurite.Table(_table.Name, options), new TableOptions { BeforeWrite = write => lost.Armed = write == mark }, NullLogger<TableScanStore>.Instance);

        await store.CommitAsync(second, default);

        Assert.Equal(1, lost.Times);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(first, second)), Plain.Of(await Open().StateAsync(Tenant, default)));
    }

    [Fact]
    public async Task A_rerun_without_change_writes_no_pack_and_no_chunk_again()
    {
        var first = SampleScans.First(Tenant, apps: 300);
        var second = SampleScans.Unchanged(first);
        await Open().CommitAsync(first, default);

        await Open().CommitAsync(second, default);

        var written = await KeysAsync("b.0000000002");
        Assert.Equal(2, written.Length);
        Assert.Equal(Plain.Of(SampleScans.StateAfter(first, second)), Plain.Of(await Open().StateAsync(Tenant, default)));
    }

    [Fact]
    public async Task Inventories_beyond_those_kept_go_and_the_others_stay_whole()
    {
        var commits = new List<SampleScan> { SampleScans.First(Tenant) };
        for (var n = 0; n < 4; n++)
        {
            commits.Add(SampleScans.Changed(commits[^1]));
        }

        var store = new TableScanStore(_table, new TableOptions { InventoriesKept = 2 }, NullLogger<TableScanStore>.Instance);
        foreach (var commit in commits)
        {
            await store.CommitAsync(commit, default);
        }

        foreach (var gone in commits[..^2])
        {
            Assert.Null(await store.InventoryAsync(Tenant, gone.Scan.Id, default));
        }

        foreach (var kept in commits[^2..])
        {
            Assert.Equal(Plain.Of(kept.Inventory), Plain.Of(await store.InventoryAsync(Tenant, kept.Scan.Id, default)));
        }

        Assert.Equal(5, (await store.ScansAsync(Tenant, 10, default)).Length);
    }

    [Fact]
    public async Task A_blob_changed_by_hand_is_reported_as_damage_and_not_read()
    {
        await Open().CommitAsync(SampleScans.First(Tenant), default);
        foreach (var key in await KeysAsync("b."))
        {
            var row = (await _table.GetEntityAsync<TableEntity>(Tenant.ToString("D"), key)).Value;
            row["D0"] = row.GetBinary("D0").Reverse().ToArray();
            await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
        }

        await Assert.ThrowsAsync<Core.Scans.Records.RecordDamagedException>(() => Open().StateAsync(Tenant, default));
    }

    [Fact]
    public async Task A_missing_table_is_named_as_the_cause()
    {
        var store = new TableScanStore(azurite.Table("nothere"), new TableOptions(), NullLogger<TableScanStore>.Instance);

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(SampleScans.First(Tenant), default));

        Assert.Equal(StoreFault.Failing, fault.Fault);
        Assert.Contains("State__TableName", fault.Message, StringComparison.Ordinal);
    }

    private TableScanStore Open(Action<int>? beforeWrite = null) => new(_table, new TableOptions { BeforeWrite = beforeWrite }, NullLogger<TableScanStore>.Instance);

    /// <summary>Number of the write that sets the mark, found by committing the same in another table.</summary>
    private async Task<int> MarkWriteAsync(SampleScan second)
    {
        var first = SampleScans.First(Tenant);
        var table = azurite.NewTable();
        var last = 0;
        await new TableScanStore(table, new TableOptions(), NullLogger<TableScanStore>.Instance).CommitAsync(first, default);
        await new TableScanStore(table, new TableOptions { BeforeWrite = write => last = write }, NullLogger<TableScanStore>.Instance).CommitAsync(second, default);
        return last - 1;
    }

    private async Task<string[]> KeysAsync(string prefix) =>
        [.. (await new TableSession(_table, Tenant.ToString("D")).RowsAsync(prefix, default)).Select(row => row.RowKey)];

    private async Task<int> AttemptsLeftAsync(string kind, params string[] generations) =>
        (await KeysAsync(kind)).Select(key => key.Split('.')).Where(parts => generations.Contains(parts[1])).Select(parts => parts[2]).Distinct().Count();
}
