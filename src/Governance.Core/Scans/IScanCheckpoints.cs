using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Scans;

/// <summary>Keeps how far an unfinished reading has come, so that a killed process can go on where it stopped.</summary>
/// <remarks>Nothing here is a scan: no reader of scans sees it, and the commit of a scan of the tenant removes it.</remarks>
public interface IScanCheckpoints
{
    /// <summary>The checkpoints of the newest reading under this name, by part and sequence; empty when there are none.</summary>
    Task<ImmutableArray<ScanCheckpoint>> FindAsync(string reading, CancellationToken cancellationToken);

    /// <returns>False when there is one of this place already: another process reads the same, and its checkpoint stays.</returns>
    Task<bool> KeepAsync(ScanCheckpoint checkpoint, CancellationToken cancellationToken);

    Task ForgetAsync(string reading, CancellationToken cancellationToken);
}

/// <summary>One piece of an unfinished reading.</summary>
/// <param name="Reading">Names the source and how it is read; another way of reading has another name.</param>
/// <param name="StartedAt">When the reading began; UTC.</param>
/// <param name="Sequence">From 0 for each part.</param>
/// <param name="Body">Written and read by the source alone.</param>
public sealed record ScanCheckpoint(string Reading, Guid TenantId, DateTimeOffset StartedAt, InventoryPart Part, int Sequence, byte[] Body);
