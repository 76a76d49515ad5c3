using Microsoft.Extensions.Logging;

namespace Governance.Api.Http;

/// <summary>What the API writes to its log: operations, ids and statuses; no names, tokens or bodies. 520 and up are for the security team.</summary>
internal static partial class Log
{
    [LoggerMessage(501, LogLevel.Information, "{Operation} answered {Status} in {Milliseconds} ms ({CorrelationId})")]
    public static partial void Answered(this ILogger logger, string operation, int status, long milliseconds, string correlationId);

    [LoggerMessage(502, LogLevel.Error, "{Operation} failed ({CorrelationId})")]
    public static partial void Failed(this ILogger logger, Exception fault, string operation, string correlationId);

    [LoggerMessage(503, LogLevel.Warning, "{Operation} could not be answered now: {Problem} ({CorrelationId})")]
    public static partial void Unavailable(this ILogger logger, string operation, string problem, string correlationId);

    [LoggerMessage(520, LogLevel.Warning, "Security: {Operation} was called without a valid token from {Address} ({CorrelationId})")]
    public static partial void NotAuthenticated(this ILogger logger, string operation, string address, string correlationId);

    [LoggerMessage(521, LogLevel.Warning, "Security: {Caller} lacks the role for {Operation} ({CorrelationId})")]
    public static partial void NotAuthorized(this ILogger logger, string caller, string operation, string correlationId);

    [LoggerMessage(522, LogLevel.Warning, "Security: {Operation} by {Caller} was refused: {Code} ({CorrelationId})")]
    public static partial void Suspicious(this ILogger logger, string operation, string caller, string code, string correlationId);

    [LoggerMessage(523, LogLevel.Information, "{Caller} called {Operation}: {Status} ({CorrelationId})")]
    public static partial void Changed(this ILogger logger, string caller, string operation, int status, string correlationId);

    [LoggerMessage(524, LogLevel.Error, "Security: revocation {Order}, carried out by {Caller}, stopped: {Why}")]
    public static partial void RevocationStopped(this ILogger logger, string caller, string order, string why);
}
