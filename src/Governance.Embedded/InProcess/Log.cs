using Governance.Core.Scans;
using Microsoft.Extensions.Logging;

namespace Governance.Embedded.InProcess;

internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Warning, "The queue cannot be used now ({Fault}); trying again")]
    public static partial void QueueUnavailable(this ILogger logger, StoreFault fault);

    [LoggerMessage(302, LogLevel.Error, "The handler of message {MessageId} failed in attempt {Attempt}")]
    public static partial void HandlerFailed(this ILogger logger, Exception fault, string messageId, int attempt);

    [LoggerMessage(303, LogLevel.Error, "Message {MessageId} is parked after attempt {Attempt}")]
    public static partial void Parked(this ILogger logger, string messageId, int attempt);

    [LoggerMessage(304, LogLevel.Information, "Delivery {Number} of message {MessageId} was overtaken; nothing of it counts")]
    public static partial void LeaseLost(this ILogger logger, string messageId, long number);

    [LoggerMessage(305, LogLevel.Warning, "Message {MessageId} was given back in attempt {Attempt} and will be tried again")]
    public static partial void Returned(this ILogger logger, string messageId, int attempt);

    [LoggerMessage(306, LogLevel.Information, "Schedule {Schedule} starts its occurrence of {Occurrence}")]
    public static partial void Occurs(this ILogger logger, string schedule, DateTimeOffset occurrence);

    [LoggerMessage(307, LogLevel.Error, "Schedule {Schedule} failed; it is tried again at its next occurrence")]
    public static partial void ScheduleFailed(this ILogger logger, Exception fault, string schedule);
}
