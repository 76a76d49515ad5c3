using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.State.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Azure.Tests.Tables;

[Collection(Azurite.Collection)]
public sealed class TableScanCheckpointsTests(Azurite azurite) : ScanCheckpointsContract
{
    private static readonly ScanCheckpoint Checkpoint = new("reading", SampleScans.Tenant, SampleScans.Start, InventoryPart.Users, 0, new byte[700_000]);
    private readonly TableClient _table = azurite.NewTable();

    /// <summary>ST-2, ST-3: whatever write fails, the place is free or taken whole, and a repeat is harmless.</summary>
    [Fact]
    public async Task ST_2_whichever_write_fails_the_checkpoint_is_there_whole_or_not_at_all()
    {
        for (var broken = 1; ; broken++)
        {
            var at = Checkpoint with { Sequence = broken, Body = Noise() };
            try
            {
                await Open(write => Fail(write, broken)).KeepAsync(at, default);
                Assert.True(broken > 3);
                return;
            }
            catch (InjectedFaultException)
            {
                Assert.DoesNotContain(await Open().Checkpoints.FindAsync("reading", default), found => found.Sequence == broken);
                Assert.True(await Open().Checkpoints.KeepAsync(at, default));
            }
        }
    }

    [Fact]
    public async Task A_commit_removes_rows_and_bodies_and_what_a_crash_left_of_them()
    {
        await Open().Checkpoints.KeepAsync(Checkpoint with { Body = Noise() }, default);
        await Assert.ThrowsAsync<InjectedFaultException>(() => Open(write => Fail(write, 3)).KeepAsync(Checkpoint with { Sequence = 1, Body = Noise() }, default));

        await Open().Scans.CommitAsync(SampleScans.First(SampleScans.Tenant), default);

        var keys = _table.Query<TableEntity>(row => row.PartitionKey == SampleScans.Tenant.ToString("D")).Select(row => row.RowKey).ToArray();
        Assert.DoesNotContain(keys, key => key.StartsWith(TableKeys.Checkpoints, StringComparison.Ordinal));
        Assert.Single(keys.Where(key => key.StartsWith(TableKeys.Blobs, StringComparison.Ordinal)).Select(key => key.Split('.')[2]).Distinct());
    }

    [Fact]
    public async Task A_body_that_is_gone_comes_as_an_empty_one()
    {
        await Open().Checkpoints.KeepAsync(Checkpoint, default);
        foreach (var row in _table.Query<TableEntity>().Where(row => row.RowKey.StartsWith(TableKeys.Blobs, StringComparison.Ordinal)).ToArray())
        {
            await _table.DeleteEntityAsync(row);
        }

        Assert.Empty(Assert.Single(await Open().Checkpoints.FindAsync("reading", default)).Body);
    }

    protected override (IScanCheckpoints Checkpoints, IScanStore Scans) Open() =>
        (Open(null), new TableScanStore(_table, new TableOptions(), NullLogger<TableScanStore>.Instance));

    private TableScanCheckpoints Open(Action<int>? beforeWrite) => new(_table, new TableOptions { BeforeWrite = beforeWrite });

    private static void Fail(int write, int broken)
    {
        if (write == broken)
        {
            throw new InjectedFaultException();
        }
    }

    private static byte[] Noise()
    {
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
