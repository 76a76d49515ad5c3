using Governance.Core.Scans;
using Governance.Core.Scans.Records;

namespace Governance.Microsoft365.Offline;

/// <summary>Reads an inventory that was exported: the same facts of the same moment, so the same verdicts.</summary>
public sealed class InventoryFileSource(string path) : IConsentSource
{
    public ScanMode Mode => ScanMode.Offline;

    /// <summary>True when the file begins as such an export does.</summary>
    public static bool Recognises(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenRead(path);
        var head = new byte[InventoryFile.Mark.Length];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual(InventoryFile.Mark);
    }

    /// <inheritdoc/>
    public async Task<SourceReading> ReadAsync(IProgress<ReadProgress> progress, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(path);
        try
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            using var stream = new MemoryStream(bytes);
            var inventory = InventoryFile.Read(stream, name) with { Cursors = null };
            foreach (var part in inventory.Parts)
            {
                progress.Report(new ReadProgress(part.Part, part.Items, part.Expected, Done: true));
            }

            return new SourceReading(inventory, new RequestCounts(0, 0, 0));
        }
        catch (RecordDamagedException damage)
        {
            throw new SourceFormatException(name, damage.Message, damage);
        }
    }
}
