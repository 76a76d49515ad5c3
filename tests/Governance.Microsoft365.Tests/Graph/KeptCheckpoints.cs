using System.Collections.Immutable;
using Governance.Core.Scans;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>Checkpoints in memory; they outlive the reading that left them.</summary>
internal sealed class KeptCheckpoints : IScanCheckpoints
{
    public List<ScanCheckpoint> All { get; } = [];

    public Task<ImmutableArray<ScanCheckpoint>> FindAsync(string reading, CancellationToken cancellationToken)
    {
        lock (All)
        {
            var own = All.Where(checkpoint => checkpoint.Reading == reading).ToArray();
            return Task.FromResult<ImmutableArray<ScanCheckpoint>>(
                [.. own.Where(checkpoint => checkpoint.StartedAt == own.Max(one => one.StartedAt)).OrderBy(checkpoint => checkpoint.Part).ThenBy(checkpoint => checkpoint.Sequence)]);
        }
    }

    public Task<bool> KeepAsync(ScanCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        lock (All)
        {
            if (All.Any(one => (one.Reading, one.StartedAt, one.Part, one.Sequence) == (checkpoint.Reading, checkpoint.StartedAt, checkpoint.Part, checkpoint.Sequence)))
            {
                return Task.FromResult(false);
            }

            All.Add(checkpoint);
            return Task.FromResult(true);
        }
    }

    public Task ForgetAsync(string reading, CancellationToken cancellationToken)
    {
        lock (All)
        {
            All.RemoveAll(checkpoint => checkpoint.Reading == reading);
        }

        return Task.CompletedTask;
    }
}
