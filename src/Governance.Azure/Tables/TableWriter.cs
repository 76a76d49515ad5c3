using Azure.Data.Tables;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Writes rows of one attempt at a commit in transactions of at most 100 entities and less than 4 MiB.</summary>
/// <remarks>
/// Keys carry the attempt, so nothing is ever overwritten that another attempt wrote, and a repeat after a lost answer writes the
/// same again.
/// </remarks>
internal sealed class TableWriter(TableSession session, int generation, string attempt, Action<int>? beforeWrite)
{
    public const int MostEntities = 100;

    /// <summary>Bytes of properties in one transaction; base64 makes 4/3 of it and the envelope some more, below 4 MiB.</summary>
    public const int MostBytes = 5 * 512 * 1024;

    private readonly List<TableTransactionAction> _waiting = [];
    private int _bytes;
    private int _blobs;
    private int _writes;

    /// <summary>Keeps content, compressed.</summary>
    public Task<TableBlob> KeepAsync(byte[] content, CancellationToken cancellationToken) =>
        KeepAsync(NextKey(), TableBlob.DigestOf(content), TableBlob.Compress(content), cancellationToken);

    /// <summary>Keeps content, compressed, unless one of the blobs kept before holds it.</summary>
    public Task<TableBlob> KeepAsync(byte[] content, IReadOnlyDictionary<string, TableBlob> before, CancellationToken cancellationToken) =>
        before.TryGetValue(TableBlob.DigestOf(content), out var known) ? Task.FromResult(known) : KeepAsync(content, cancellationToken);

    /// <summary>Keeps an inventory chunk as it is.</summary>
    public Task<TableBlob> KeepAsync(InventoryChunk chunk, CancellationToken cancellationToken) =>
        KeepAsync(NextKey(), chunk.Id.ToString(), chunk.Compressed(), cancellationToken);

    /// <summary>Keeps the events of the attempt where they are found without knowing of the attempt.</summary>
    public Task<TableBlob> KeepJournalAsync(byte[] content, CancellationToken cancellationToken) =>
        KeepAsync(TableKeys.Attempt(TableKeys.Journals, generation, attempt), TableBlob.DigestOf(content), TableBlob.Compress(content), cancellationToken);

    /// <summary>Keeps the events of a committed attempt anew, beside those kept first.</summary>
    /// <param name="of">Generation of that attempt.</param>
    public Task<TableBlob> KeepJournalAsync(int of, string committed, byte[] content, CancellationToken cancellationToken) =>
        KeepAsync($"{TableKeys.Attempt(TableKeys.Journals, of, committed)}{attempt}.", TableBlob.DigestOf(content), TableBlob.Compress(content), cancellationToken);

    public async Task AddAsync(TableEntity entity, int bytes, CancellationToken cancellationToken)
    {
        if (_waiting.Count == MostEntities || (_waiting.Count > 0 && _bytes + bytes > MostBytes))
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        _waiting.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, entity));
        _bytes += bytes;
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        AboutToWrite();
        cancellationToken.ThrowIfCancellationRequested();
        if (!await session.SubmitAsync(_waiting, cancellationToken).ConfigureAwait(false))
        {
            throw new InvalidOperationException("an unconditional write met a condition");
        }

        _waiting.Clear();
        _bytes = 0;
    }

    /// <summary>Counts a write; the next request is it.</summary>
    public void AboutToWrite() => beforeWrite?.Invoke(++_writes);

    private string NextKey() => $"{TableKeys.Attempt(TableKeys.Blobs, generation, attempt)}{_blobs++:D6}.";

    private async Task<TableBlob> KeepAsync(string key, string digest, byte[] kept, CancellationToken cancellationToken)
    {
        var (blob, entities) = TableBlob.Cut(session.Partition, key, digest, kept);
        foreach (var entity in entities)
        {
            await AddAsync(entity, Math.Min(kept.Length, TableBlob.EntitySize), cancellationToken).ConfigureAwait(false);
        }

        return blob;
    }
}
