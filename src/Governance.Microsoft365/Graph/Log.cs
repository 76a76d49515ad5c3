using Governance.Core.Consents;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Graph;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "Graph asked for a wait of {Seconds} s on {Part} (attempt {Attempt})")]
    public static partial void Throttled(this ILogger logger, InventoryPart? part, double seconds, int attempt);

    [LoggerMessage(101, LogLevel.Warning, "A page of {Part} failed with {Fault} (status {Status}, attempt {Attempt}); asking again in {Seconds} s")]
    public static partial void Repeats(this ILogger logger, InventoryPart? part, FaultKind fault, int? status, int attempt, double seconds);

    [LoggerMessage(102, LogLevel.Error, "Security: page {Page} of {Part} linked to another host; the link was not followed")]
    public static partial void ForeignLink(this ILogger logger, InventoryPart part, int page);

    [LoggerMessage(103, LogLevel.Warning, "{Part} cannot be counted by this server; read without a count")]
    public static partial void CountRefused(this ILogger logger, InventoryPart part);

    [LoggerMessage(104, LogLevel.Warning, "The link to page {Page} of {Part} has expired; reading the list again (restart {Restart})")]
    public static partial void Restarts(this ILogger logger, InventoryPart part, int page, int restart);

    [LoggerMessage(105, LogLevel.Warning, "{Part} ended {Status}: {Items} items on {Pages} pages, {Unreadable} unreadable")]
    public static partial void NotWhole(this ILogger logger, InventoryPart part, PartStatus status, long items, int pages, long unreadable);

    [LoggerMessage(106, LogLevel.Information, "Service principal {Id} was removed during the scan")]
    public static partial void Removed(this ILogger logger, Guid id);

    [LoggerMessage(108, LogLevel.Warning, "Changes of {Part} can no longer be told ({Fault}); listing it again")]
    public static partial void SyncLost(this ILogger logger, InventoryPart part, FaultKind fault);

    [LoggerMessage(107, LogLevel.Information, "The token was refused and is renewed once")]
    public static partial void TokenRenewed(this ILogger logger);
}
