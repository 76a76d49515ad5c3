using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Policy;

/// <summary>How far a standing can be told: absence of a fault is evidence only in parts that were read whole.</summary>
/// <param name="Unread">Parts that were not read whole.</param>
/// <param name="Earlier">Where the app stood by the last evidence; null when there is none.</param>
public sealed record StandingEvidence(ImmutableHashSet<InventoryPart> Unread, Standing? Earlier = null)
{
    /// <summary>Everything was read.</summary>
    public static readonly StandingEvidence Whole = new([]);

    /// <param name="parts">Readings of one scan; a part that is missing was not read.</param>
    public static StandingEvidence Of(IEnumerable<PartReading> parts)
    {
        var read = parts.Where(part => part.Complete).Select(part => part.Part).ToHashSet();
        return new([.. Inventory.Needed.Where(part => !read.Contains(part))]);
    }

    public bool Read(InventoryPart part) => !Unread.Contains(part);
}
