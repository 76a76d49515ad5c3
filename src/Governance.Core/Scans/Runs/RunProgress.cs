using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Runs;

/// <summary>Takes in progress from several threads and tells how far each part is.</summary>
internal sealed class RunProgress : IProgress<ReadProgress>
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<InventoryPart, PartProgress> _parts = [];

    /// <summary>In the order of <see cref="InventoryPart"/>.</summary>
    public ImmutableArray<PartProgress> Parts
    {
        get
        {
            lock (_lock)
            {
                return [.. _parts.Values];
            }
        }
    }

    public void Report(ReadProgress value)
    {
        lock (_lock)
        {
            _parts[value.Part] = new PartProgress(value.Part, value.Items, value.Expected, value.Done);
        }
    }
}
