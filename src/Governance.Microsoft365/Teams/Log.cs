using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Teams;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "The workflow answered {Answer} (attempt {Attempt}, {Bytes} bytes, run {RunId})")]
    public static partial void Answered(this ILogger logger, string answer, int attempt, int bytes, string? runId);

    [LoggerMessage(201, LogLevel.Warning, "The workflow is busy; waiting {Seconds} s (attempt {Attempt})")]
    public static partial void Waits(this ILogger logger, double seconds, int attempt);
}
