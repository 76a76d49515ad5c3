using System.Diagnostics;
using Governance.Api.Access;
using Governance.Api.SignIn;
using Governance.Core.Scans;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Governance.Api.Http;

/// <summary>Takes one request from the door to its answer, in the same way under every host: whatever a host's routing and middleware offer is not needed.</summary>
public static class ApiEntry
{
    /// <summary>Headers by which some servers let a request pretend to another method.</summary>
    private static readonly string[] MethodOverrides = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];

    /// <summary>Answers a request whose path begins with <c>/api</c>.</summary>
    public static async Task RunAsync(GovernanceApi api, HttpContext context)
    {
        var started = api.Time.GetTimestamp();
        using var activity = Telemetry.Activities.StartActivity("api");
        var correlation = (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();
        context.Response.Headers["X-Correlation-Id"] = correlation;
        var operation = "unknown";
        var caller = Address(context);
        ApiAnswer answer;
        try
        {
            var (endpoint, path) = Find(context.Request);
            operation = endpoint.Name;
            var proven = await AuthenticateAsync(api, context, endpoint, correlation).ConfigureAwait(false);
            caller = proven?.Id ?? caller;
            api.Limits.Request(caller, endpoint.Changes);
            Authorize(api, endpoint, proven, correlation);
            RefuseUnknownQuery(context.Request, endpoint);
            var body = endpoint.Changes ? await RequestBody.ReadAsync(context, api.Options.LongestBody).ConfigureAwait(false) : default;
            var call = new ApiCall(api, context, endpoint, path, proven, body);
            answer = endpoint.Changes ? await Idempotent.HandleAsync(call).ConfigureAwait(false) : await endpoint.Handle(call).ConfigureAwait(false);
            if (endpoint.Changes)
            {
                api.Logger.Changed(caller, operation, answer.Status, correlation);
            }
        }
        catch (ApiProblemException problem)
        {
            if (problem.Suspicious)
            {
                api.Logger.Suspicious(operation, caller, problem.Code, correlation);
            }

            answer = ProblemAnswer.Of(context, problem, correlation);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or ProofUnavailableException)
        {
            api.Logger.Unavailable(operation, fault is StoreUnavailableException store ? store.Fault.ToString() : "authority", correlation);
            answer = ProblemAnswer.Of(context, fault is StoreUnavailableException { Fault: StoreFault.Gone }
                ? new ApiProblemException(503, "store-gone", "what the server keeps was removed or replaced under it; nothing is taken until it is put right")
                : new ApiProblemException(503, "unavailable", "the server cannot answer this at the moment") { RetryAfter = 5 }, correlation);
        }
        catch (Exception fault)
        {
            // Whatever it was, the caller learns no more than the number under which it stands in the log.
            api.Logger.Failed(fault, operation, correlation);
            answer = ProblemAnswer.Of(context, new ApiProblemException(500, "internal-error", "the server failed; its log tells more under the correlation id"), correlation);
        }

        var taken = api.Time.GetElapsedTime(started);
        activity?.SetTag("operation", operation).SetTag("http.response.status_code", answer.Status);
        Telemetry.Requests.Record(taken.TotalSeconds, new("operation", operation), new("status", answer.Status));
        api.Logger.Answered(operation, answer.Status, (long)taken.TotalMilliseconds, correlation);
        await WriteAsync(context, answer).ConfigureAwait(false);
    }

    private static (ApiEndpoint Endpoint, Dictionary<string, string> Path) Find(HttpRequest request)
    {
        var path = (request.Path.Value ?? string.Empty).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var matches = GovernanceApi.Endpoints.Select(endpoint => (Endpoint: endpoint, Path: endpoint.Match(path))).Where(match => match.Path is not null).ToArray();
        if (matches.Length == 0)
        {
            throw ApiProblemException.NotFound("address");
        }

        var method = request.Method == "HEAD" ? "GET" : request.Method;
        if (MethodOverrides.Any(request.Headers.ContainsKey) || matches.FirstOrDefault(match => match.Endpoint.Method == method) is not { Endpoint: not null } found)
        {
            throw new ApiProblemException(405, "method-not-allowed", "the address does not know this method, and a method cannot be overridden")
            {
                Allow = string.Join(", ", matches.Select(match => match.Endpoint.Method).Distinct()),
            };
        }

        return (found.Endpoint, found.Path!);
    }

    private static async ValueTask<ApiCaller?> AuthenticateAsync(GovernanceApi api, HttpContext context, ApiEndpoint endpoint, string correlation)
    {
        if (endpoint.Anonymous)
        {
            return null;
        }

        if (context.Request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            var bearer = header["Bearer ".Length..].Trim();
            foreach (var proof in api.Proofs)
            {
                if (await proof.ProveAsync(bearer, context.RequestAborted).ConfigureAwait(false) is { } caller)
                {
                    return caller;
                }
            }
        }
        else if (endpoint is { Page: true, Changes: false } && context.Request.Headers.Authorization.Count == 0)
        {
            foreach (var proof in api.Browsers)
            {
                if (await proof.ProveAsync(context.Request, context.RequestAborted).ConfigureAwait(false) is { } caller)
                {
                    return caller with { Roles = caller.Roles & ApiRoles.Read };
                }
            }
        }

        api.Limits.Refusal(Address(context));
        api.Logger.NotAuthenticated(endpoint.Name, Address(context), correlation);
        throw new ApiProblemException(401, "not-authenticated", "a valid bearer token is needed") { SignIn = SignIn(api, context.Request, endpoint) };
    }

    /// <summary>Where a browser that opens a page is sent to prove who calls; null for programs, and where there is no such place.</summary>
    private static string? SignIn(GovernanceApi api, HttpRequest request, ApiEndpoint endpoint) =>
        api.Options.SignInPage is { } page && endpoint.Page && request.Headers.Authorization.Count == 0
            && request.Headers.Accept.Any(accepted => accepted?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true)
            ? page + ReportSignIn.ReportQuery(request)
            : null;

    private static void Authorize(GovernanceApi api, ApiEndpoint endpoint, ApiCaller? caller, string correlation)
    {
        if (caller is not null && (caller.Roles & endpoint.Roles) == ApiRoles.None)
        {
            api.Logger.NotAuthorized(caller.Id, endpoint.Name, correlation);
            throw new ApiProblemException(403, "not-authorized", $"this needs the role {string.Join(" or ", RoleNames.Of(endpoint.Roles))}");
        }

        if (caller is not null && !endpoint.Admits(caller.Kind))
        {
            throw new ApiProblemException(403, "person-needed", "this needs the access token of a user, with scopes and an object id; programs may read and scan")
            {
                Suspicious = true,
            };
        }
    }

    private static void RefuseUnknownQuery(HttpRequest request, ApiEndpoint endpoint)
    {
        foreach (var (name, values) in request.Query)
        {
            if ((name != "tenant" || endpoint.Anonymous) && !endpoint.Query.Contains(name))
            {
                throw ApiProblemException.Invalid("unknown-parameter", endpoint.Query.Length == 0 ? "this takes no such parameter" : $"this takes no parameters but {string.Join(", ", endpoint.Query)}");
            }

            if (values.Count != 1 || values[0]!.Length > 1000)
            {
                throw ApiProblemException.Invalid("invalid-parameter", "a parameter may be given once, with at most 1000 characters");
            }
        }
    }

    private static async Task WriteAsync(HttpContext context, ApiAnswer answer)
    {
        var response = context.Response;
        var headers = response.Headers;
        headers.CacheControl = "private, no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        Set(headers, HeaderNames.StrictTransportSecurity, context.Request.IsHttps ? "max-age=31536000" : null);
        headers.ContentSecurityPolicy = answer.ContentSecurityPolicy ?? "default-src 'none'; frame-ancestors 'none'";
        if (answer.ETag is { } tag)
        {
            headers.ETag = tag;
            if (answer.Status == 200 && context.Request.Headers.IfNoneMatch.Any(known => known is not null && known.Split(',', StringSplitOptions.TrimEntries).Contains(tag)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        response.StatusCode = answer.Status;
        Set(headers, HeaderNames.Location, answer.Location);
        Set(headers, HeaderNames.RetryAfter, answer.RetryAfter?.ToString());
        Set(headers, "Idempotency-Replayed", answer.Replayed ? "true" : null);
        Set(headers, HeaderNames.ContentDisposition, answer.FileName is { } name ? $"attachment; filename=\"{name}\"" : null);
        if (answer.Write is { } write)
        {
            response.ContentType = answer.ContentType;
            if (context.Request.Method != "HEAD")
            {
                await PiecesAsync(context, write).ConfigureAwait(false);
            }
        }
        else if (answer.Body.Length > 0)
        {
            response.ContentType = answer.ContentType;
            response.ContentLength = answer.Body.Length;
            if (context.Request.Method != "HEAD")
            {
                await response.Body.WriteAsync(answer.Body, context.RequestAborted).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>A body that broke off must not look whole, so the connection ends with it.</summary>
    private static async Task PiecesAsync(HttpContext context, Func<Stream, CancellationToken, Task> write)
    {
        try
        {
            await write(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    private static void Set(IHeaderDictionary headers, string name, string? value)
    {
        if (value is not null)
        {
            headers[name] = value;
        }
    }

    internal static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}
