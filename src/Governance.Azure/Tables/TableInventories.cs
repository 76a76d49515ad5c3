using Governance.Core.Consents;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Puts an inventory together again from its chunks.</summary>
internal sealed class TableInventories(TableSession session)
{
    /// <summary>How often a reader that met an erasure begins anew.</summary>
    private const int Tries = 10;

    private readonly TableReader _reader = new(session);

    /// <returns>Null when it is not kept any more.</returns>
    public async Task<Inventory?> OfAsync(string scanId, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (await _reader.ScanAsync(scanId, cancellationToken).ConfigureAwait(false) is not { Contents: not null } scan)
            {
                return null;
            }

            var read = await OfAsync(scan, cancellationToken).ConfigureAwait(false);
            if (read is not null)
            {
                return read.Value.Inventory;
            }

            // Gone with its time, unless an erasure put another one in its place.
            var now = await _reader.ScanAsync(scanId, cancellationToken).ConfigureAwait(false);
            if (now?.Contents == scan.Contents || tries == Tries)
            {
                return null;
            }
        }
    }

    /// <returns>Null when it is not kept any more.</returns>
    /// <exception cref="RecordDamagedException">It is kept, but not whole.</exception>
    public async Task<(Inventory Inventory, InventoryManifest Manifest, TableContents Contents)?> OfAsync(TableGeneration scan, CancellationToken cancellationToken)
    {
        if (await _reader.ContentsAsync(scan, cancellationToken).ConfigureAwait(false) is not { } contents)
        {
            return null;
        }

        var kept = await _reader.ContentAsync(contents.Manifest, cancellationToken).ConfigureAwait(false);
        var chunks = await TableSession.EachAsync(contents.Chunks, session.BlobAsync, cancellationToken).ConfigureAwait(false);
        if ((kept is null || chunks.Contains(null)) && await _reader.ContentsAsync(scan, cancellationToken).ConfigureAwait(false) is null)
        {
            return null;
        }

        var record = $"inventory of scan {scan.Scan.Id}";
        var manifest = InventoryManifest.From(kept ?? throw new RecordDamagedException(record, "it is missing"), record);
        var join = new InventoryJoin(manifest);
        foreach (var (chunk, content) in contents.Chunks.Zip(chunks).Where(chunk => chunk.Second is not null))
        {
            join.Add(ChunkId.From(Convert.FromHexString(chunk.Digest)), content);
        }

        return (join.Build(), manifest, contents);
    }
}
