using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Offline;

/// <summary>Keeps account of the pages of an export: how many each collection has, and which chains of pages break off.</summary>
internal sealed class ExportedChains
{
    private readonly Dictionary<ExportedCollection, int> _pages = [];
    private readonly Dictionary<ExportedCollection, long> _counts = [];
    private readonly Dictionary<(ExportedCollection Collection, Guid? Resource), bool> _openAt = [];
    private Guid? _lastResource;

    /// <param name="resource">Tells apart the chains of app role assignments, one for each resource; null on an empty page, which goes with the page before.</param>
    public void Add(ExportedCollection collection, Guid? resource, PageEnvelope page)
    {
        _pages[collection] = _pages.GetValueOrDefault(collection) + 1;
        _lastResource = resource ?? _lastResource;
        _openAt[(collection, collection == ExportedCollection.Assignments ? _lastResource : null)] = page.NextLink is not null;
        if (page.Count is { } count)
        {
            _counts.TryAdd(collection, count);
        }
    }

    public int Pages(ExportedCollection collection) => _pages.GetValueOrDefault(collection);

    /// <summary>Rows of the whole collection as its first page says; null when none does.</summary>
    public long? Count(ExportedCollection collection) => _counts.TryGetValue(collection, out var count) ? count : null;

    /// <summary>True when the last page of some chain leads on to one that is not there.</summary>
    public bool BreaksOff(ExportedCollection collection) => _openAt.Any(chain => chain.Key.Collection == collection && chain.Value);
}
