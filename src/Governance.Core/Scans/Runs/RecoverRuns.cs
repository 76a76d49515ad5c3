using Governance.Core.Scans.Queue;

namespace Governance.Core.Scans.Runs;

/// <summary>Brings runs and messages together again where a crash came between the two.</summary>
public sealed class RecoverRuns(IScanRuns runs, IScanQueue queue, TimeProvider time)
{
    private const int MostParked = 1000;

    /// <summary>Sends the message of every waiting run that has none, and ends every live run whose message is parked.</summary>
    /// <returns>Runs that were put right.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var live = await runs.LiveAsync(cancellationToken).ConfigureAwait(false);
        if (live.IsEmpty)
        {
            return 0;
        }

        var parked = (await queue.ParkedAsync(MostParked, cancellationToken).ConfigureAwait(false)).ToDictionary(message => message.Id, StringComparer.Ordinal);
        var put = 0;
        foreach (var run in live)
        {
            if (parked.TryGetValue(ScanMessage.IdOf(run), out var message))
            {
                await runs.ChangeAsync(run.TenantId, run.Id, known => known.GivenUp(message.Reason, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
                put++;
            }
            else if (run.State == ScanRunState.Queued && await queue.SendAsync(ScanMessage.Of(run), cancellationToken).ConfigureAwait(false))
            {
                put++;
            }
        }

        return put;
    }
}
