using System.Globalization;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;

namespace Governance.Embedded.Sqlite;

/// <summary>Keeps each tenant's ledger head in a file apart from the database, so that a cut tail shows.</summary>
internal sealed class LedgerAnchor(string folder)
{
    /// <summary>Two writers of one process take turns, so that the later head is not replaced by the earlier one.</summary>
    private static readonly Lock Writing = new();

    private string Heads => Path.Combine(folder, "ledger-heads");

    private string PathOf(Guid tenant) => Path.Combine(Heads, tenant.ToString("D"));

    /// <summary>Every tenant whose head is kept.</summary>
    public IEnumerable<Guid> Tenants() => Directory.Exists(Heads)
        ? Directory.EnumerateFiles(Heads).Select(file => Guid.TryParseExact(Path.GetFileName(file), "D", out var tenant) ? tenant : Guid.Empty).Where(tenant => tenant != Guid.Empty)
        : [];

    /// <returns>Null when there is no file; a head that fits nothing when the file cannot be read as one.</returns>
    public LedgerHead? Read(Guid tenant)
    {
        var path = PathOf(tenant);
        if (!File.Exists(path))
        {
            return null;
        }

        var text = File.ReadAllText(path);
        return text.EndsWith('\n') && LedgerExport.HeadOf(text[..^1]) is { } head ? head : new LedgerHead(0, "unreadable");
    }

    /// <summary>Writes the file whole or not at all, and never takes the count back.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be written; the entries themselves are kept.</exception>
    public void Write(Guid tenant, LedgerHead head)
    {
        var path = PathOf(tenant);
        lock (Writing)
        {
            try
            {
                if (Read(tenant) is { } kept && kept.Count >= head.Count)
                {
                    return;
                }

                PrivateFile.MakeFolder(Path.GetDirectoryName(path)!);
                PrivateFile.Write(path, string.Create(CultureInfo.InvariantCulture, $"{head.Count} {head.Hash}\n"));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new StoreUnavailableException(StoreFault.NotWritable, $"the entry was kept, but its head could not be written to {path}: {fault.Message}", fault);
            }
        }
    }
}
