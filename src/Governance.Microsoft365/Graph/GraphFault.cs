namespace Governance.Microsoft365.Graph;

/// <summary>What went wrong with a request.</summary>
internal enum FaultKind
{
    /// <summary>401 with a renewed token.</summary>
    TokenRefused,

    /// <summary>403.</summary>
    AccessDenied,

    /// <summary>403 that names a licence.</summary>
    LicenceMissing,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>Another answer that no repeat can change.</summary>
    Refused,

    /// <summary>The link to the page is no longer known: the list must be read again from its start.</summary>
    LinkExpired,

    /// <summary>The changes since a delta cursor can no longer be told: the collection must be listed again.</summary>
    SyncLost,

    /// <summary>429, or 503 with a wait.</summary>
    Throttled,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>No connection could be made.</summary>
    NoConnection,

    /// <summary>The connection broke before the answer was whole.</summary>
    Broken,

    /// <summary>Nothing came for too long.</summary>
    Silent,

    /// <summary>The body is not the JSON of a page.</summary>
    Malformed,

    /// <summary>The body is JSON but holds no list of rows.</summary>
    NoValue,

    /// <summary>The time for the whole reading is used up.</summary>
    OutOfTime,
}

/// <summary>A page that could not be had.</summary>
/// <param name="status">HTTP status; null when there was no answer.</param>
/// <param name="wait">How long the server asked to wait; null when it did not.</param>
internal sealed class GraphFault(FaultKind kind, string message, int? status = null, TimeSpan? wait = null, Exception? inner = null)
    : Exception(message, inner)
{
    public FaultKind Kind { get; } = kind;

    public int? Status { get; } = status;

    public TimeSpan? Wait { get; } = wait;

    /// <summary>True when the directory said that there is no such object, not that there is no such list.</summary>
    public bool Absent { get; private init; }

    /// <summary>True when the same request may do better later.</summary>
    public bool Passing => Kind is FaultKind.Throttled or FaultKind.ServerError or FaultKind.NoConnection or FaultKind.Broken
        or FaultKind.Silent or FaultKind.Malformed or FaultKind.NoValue;

    /// <summary>True when it is a fact about access or offer, not an accident.</summary>
    public bool Refusal => Kind is FaultKind.AccessDenied or FaultKind.LicenceMissing or FaultKind.NotFound or FaultKind.Refused;

    /// <summary>The fault that an answer is, from its status and what it says.</summary>
    public static GraphFault Of(int status, TimeSpan? wait, GraphError error)
    {
        var said = error.PlainCode is { Length: > 0 } code ? $"{status} {code}" : $"{status}";
        return status switch
        {
            429 => Throttled(),
            503 when wait is not null => Throttled(),
            >= 500 or 408 => new GraphFault(FaultKind.ServerError, $"server error {status}", status, wait),
            400 or 404 or 410 when error.LinkExpired => new GraphFault(FaultKind.LinkExpired, $"page link expired ({said})", status),
            410 => new GraphFault(FaultKind.SyncLost, $"changes can no longer be told ({said})", status),
            >= 400 when error.SyncLost => new GraphFault(FaultKind.SyncLost, $"changes can no longer be told ({said})", status),
            401 => new GraphFault(FaultKind.TokenRefused, said, status),
            403 when error.Licence => new GraphFault(FaultKind.LicenceMissing, "Microsoft Entra ID P1 or P2 is needed", status),
            403 => new GraphFault(FaultKind.AccessDenied, said, status),
            404 => new GraphFault(FaultKind.NotFound, $"not offered by this endpoint ({said})", status) { Absent = error.NoSuchObject },
            >= 300 and < 400 => new GraphFault(FaultKind.Refused, $"redirect not followed ({status})", status),
            _ => new GraphFault(FaultKind.Refused, $"request refused ({said})", status),
        };

        GraphFault Throttled() =>
            new(FaultKind.Throttled, wait is { } told ? $"{status}, asked to wait {told.TotalSeconds:0.###} s" : $"{status}", status, wait);
    }

    /// <summary>The reason as a person reads it, without its place.</summary>
    /// <param name="right">Application permission that the part needs.</param>
    public string Words(string right) => Kind switch
    {
        FaultKind.AccessDenied => $"access denied: needs {right}",
        FaultKind.LicenceMissing => $"licence missing: {Message}",
        FaultKind.TokenRefused => "auth: the token was refused, also after renewal",
        FaultKind.Throttled => $"throttled out: {Message}",
        FaultKind.NoValue => "page without value",
        _ => Message,
    };
}
