using System.Collections.Immutable;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Everything kept of a tenant's last scan, as rows.</summary>
internal sealed record TableSnapshot(TableGeneration Last, TableContents Contents, ImmutableArray<TableRow> Apps, ImmutableArray<TableRow> Findings, byte[] Policy);

/// <summary>Reads what the mark of one tenant says counts.</summary>
internal sealed class TableReader(TableSession session)
{
    /// <summary>How often a reader that was overtaken by a commit begins anew.</summary>
    private const int Tries = 10;

    /// <summary>Generation that counts; 0 before the first.</summary>
    public async Task<int> GenerationAsync(CancellationToken cancellationToken) =>
        (await session.RowAsync(TableKeys.Mark, cancellationToken).ConfigureAwait(false))?.GetInt32("Generation") ?? 0;

    /// <returns>Null when that generation does not count.</returns>
    public async Task<TableGeneration?> ScanAsync(int generation, CancellationToken cancellationToken) =>
        await session.RowAsync(TableKeys.Scan(generation), cancellationToken).ConfigureAwait(false) is { } row ? TableGeneration.From(row) : null;

    /// <returns>Null when no such scan was committed.</returns>
    public async Task<TableGeneration?> ScanAsync(string scanId, CancellationToken cancellationToken) =>
        await session.RowAsync(TableKeys.ScanId(scanId), cancellationToken).ConfigureAwait(false) is { } row
            ? await ScanAsync(row.GetInt32("Generation") ?? 0, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Newest first.</summary>
    public async Task<ImmutableArray<TableGeneration>> ScansAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await session.RowsAsync(TableKeys.Scans, cancellationToken, limit).ConfigureAwait(false)).Select(TableGeneration.From)];

    /// <returns>Null before the first commit.</returns>
    /// <remarks>A commit or an erasure removes what it replaced, so a reader may find a blob gone; then the mark was written anew and it reads again.</remarks>
    public async Task<TableSnapshot?> SnapshotAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var mark = await session.RowAsync(TableKeys.Mark, cancellationToken).ConfigureAwait(false);
            if (mark?.GetInt32("Generation") is not { } generation)
            {
                return null;
            }

            if (await SnapshotAsync(generation, cancellationToken).ConfigureAwait(false) is { } snapshot)
            {
                return snapshot;
            }

            if ((await session.RowAsync(TableKeys.Mark, cancellationToken).ConfigureAwait(false))?.ETag == mark.ETag)
            {
                throw new RecordDamagedException($"scan {generation} of tenant {session.Partition}", "a part of it is missing");
            }

            if (tries == Tries)
            {
                throw new StoreUnavailableException(StoreFault.Locked, $"scans of tenant {session.Partition} are kept faster than they can be read");
            }
        }
    }

    /// <returns>Null when it is not kept any more.</returns>
    public async Task<TableContents?> ContentsAsync(TableGeneration scan, CancellationToken cancellationToken) =>
        scan.Contents is not null && await ContentAsync(scan.Contents, cancellationToken).ConfigureAwait(false) is { } bytes ? TableContents.From(bytes, scan.Contents.Key) : null;

    /// <summary>Rows of a pack; null when it is gone.</summary>
    public async Task<List<TableRow>?> RowsAsync(TableBlob pack, CancellationToken cancellationToken) =>
        await ContentAsync(pack, cancellationToken).ConfigureAwait(false) is { } bytes ? TableRows.Rows(bytes, pack.Key) : null;

    /// <summary>What a blob holds, checked; null when it is gone.</summary>
    public async Task<byte[]?> ContentAsync(TableBlob blob, CancellationToken cancellationToken) =>
        await session.BlobAsync(blob, cancellationToken).ConfigureAwait(false) is { } kept ? TableBlob.Decompress(kept, blob.Digest, blob.Key) : null;

    private async Task<TableSnapshot?> SnapshotAsync(int generation, CancellationToken cancellationToken)
    {
        if (await ScanAsync(generation, cancellationToken).ConfigureAwait(false) is not { } last
            || await ContentsAsync(last, cancellationToken).ConfigureAwait(false) is not { } contents
            || await ContentAsync(contents.Policy, cancellationToken).ConfigureAwait(false) is not { } policy)
        {
            return null;
        }

        var packs = await TableSession.EachAsync([.. contents.Apps, .. contents.Findings], RowsAsync, cancellationToken).ConfigureAwait(false);
        return packs.Any(pack => pack is null)
            ? null
            : new TableSnapshot(last, contents, Joined(packs[..contents.Apps.Length]), Joined(packs[contents.Apps.Length..]), policy);
    }

    private static ImmutableArray<TableRow> Joined(List<TableRow>?[] packs) => [.. packs.SelectMany(pack => pack!)];
}
