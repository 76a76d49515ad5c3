using System.Globalization;
using Governance.Core.Scans.Queue;

namespace Governance.Core.Scans.Runs;

/// <summary>The workflow of asking for a scan: start a run or join the live one, and see to it that a message carries it.</summary>
/// <param name="tail">Gives a fresh random tail for a run id: letters and digits.</param>
public sealed class RequestScan(IScanRuns runs, IScanQueue queue, TimeProvider time, Func<string> tail)
{
    /// <returns>The live run of the tenant, and whether this call started it.</returns>
    /// <remarks>Sent again after a lost answer it joins; a crash between run and message is made good by <see cref="RecoverRuns"/>.</remarks>
    public Task<(ScanRun Run, bool Started)> AskAsync(Guid tenantId, ScanMode mode, string requestedBy, CancellationToken cancellationToken) =>
        AskAsync($"run-{Compact(time.GetUtcNow())}{tail()}", tenantId, mode, requestedBy, cancellationToken);

    /// <summary>Asks on behalf of a request that may be repeated after a crash: one mark is one run.</summary>
    public Task<(ScanRun Run, bool Started)> AskOnceAsync(string mark, Guid tenantId, ScanMode mode, string requestedBy, CancellationToken cancellationToken) =>
        AskAsync($"run-{mark}", tenantId, mode, requestedBy, cancellationToken);

    /// <summary>Asks on behalf of a schedule: one occurrence is one run, however often it is started.</summary>
    public Task<(ScanRun Run, bool Started)> AskAsync(string schedule, DateTimeOffset occurrence, Guid tenantId, ScanMode mode, CancellationToken cancellationToken) =>
        AskAsync($"run-{Compact(occurrence)}-{schedule}", tenantId, mode, $"schedule:{schedule}", cancellationToken);

    private async Task<(ScanRun Run, bool Started)> AskAsync(string id, Guid tenantId, ScanMode mode, string requestedBy, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var run = await runs.StartOrJoinAsync(ScanRun.New(id, tenantId, mode, requestedBy, now), cancellationToken).ConfigureAwait(false);
        if (run.State == ScanRunState.Queued)
        {
            await queue.SendAsync(ScanMessage.Of(run), cancellationToken).ConfigureAwait(false);
        }

        return (run, run.Id == id && run.RequestedAt == now);
    }

    private static string Compact(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
}
