using System.Diagnostics;
using System.Text;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Digest;
using Governance.Core.Scans;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Governance.Api.SignIn;

/// <summary>Gives a browser that has a local token a session in which it may read the report, and nothing else.</summary>
/// <remarks>Tokens of Entra are not taken here: they end sooner than a session would.</remarks>
public sealed class ReportSignIn(GovernanceApi api, LocalTokens tokens, BrowserSessions sessions)
{
    /// <summary>Where the form is.</summary>
    public const string Path = "/";

    internal const string SessionPath = "/session";
    internal const string EndPath = "/session/end";
    private const int LongestForm = 2048;

    internal Task ShowAsync(HttpContext context) => AnsweredAsync(context, () => PageAsync(context, StatusCodes.Status200OK, sessions.Find(context.Request) is not null, null));

    internal Task BeginAsync(HttpContext context) => AnsweredAsync(context, async () =>
    {
        var token = await TokenAsync(context.Request).ConfigureAwait(false);
        if (await tokens.ProveAsync(token, context.RequestAborted).ConfigureAwait(false) is not { } caller)
        {
            api.Limits.Refusal(ApiEntry.Address(context));
            api.Logger.NotAuthenticated("signIn", ApiEntry.Address(context), Correlation(context));
            throw new ApiProblemException(401, "not-authenticated", "This is not the token of this server.");
        }

        if (!caller.Roles.HasFlag(ApiRoles.Read))
        {
            api.Logger.NotAuthorized(caller.Id, "signIn", Correlation(context));
            throw new ApiProblemException(403, "not-authorized", "This token may not read the report.");
        }

        sessions.End(context.Request);
        context.Response.Cookies.Append(BrowserSessions.Cookie, sessions.Begin(caller), Options(context.Request, BrowserSessions.Lifetime));
        api.Logger.Changed(caller.Id, "signIn", StatusCodes.Status303SeeOther, Correlation(context));
        See(context, "/api/report" + ReportQuery(context.Request));
    });

    internal Task EndAsync(HttpContext context) => AnsweredAsync(context, () =>
    {
        RefuseOtherOrigins(context.Request);
        sessions.End(context.Request);
        context.Response.Cookies.Delete(BrowserSessions.Cookie, Options(context.Request, null));
        See(context, Path);
        return Task.CompletedTask;
    });

    /// <summary>Tenant and language that the report was asked for, and nothing else of what a link may hold.</summary>
    /// <returns>With the question mark; empty for none.</returns>
    internal static string ReportQuery(HttpRequest request)
    {
        var language = Language.Tags.FirstOrDefault(tag => request.Query["language"] is [{ } asked] && asked == tag);
        var query = new QueryString();
        query = request.Query["tenant"] is [{ } text] && Guid.TryParse(text, out var tenant) ? query.Add("tenant", tenant.ToString()) : query;
        return (language is null ? query : query.Add("language", language)).ToUriComponent();
    }

    private async Task AnsweredAsync(HttpContext context, Func<Task> answer)
    {
        context.Response.Headers["X-Correlation-Id"] = (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            api.Limits.Request(ApiEntry.Address(context), changes: false);
            await answer().ConfigureAwait(false);
        }
        catch (ApiProblemException problem)
        {
            context.Response.Headers.RetryAfter = problem.RetryAfter?.ToString();
            await PageAsync(context, problem.Status, signedIn: false, problem.Message).ConfigureAwait(false);
        }
        catch (StoreUnavailableException fault)
        {
            api.Logger.Unavailable("signIn", fault.Fault.ToString(), Correlation(context));
            await PageAsync(context, StatusCodes.Status503ServiceUnavailable, signedIn: false, "The server cannot check this at the moment.").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
    }

    private static async Task<string> TokenAsync(HttpRequest request)
    {
        RefuseOtherOrigins(request);
        if (!request.HasFormContentType || request.ContentType!.StartsWith("multipart", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiProblemException(415, "unsupported-media-type", "Use the form of this page.");
        }

        if (request.ContentLength is not <= LongestForm)
        {
            throw new ApiProblemException(413, "body-too-long", "This is too long for a token.");
        }

        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
            return form["token"] is [{ } token] ? token.Trim() : string.Empty;
        }
        catch (Exception fault) when (fault is InvalidDataException or BadHttpRequestException)
        {
            throw new ApiProblemException(400, "invalid-body", "The form did not arrive whole.");
        }
    }

    /// <summary>A form of another site must not sign anybody in or out. Browsers name where a form stands; what names nothing is no browser.</summary>
    private static void RefuseOtherOrigins(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (Origin(request) is not { } origin || !origin.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase) || (site.Count > 0 && site is not ["same-origin"]))
        {
            throw new ApiProblemException(403, "other-origin", "The form must be sent from this page.");
        }
    }

    private static Uri? Origin(HttpRequest request) =>
        request.Headers.Origin is [{ } text] && Uri.TryCreate(text, UriKind.Absolute, out var origin) && (origin.Scheme == Uri.UriSchemeHttp || origin.Scheme == Uri.UriSchemeHttps) ? origin : null;

    /// <summary>Behind a proxy the browser may use TLS although this server does not; the origin tells.</summary>
    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) => new()
    {
        HttpOnly = true, SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict, Secure = request.IsHttps || Origin(request)?.Scheme == Uri.UriSchemeHttps, Path = "/", MaxAge = lifetime,
    };

    private static void See(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = location;
    }

    /// <summary>The referrer stays within this server, since without any a browser would not name the origin of the form.</summary>
    private static async Task PageAsync(HttpContext context, int status, bool signedIn, string? problem)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers.ContentSecurityPolicy = SignInPage.ContentSecurityPolicy;
        if (context.Request.IsHttps)
        {
            response.Headers[HeaderNames.StrictTransportSecurity] = "max-age=31536000";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            var page = Encoding.UTF8.GetBytes(SignInPage.Of(ReportQuery(context.Request), signedIn, problem));
            await response.Body.WriteAsync(page, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static string Correlation(HttpContext context) => context.Response.Headers["X-Correlation-Id"].ToString();
}
