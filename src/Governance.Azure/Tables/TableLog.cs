using Microsoft.Extensions.Logging;

namespace Governance.Azure.Tables;

internal static partial class TableLog
{
    [LoggerMessage(301, LogLevel.Warning, "Scan {Generation} of tenant {TenantId} is kept, but what it replaced is not removed yet ({Fault})")]
    public static partial void SweepCutShort(this ILogger logger, Guid tenantId, int generation, string fault);
}
