using System.IO.Compression;
using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Runs;
using Governance.State.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Azure.Tests.Tables;

[Collection(Azurite.Collection)]
public sealed class TablePersonalRecordsTests(Azurite azurite) : PersonalRecordsContract
{
    private readonly TableClient _table = azurite.NewTable();

    [Fact]
    public async Task AP_5_the_bytes_that_held_the_user_are_gone_too()
    {
        var commits = await FillAsync(Tenant, scans: 3);
        var before = await BytesAsync();

        await Open().Records.EraseUserAsync(Tenant, Busiest(commits[0].Inventory), default);

        var held = before.Where(blob => blob.Value.Contains(Busiest(commits[0].Inventory), StringComparison.Ordinal)).Select(blob => blob.Key).ToArray();
        Assert.NotEmpty(held);
        Assert.DoesNotContain(await BytesAsync(), blob => blob.Value.Contains(Busiest(commits[0].Inventory), StringComparison.Ordinal));
        Assert.Empty((await BytesAsync()).Keys.Intersect(held));
    }

    [Fact]
    public async Task AP_6_no_row_of_a_removed_finding_is_left()
    {
        var commits = await FillAsync(Tenant, scans: 4);
        var gone = commits[^1].Findings.Where(finding => finding.ResolvedAt is not null).Select(finding => finding.Id).ToArray();

        await Open().Records.RetainAsync(Tenant, new RetentionPeriods(null, 1, null, null), commits[^1].Scan.StartedAt.AddDays(9), dryRun: false, default);

        var rows = _table.Query<TableEntity>().ToArray();
        Assert.Equal(3, gone.Length);
        Assert.All(gone, id => Assert.DoesNotContain(rows, row => row.RowKey.StartsWith(TableKeys.History(id), StringComparison.Ordinal)));
        Assert.DoesNotContain(rows, row => row.RowKey.StartsWith(TableKeys.Removals, StringComparison.Ordinal));
        Assert.Equal(4, rows.Where(row => row.RowKey.StartsWith(TableKeys.Journals, StringComparison.Ordinal)).GroupBy(row => TableKeys.GenerationOf(row.RowKey)).Count());
        Assert.DoesNotContain(await BytesAsync(), blob => gone.Any(id => blob.Value.Contains(id, StringComparison.Ordinal)));
    }

    /// <summary>A commit prepared before an erasure rests on rows that the erasure gives up.</summary>
    [Fact]
    public async Task A_commit_in_flight_during_an_erasure_is_refused_and_nothing_is_damaged()
    {
        var commits = await FillAsync(Tenant, scans: 2);
        var user = Busiest(commits[0].Inventory);
        var erased = false;
        var next = SampleScans.Changed(commits[^1]);
        var overtaken = new TableScanStore(_table, new TableOptions { BeforeWrite = _ => EraseOnce() }, NullLogger<TableScanStore>.Instance);

        await Assert.ThrowsAsync<StaleScanException>(() => overtaken.CommitAsync(next, default));

        Assert.Equal(Plain.Of(commits[^1].Inventory.Without(user)), Plain.Of(await Open().Scans.InventoryAsync(Tenant, commits[^1].Scan.Id, default)));
        await Open().Scans.CommitAsync(next, default);
        Assert.Equal(Plain.Of(next.Inventory), Plain.Of(await Open().Scans.InventoryAsync(Tenant, next.Scan.Id, default)));

        void EraseOnce()
        {
            if (!erased)
            {
                erased = true;
                Task.Run(() => Open().Records.EraseUserAsync(Tenant, user, default)).GetAwaiter().GetResult();
            }
        }
    }

    protected override (IScanRuns Runs, IIdempotencyKeys Keys, ILearnedApps Learned) OpenWork() =>
        (new TableScanRuns(_table), new TableIdempotencyKeys(_table, TimeProvider.System), new TableLearnedApps(_table));

    protected override (IPersonalRecords Records, IScanStore Scans, IScanCheckpoints Checkpoints) Open(Action<int>? beforeWrite = null) =>
        (new TablePersonalRecords(_table, new TableOptions { BeforeWrite = beforeWrite }),
            new TableScanStore(_table, new TableOptions(), NullLogger<TableScanStore>.Instance),
            new TableScanCheckpoints(_table, new TableOptions()));

    /// <summary>What each blob and journal holds, unpacked, byte by byte as text that ids can be looked for in.</summary>
    private async Task<Dictionary<string, string>> BytesAsync()
    {
        var rows = await new TableSession(_table, $"{Tenant}").RangeAsync(string.Empty, "~", default);
        return rows.Where(row => row.RowKey[0] is 'b' or 'e').GroupBy(row => row.RowKey[..row.RowKey.LastIndexOf('.')]).ToDictionary(
            blob => blob.Key,
            blob => string.Concat(Unpacked([.. blob.OrderBy(row => row.RowKey, StringComparer.Ordinal).SelectMany(row => TableBlob.ReadBytes(row, "D"))], blob.Key).Select(value => (char)value)));
    }

    /// <summary>A chunk has a head of 16 bytes, everything else one of 4.</summary>
    private static byte[] Unpacked(byte[] kept, string name)
    {
        if (!kept.AsSpan().StartsWith("GVC1"u8))
        {
            return TableBlob.Decompress(kept, null, name);
        }

        using var content = new MemoryStream();
        using var brotli = new BrotliStream(new MemoryStream(kept[16..]), CompressionMode.Decompress);
        brotli.CopyTo(content);
        return content.ToArray();
    }
}

internal static class TextOfBytes
{
    /// <summary>Whether an id stands in it in its binary form, either way round, or as text.</summary>
    public static bool Contains(this string bytes, Guid id, StringComparison comparison) =>
        bytes.Contains(string.Concat(id.ToByteArray().Select(value => (char)value)), comparison)
        || bytes.Contains(string.Concat(id.ToByteArray(bigEndian: true).Select(value => (char)value)), comparison)
        || bytes.Contains(id.ToString("D"), comparison);
}
