using Microsoft.Extensions.Logging;

namespace Governance.Azure.Tables;

internal static partial class TableLog
{
    [LoggerMessage(601, LogLevel.Warning, "Scan {Generation} of tenant {TenantId} is kept, but what it replaced is not removed yet ({Fault})")]
    public static partial void SweepCutShort(this ILogger logger, Guid tenantId, int generation, string fault);

    /// <remarks>The log is a third place for the head: the identity that writes tables cannot change what it logged.</remarks>
    [LoggerMessage(602, LogLevel.Information, "Decision ledger of tenant {TenantId}: head {Count} {Hash}")]
    public static partial void LedgerHeadMoved(this ILogger logger, Guid tenantId, long count, string hash);
}
