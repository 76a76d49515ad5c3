using System.Globalization;
using Governance.Simulator.Wire;

namespace Governance.Simulator.Faults;

/// <summary>Faults that are answers: an error instead, or a bent page.</summary>
internal static class FaultReplies
{
    /// <summary>Kinds that replace the answer without looking at it.</summary>
    public static bool Refuses(FaultKind kind) => kind is FaultKind.Status or FaultKind.PageToken or FaultKind.ExpiredToken
        or FaultKind.DeltaReset or FaultKind.DeltaExpired or FaultKind.Licence;

    /// <summary>Kinds that need a page to bend.</summary>
    public static bool BendsPage(FaultKind kind) => kind is FaultKind.Empty or FaultKind.Endless or FaultKind.SelfLink or FaultKind.Loop
        or FaultKind.ForeignLink or FaultKind.HttpLink or FaultKind.NoValue or FaultKind.Duplicate or FaultKind.Missing
        or FaultKind.NoCount;

    /// <summary>Kinds that break the transport of an answer.</summary>
    public static bool BreaksTransport(FaultKind kind) => !Refuses(kind) && !BendsPage(kind) && kind is not (FaultKind.Replay or FaultKind.Minimal);

    public static Reply Refusal(Fault fault, string root, string path, DateTimeOffset now, string requestId)
    {
        var (status, code, message) = fault.Kind switch
        {
            FaultKind.PageToken => (400, "DirectoryPageTokenNotFoundException", "The specified page token was not found."),
            FaultKind.ExpiredToken => (400, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be included in your request."),
            FaultKind.DeltaReset => (410, "resyncRequired", "The delta token is no longer valid; start again at the given location."),
            FaultKind.DeltaExpired => (400, "syncStateNotFound", "The sync state generation is not found; it may have expired."),
            FaultKind.Licence => (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither tenant is B2C or tenant doesn't have premium license"),
            _ => OfStatus(fault.Status),
        };
        var reply = Reply.Error(status, code, message, now, requestId);
        if (fault.Kind == FaultKind.DeltaReset)
        {
            reply.Headers.Add(("Location", $"{root}/{path}?$deltatoken="));
        }

        var wait = fault.Argument ?? (status == 429 ? "1" : "none");
        if (fault.Kind == FaultKind.Status && wait != "none")
        {
            reply.Headers.Add(("Retry-After", wait.StartsWith("date", StringComparison.Ordinal) ? HttpDate(now, wait[4..]) : wait));
        }

        return reply;
    }

    public static void Bend(PageReply page, Fault fault, string url, string firstUrl)
    {
        switch (fault.Kind)
        {
            case FaultKind.Empty or FaultKind.Endless:
                page.Clear();
                page.NextLink = page.SamePlaceLink;
                break;
            case FaultKind.SelfLink:
                page.NextLink = url;
                break;
            case FaultKind.Loop:
                page.NextLink = page.FirstPageLink ?? firstUrl;
                break;
            case FaultKind.ForeignLink:
                page.NextLink = Moved(page.NextLink ?? url, fault.Argument ?? "https://graph.attacker.example");
                break;
            case FaultKind.HttpLink:
                page.NextLink = Moved(page.NextLink ?? url, fault.Argument ?? "http://graph.microsoft.com");
                break;
            case FaultKind.NoValue:
                page.OmitsValue = true;
                break;
            case FaultKind.Duplicate:
                page.RepeatPrevious();
                break;
            case FaultKind.NoCount:
                page.Count = null;
                break;
            case FaultKind.Missing:
                page.DropLast(int.Parse(fault.Argument ?? "1", CultureInfo.InvariantCulture));
                break;
            default:
                throw new InvalidOperationException($"{fault.Kind} bends no page");
        }
    }

    private static (int Status, string Code, string Message) OfStatus(int status) => status switch
    {
        401 => (401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
        403 => (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
        404 => (404, "Request_ResourceNotFound", "Resource does not exist or one of its queried reference-property objects are not present."),
        410 => (410, "resyncRequired", "Resync required."),
        429 => (429, "TooManyRequests", "Too many requests from Identifier:<app> under category:aadgraph.app.tenant_large. Please try again later."),
        500 => (500, "Service_InternalServerError", "Encountered an internal server error."),
        503 => (503, "ServiceUnavailable", "The service is temporarily unavailable."),
        504 => (504, "GatewayTimeout", "The gateway timed out."),
        _ => (status, "UnknownError", ""),
    };

    private static string HttpDate(DateTimeOffset now, string seconds) =>
        now.AddSeconds(seconds.Length == 0 ? 1 : int.Parse(seconds, CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture);

    private static string Moved(string link, string root) => root.TrimEnd('/') + new Uri(link).PathAndQuery;
}
