using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Governance.Core.Scans;
using Governance.Microsoft365.Rows;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Governance.Microsoft365.Graph;

/// <summary>Asks for pages, again where that may help, until the attempts or the time are used up.</summary>
/// <param name="end">When the time for the whole reading is used up.</param>
/// <param name="stopped">Cancelled when the whole reading is to end without a result.</param>
internal sealed class GraphClient(
    HttpClient http,
    GraphOptions options,
    GraphEndpoint endpoint,
    ITokenSource tokens,
    TimeProvider time,
    ILogger logger,
    DateTimeOffset end,
    RequestMeter whole,
    CancellationToken stopped)
{
    /// <summary>When the time for the whole reading is used up.</summary>
    public DateTimeOffset End => end;

    /// <summary>Set once a page could not be had because the time is used up, or because the service asked to wait past it: by how long it asked, else zero.</summary>
    public TimeSpan? Late => Interlocked.Read(ref _late) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    private static readonly ResiliencePropertyKey<PageRequest> Request = new("page");
    private static readonly TimeSpan FirstContactWait = TimeSpan.FromSeconds(1);
    private ResiliencePipeline? _pipeline;
    private long _late = -1;

    /// <summary>Reads a page whole into <paramref name="rows"/>; whatever a failed attempt had read is dropped.</summary>
    /// <param name="cancellationToken">Also cancelled when the time is used up, which ends as a fault.</param>
    /// <exception cref="GraphFault">The page cannot be had.</exception>
    public async Task<PageEnvelope> PageAsync(PageRequest request, PageRows rows, CancellationToken cancellationToken)
    {
        _pipeline ??= Pipeline();
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Request, request);
        var attempt = 0;
        try
        {
            return await _pipeline.ExecuteAsync(
                async current =>
                {
                    await request.Gate.PassAsync(end, current.CancellationToken).ConfigureAwait(false);
                    return await OnceAsync(request, rows, attempt++ > 0, current.CancellationToken).ConfigureAwait(false);
                },
                context).ConfigureAwait(false);
        }
        catch (GraphFault fault) when (fault.Wait is { } wait && time.GetUtcNow() + wait >= end)
        {
            LateBy(wait);
            throw;
        }
        catch (OperationCanceledException exception) when (!stopped.IsCancellationRequested)
        {
            LateBy(TimeSpan.Zero);
            throw new GraphFault(FaultKind.OutOfTime, "time budget used up", inner: exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private void LateBy(TimeSpan wait)
    {
        for (var known = Interlocked.Read(ref _late); known < wait.Ticks;)
        {
            known = Interlocked.CompareExchange(ref _late, wait.Ticks, known);
        }
    }

    private ResiliencePipeline Pipeline() => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = arguments => new ValueTask<bool>(
                arguments.Outcome.Exception is GraphFault { Passing: true } fault && WorthWaiting(fault, arguments.AttemptNumber)),
            MaxRetryAttempts = Math.Max(1, options.Attempts - 1),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.FirstWait,
            MaxDelay = options.LongestWait,
            DelayGenerator = arguments => new ValueTask<TimeSpan?>(
                ((GraphFault)arguments.Outcome.Exception!).Wait ?? (NeverAnswered(arguments.Outcome.Exception) ? FirstContactWait : null)),
            OnRetry = arguments =>
            {
                var fault = (GraphFault)arguments.Outcome.Exception!;
                var part = arguments.Context.Properties.GetValue(Request, null!).Part;
                if (fault.Kind == FaultKind.Throttled)
                {
                    logger.Throttled(part, arguments.RetryDelay.TotalSeconds, arguments.AttemptNumber + 1);
                }
                else
                {
                    logger.Repeats(part, fault.Kind, fault.Status, arguments.AttemptNumber + 1, arguments.RetryDelay.TotalSeconds);
                }

                return default;
            },
        })
        .Build();

    /// <summary>No wait past the end of the time, and no long trying against a place that never answered.</summary>
    private bool WorthWaiting(GraphFault fault, int attempt) =>
        options.Attempts > 1
        && (fault.Wait is not { } wait || time.GetUtcNow() + wait < end)
        && !(NeverAnswered(fault) && attempt > 0);

    private bool NeverAnswered(Exception? fault) => fault is GraphFault { Kind: FaultKind.NoConnection } && whole.Answered == 0;

    private async Task<PageEnvelope> OnceAsync(PageRequest request, PageRows rows, bool repeat, CancellationToken cancellationToken)
    {
        rows.Drop();
        using var silence = new CancellationTokenSource(options.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            using var answer = await SendAsync(request, repeat, silence, either.Token).ConfigureAwait(false);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw await FaultOfAsync(request, answer, either.Token).ConfigureAwait(false);
            }

            var parser = new PageParser(rows, request.Layout);
            var body = await answer.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                await PageStream.ReadAsync(body, parser, () => silence.CancelAfter(options.Silence), either.Token).ConfigureAwait(false);
            }

            if (request.Layout == PageLayout.Rows && rows.Count + rows.Unreadable > 0)
            {
                return new PageEnvelope(HasValue: true, null, null, null);
            }

            return parser.Last.HasValue ? parser.Last : throw new GraphFault(FaultKind.NoValue, "page without value");
        }
        catch (JsonException exception)
        {
            var place = exception.LineNumber is { } line ? $" at line {line + 1}, byte {exception.BytePositionInLine}" : string.Empty;
            throw new GraphFault(FaultKind.Malformed, $"malformed page{place}", inner: exception);
        }
        catch (HttpRequestException exception)
        {
            var connected = exception.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            throw new GraphFault(connected ? FaultKind.Broken : FaultKind.NoConnection, connected ? "connection broken" : "no connection", inner: exception);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new GraphFault(FaultKind.Broken, "connection broken", inner: exception);
        }
        catch (OperationCanceledException exception) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new GraphFault(FaultKind.Silent, $"no answer within {options.Silence.TotalSeconds:0.#} s", inner: exception);
        }
    }

    /// <summary>Sends with a token, and once more with a renewed one when the first is refused.</summary>
    private async Task<HttpResponseMessage> SendAsync(PageRequest request, bool repeat, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        if (!endpoint.Owns(request.Address))
        {
            throw new InvalidOperationException("a request to another host was about to be sent");
        }

        // Signing in may take as long as a person needs; silence is only the server's.
        silence.CancelAfter(Timeout.InfiniteTimeSpan);
        var token = await TokenAsync(null, null, cancellationToken).ConfigureAwait(false);
        silence.CancelAfter(options.Silence);
        var answer = await SendAsync(request, token, repeat, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.Unauthorized)
        {
            return answer;
        }

        var claims = ClaimsOf(answer.Headers.WwwAuthenticate);
        answer.Dispose();
        logger.TokenRenewed();
        silence.CancelAfter(Timeout.InfiniteTimeSpan);
        token = await TokenAsync(token, claims, cancellationToken).ConfigureAwait(false);
        silence.CancelAfter(options.Silence);
        return await SendAsync(request, token, repeat: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Without any token nothing can be read; once something was, the lack of a new one ends a part, not the reading.</summary>
    private async ValueTask<string> TokenAsync(string? rejected, string? claims, CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.TokenAsync(endpoint.TokenScope, rejected, claims, cancellationToken).ConfigureAwait(false);
        }
        catch (TenantAccessDeniedException exception) when (whole.Answered > 0)
        {
            throw new GraphFault(FaultKind.TokenRefused, "401", 401, inner: exception);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(PageRequest request, string token, bool repeat, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Body is null ? HttpMethod.Get : HttpMethod.Post, request.Address)
        {
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
            Content = request.Body is null ? null : new ByteArrayContent(request.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (request.Eventual)
        {
            message.Headers.TryAddWithoutValidation("ConsistencyLevel", "eventual");
        }

        request.Meter.Send(repeat);
        var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        request.Meter.Answer(answer.StatusCode == HttpStatusCode.TooManyRequests);
        return answer;
    }

    private async Task<GraphFault> FaultOfAsync(PageRequest request, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        var wait = RetryAfter.Of(answer, time.GetUtcNow());
        if (wait is { } told && status is 429 or 503)
        {
            request.Gate.Close(told);
        }

        var error = status is >= 500 or 408 ? new GraphError(string.Empty, string.Empty) : await ReadErrorAsync(answer, cancellationToken).ConfigureAwait(false);
        return GraphFault.Of(status, wait, error);
    }

    /// <summary>A body that cannot be read takes nothing away from the status.</summary>
    private static async Task<GraphError> ReadErrorAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return await GraphError.ReadAsync(answer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException)
        {
            return new GraphError(string.Empty, string.Empty);
        }
    }

    /// <summary>Claims that continuous access evaluation asks for; null when it asks for none.</summary>
    private static string? ClaimsOf(HttpHeaderValueCollection<AuthenticationHeaderValue> challenges)
    {
        const string Start = "claims=\"";
        foreach (var challenge in challenges)
        {
            var text = challenge.Parameter ?? string.Empty;
            var from = text.IndexOf(Start, StringComparison.OrdinalIgnoreCase);
            var to = from < 0 ? -1 : text.IndexOf('"', from + Start.Length);
            var bytes = new byte[text.Length];
            if (to > from && Convert.TryFromBase64String(text[(from + Start.Length)..to], bytes, out var length))
            {
                return Encoding.UTF8.GetString(bytes, 0, length);
            }
        }

        return null;
    }
}
