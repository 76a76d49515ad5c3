using Azure.Messaging.ServiceBus;
using Governance.Azure.ServiceBus;
using Governance.Core.Scans;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Governance.Functions.Triggers;

/// <summary>Computes the figures of a scan anew from what was stored, and says when they differ from those that were stored. It writes nothing.</summary>
internal sealed partial class ComputeKpis(ProveKpis prove, ITenantSources tenants, ILogger<ComputeKpis> logger)
{
    [Function(nameof(ComputeKpis))]
    public async Task RunAsync(
        [ServiceBusTrigger("%KpiQueue%", Connection = ServiceBusOptions.Section, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        if (KpiMessage.Read(message.Body.ToMemory()) is not { } asked || !tenants.Tenants.Contains(asked.TenantId))
        {
            await actions.DeadLetterMessageAsync(message, null, "parked", "it names no tenant that is set up, or is no such message", CancellationToken.None).ConfigureAwait(false);
            return;
        }

        Tell(asked, await prove.RunAsync(asked.TenantId, asked.ScanId, cancellationToken).ConfigureAwait(false));
        await actions.CompleteMessageAsync(message, CancellationToken.None).ConfigureAwait(false);
    }

    private void Tell(KpiMessage asked, KpiProof proof)
    {
        switch (proof)
        {
            case KpiProof.Same same:
                Follow(logger, asked.ScanId, asked.TenantId, same.Scans);
                break;
            case KpiProof.Wrong wrong:
                Differ(logger, asked.ScanId, asked.TenantId, wrong.Differences.Length, Names(wrong.Differences));
                break;
            case KpiProof.JudgedOtherwise otherwise:
                JudgedOtherwise(logger, asked.ScanId, asked.TenantId, otherwise.Differences.Length, Names(otherwise.Differences));
                break;
            default:
                NotProven(logger, asked.ScanId, asked.TenantId, proof is KpiProof.NotKept ? "its inventory is not kept" : "another scan has been kept since");
                break;
        }
    }

    private static string Names(IEnumerable<KpiDifference> differences) => string.Join(", ", differences.Select(difference => difference.Kpi).Distinct(StringComparer.Ordinal));

    [LoggerMessage(704, LogLevel.Information, "Every figure of scan {ScanId} of tenant {TenantId} follows from what was stored ({Scans} scans computed anew)")]
    private static partial void Follow(ILogger logger, string scanId, Guid tenantId, int scans);

    [LoggerMessage(705, LogLevel.Error, "{Count} figures of scan {ScanId} of tenant {TenantId} do not follow from what was stored: {Kpis}")]
    private static partial void Differ(ILogger logger, string scanId, Guid tenantId, int count, string kpis);

    [LoggerMessage(706, LogLevel.Warning, "{Count} figures of scan {ScanId} of tenant {TenantId} would be others by the policy, catalogue and definitions of now: {Kpis}")]
    private static partial void JudgedOtherwise(ILogger logger, string scanId, Guid tenantId, int count, string kpis);

    [LoggerMessage(707, LogLevel.Information, "The figures of scan {ScanId} of tenant {TenantId} are not proven: {Reason}")]
    private static partial void NotProven(ILogger logger, string scanId, Guid tenantId, string reason);
}
