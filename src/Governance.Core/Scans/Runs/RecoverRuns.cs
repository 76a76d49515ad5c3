using System.Collections.Immutable;
using Governance.Core.Scans.Queue;

namespace Governance.Core.Scans.Runs;

/// <summary>Brings runs and messages together again where a crash came between the two.</summary>
public sealed class RecoverRuns(IScanRuns runs, IScanQueue queue, TimeProvider time)
{
    private const int MostParked = 1000;

    /// <summary>Sends the message of every waiting run that has none, and ends every live run whose message is parked.</summary>
    public async Task<Recovery> RunAsync(CancellationToken cancellationToken)
    {
        var live = await runs.LiveAsync(cancellationToken).ConfigureAwait(false);
        if (live.Runs.IsEmpty)
        {
            return new Recovery(0, live.Unreadable);
        }

        var parked = (await queue.ParkedAsync(MostParked, cancellationToken).ConfigureAwait(false)).ToDictionary(message => message.Id, StringComparer.Ordinal);
        var put = 0;
        var runsOf = live.Runs.ToLookup(run => run.TenantId);
        var failures = await EachTenant.TryAsync(runsOf.Select(tenant => tenant.Key), PutRightAsync, cancellationToken).ConfigureAwait(false);
        return new Recovery(put, [.. live.Unreadable, .. failures]);

        async Task PutRightAsync(Guid tenant, CancellationToken stop)
        {
            foreach (var run in runsOf[tenant])
            {
                if (parked.TryGetValue(ScanMessage.IdOf(run), out var message))
                {
                    await runs.ChangeAsync(tenant, run.Id, known => known.GivenUp(message.Reason, time.GetUtcNow()), stop).ConfigureAwait(false);
                    put++;
                }
                else if (run.State == ScanRunState.Queued && await queue.SendAsync(ScanMessage.Of(run), stop).ConfigureAwait(false))
                {
                    put++;
                }
            }
        }
    }
}

/// <summary>What a recovery did.</summary>
/// <param name="PutRight">Number of runs that were put right.</param>
/// <param name="Failures">Tenants whose run could not be, or not even read; every one was tried.</param>
public sealed record Recovery(int PutRight, ImmutableArray<TenantFailure> Failures);
