using Azure.Core;
using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Core.Policy.Ledger;
using Governance.State.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Azure.Tests.Tables;

[Collection(Azurite.Collection)]
public sealed class TableDecisionLedgerTests(Azurite azurite) : DecisionLedgerContract
{
    private readonly TableClient _table = azurite.NewTable();
    private readonly ApartTable _apart = new(azurite.NewTable());

    protected override IDecisionLedger Open() => Open(beforeWrite: null);

    protected override IDecisionLedger Open(Action betweenReads) =>
        new TableDecisionLedger(_table, _apart, new TableOptions { BetweenReads = betweenReads }, NullLogger<TableDecisionLedger>.Instance);

    [Fact]
    public async Task AP_1_a_changed_byte_anywhere_in_the_rows_is_noticed()
    {
        await FillAsync();
        var changes = 0;
        foreach (var row in Rows().Concat(_apart.Client.Query<TableEntity>()).ToArray())
        {
            var table = row.RowKey == TableKeys.LedgerHead && row.GetString("Attempt") is null ? _apart.Client : _table;
            foreach (var (name, value) in row.Where(property => property.Key is "D0" or "Hash" or "Count" or "Part").ToArray())
            {
                foreach (var changed in Changed(value))
                {
                    await table.UpdateEntityAsync(new TableEntity(row) { [name] = changed }, ETagAll, TableUpdateMode.Replace);
                    Assert.True(LedgerVerification.Of(await Open().ReadAsync(Tenant, default)) is LedgerVerdict.Broken, $"{row.RowKey} {name}");
                    changes++;
                }

                await table.UpdateEntityAsync(new TableEntity(row), ETagAll, TableUpdateMode.Replace);
            }
        }

        Sound(await Open().ReadAsync(Tenant, default));
        Assert.True(changes > 30, $"{changes} changes");
    }

    [Fact]
    public async Task CC_6_a_writer_whom_the_first_act_of_the_tenant_overtakes_is_told_that_the_ledger_moved()
    {
        var overtaken = Open(Once(() => Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1)], default)));

        await Assert.ThrowsAsync<LedgerMovedException>(() => overtaken.AppendAsync(Tenant, LedgerHead.Empty, [Draft(2)], default));

        Assert.Single(Sound(await Open().ReadAsync(Tenant, default)).Entries);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task AP_1_a_removed_or_doubled_entry_is_named(int place)
    {
        await FillAsync();
        var row = (await _table.GetEntityAsync<TableEntity>($"{Tenant}", TableKeys.LedgerEntry(place))).Value;
        await _table.DeleteEntityAsync(row);
        var removed = LedgerVerification.Of(await Open().ReadAsync(Tenant, default));
        await _table.AddEntityAsync(row);
        row.RowKey = TableKeys.LedgerEntry(5);
        await _table.AddEntityAsync(row);

        var doubled = LedgerVerification.Of(await Open().ReadAsync(Tenant, default));

        Assert.Equal(place, Assert.IsType<LedgerVerdict.Broken>(removed).Entry);
        Assert.Equal(5, Assert.IsType<LedgerVerdict.Broken>(doubled).Entry);
    }

    [Fact]
    public async Task AP_2_a_tail_cut_with_its_head_is_found_by_the_head_kept_apart_and_nothing_is_added_to_it()
    {
        await FillAsync();
        var before = (await Open().ReadAsync(Tenant, default)).Entries[2];
        await _table.DeleteEntityAsync($"{Tenant}", TableKeys.LedgerEntry(4));
        var head = (await _table.GetEntityAsync<TableEntity>($"{Tenant}", TableKeys.LedgerHead)).Value;
        (head["Count"], head["Hash"]) = (3L, before.Hash);
        await _table.UpdateEntityAsync(head, head.ETag, TableUpdateMode.Replace);

        var cut = await Open().ReadAsync(Tenant, default);

        Assert.Equal(4, Assert.IsType<LedgerVerdict.Broken>(LedgerVerification.Of(cut)).Entry);
        await Assert.ThrowsAsync<LedgerBrokenException>(() => Open().AppendAsync(Tenant, cut.Head!, [Draft(9)], default));
    }

    [Fact]
    public async Task AP_2_without_the_head_kept_apart_nothing_is_added()
    {
        await FillAsync();
        await _apart.Client.DeleteEntityAsync($"{Tenant}", TableKeys.LedgerHead);

        await Assert.ThrowsAsync<LedgerBrokenException>(async () => await Open().AppendAsync(Tenant, (await Open().ReadAsync(Tenant, default)).Head!, [Draft(9)], default));
    }

    [Fact]
    public async Task ST_5_texts_larger_than_a_transaction_come_back_whole_and_leave_nothing_when_they_are_taken()
    {
        var texts = Enumerable.Range(1, 3).Select(Noise).ToArray();
        var head = await Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1, texts[0]), Draft(2, texts[1]), Draft(3, texts[2])], default);
        Assert.Equal(texts, Sound(await Open().ReadAsync(Tenant, default)).Entries.Select(entry => entry.Part));
        Assert.True(Parts().Length > 5, "the texts fit into few rows");

        await Open().TakePartsAsync(Tenant, head, [1, 3], Taking("1 3"), default);

        Assert.Equal([null, texts[1], null, null], Sound(await Open().ReadAsync(Tenant, default)).Entries.Select(entry => entry.Part));
        Assert.All(Parts(), key => Assert.Equal(2, TableKeys.PlaceOf(key)));
    }

    [Fact]
    public async Task ST_2_whichever_write_fails_the_ledger_is_as_before_or_after_and_what_was_taken_stays_taken()
    {
        var head = await Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1, "first"), Draft(2, Noise(1))], default);
        for (var broken = 1; ; broken++)
        {
            var failing = Open(write =>
            {
                if (write == broken)
                {
                    throw new InjectedFaultException();
                }
            });
            try
            {
                head = await failing.AppendAsync(Tenant, head, [Draft(broken, Noise(2)), Draft(broken, Noise(3)), Draft(broken, Noise(4))], default);
                Assert.True(broken > 3, $"only {broken - 1} writes");
                break;
            }
            catch (InjectedFaultException)
            {
                Assert.Equal(2, Sound(await Open().ReadAsync(Tenant, default)).Head.Count);
            }
        }

        Assert.Equal(5, Sound(await Open().ReadAsync(Tenant, default)).Head.Count);
        await Open().TakePartsAsync(Tenant, head, [1], Taking("1"), default);
        Assert.Equal(4, Parts().Select(key => key[..key.LastIndexOf('.')]).Distinct().Count());
    }

    [Fact]
    public async Task AP_5_parts_of_a_process_that_died_before_it_deleted_them_do_not_show_and_go_later()
    {
        var head = await Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1, "about Ana")], default);
        var saved = Rows().Where(row => row.RowKey.StartsWith(TableKeys.LedgerParts, StringComparison.Ordinal)).ToArray();
        await Open().TakePartsAsync(Tenant, head, [1], Taking("1"), default);
        var session = new TableSession(_table, $"{Tenant}");
        var taken = await TableLedgerHead.ReadAsync(session, default);
        await session.SubmitAsync([TableLedgerHead.Move(session, taken, taken!.Head, taken.Attempt, [1])], default);
        await _table.SubmitTransactionAsync(saved.Select(part => new TableTransactionAction(TableTransactionActionType.Add, part)));

        var shown = Sound(await Open().ReadAsync(Tenant, default));
        await ((TableDecisionLedger)Open()).FinishTakingAsync(Tenant, default);

        Assert.Equal([null, null], shown.Entries.Select(entry => entry.Part));
        Assert.Empty(Parts());
        Assert.Equal([null, null], Sound(await Open().ReadAsync(Tenant, default)).Entries.Select(entry => entry.Part));
    }

    [Fact]
    public async Task ST_3_an_answer_lost_after_an_entry_was_kept_is_no_conflict_and_adds_no_second_one()
    {
        var head = await Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1)], default);
        var lost = new LoseAnswer();
        var options = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1), MaxRetries = 3 } };
        options.AddPolicy(lost, HttpPipelinePosition.PerRetry);
        var ledger = new TableDecisionLedger(
            azurite.Table(_table.Name, options), _apart, new TableOptions { BeforeWrite = _ => lost.Armed = true }, NullLogger<TableDecisionLedger>.Instance);

        var after = await ledger.AppendAsync(Tenant, head, [Draft(2, "text")], default);

        Assert.Equal(1, lost.Times);
        Assert.Equal(after, Sound(await Open().ReadAsync(Tenant, default)).Head);
        Assert.Equal(2, after.Count);
    }

    private static global::Azure.ETag ETagAll => global::Azure.ETag.All;

    private TableDecisionLedger Open(Action<int>? beforeWrite) =>
        new(_table, _apart, new TableOptions { BeforeWrite = beforeWrite }, NullLogger<TableDecisionLedger>.Instance);

    private Task<LedgerHead> FillAsync() => Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1, "first"), Draft(2), Draft(3, "third"), Draft(4, "last")], default);

    private static LedgerDraft Taking(string parts) => new(SampleScans.Start, "p-9", LedgerKinds.Erased, "p-1", Draft(1).Facts.Clear().Add("parts", parts), null);

    private TableEntity[] Rows() => [.. _table.Query<TableEntity>(row => row.PartitionKey == $"{Tenant}")];

    private string[] Parts() => [.. Rows().Select(row => row.RowKey).Where(key => key.StartsWith(TableKeys.LedgerParts, StringComparison.Ordinal))];

    /// <summary>As long as a part may be, in characters of three bytes that do not compress.</summary>
    private static string Noise(int seed)
    {
        var random = new Random(seed);
        return string.Create(LedgerChain.LongestPart, random, (text, source) =>
        {
            for (var at = 0; at < text.Length; at++)
            {
                text[at] = (char)source.Next(0x3000, 0xD000);
            }
        });
    }

    private static IEnumerable<object> Changed(object value) => value switch
    {
        byte[] bytes => new[] { 0, bytes.Length / 3, bytes.Length / 2, bytes.Length - 1 }.Distinct().Select(at =>
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 1;
            return (object)changed;
        }),
        string text => [text[..^1] + (text[^1] == 'a' ? 'b' : 'a')],
        long count => [count - 1, count + 1],
        _ => [],
    };
}
