using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using Governance.Core;
using Governance.Core.Digest;
using Governance.Microsoft365.Graph;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Teams;

/// <summary>Posts digests to a Teams channel through a workflow, or to a Logic App that does the same.</summary>
/// <param name="token">Gives the token where <see cref="WorkflowOptions.Auth"/> asks for one; null otherwise.</param>
public sealed class WorkflowChannel(
    HttpClient http, WorkflowEndpoint endpoint, WorkflowOptions options, ITokenSource? token, PostPace pace, TimeProvider time, ILogger<WorkflowChannel> logger) : IDigestChannel
{
    /// <summary>Smallest budget tried after a card was refused as too large, in bytes.</summary>
    private const int SmallestBudget = 6_000;

    private readonly WorkflowOptions _options = Checked(options, endpoint, token);

    /// <inheritdoc/>
    public ImmutableArray<DigestContent> Parts(DigestContent content) => CardParts.Of(content, _options.Card);

    /// <inheritdoc/>
    public async Task<PostOutcome> PostAsync(DigestContent content, CancellationToken cancellationToken)
    {
        var card = _options.Card;
        var body = DigestCard.Body(content, card);
        string? rejected = null;
        for (var attempt = 1; ; attempt++)
        {
            var bearer = _options.Auth == WorkflowAuth.Entra
                ? await token!.TokenAsync(_options.Scope, rejected, null, cancellationToken).ConfigureAwait(false)
                : null;
            await pace.PassAsync(cancellationToken).ConfigureAwait(false);
            var (answer, wait, runId) = await SendAsync(body, bearer, cancellationToken).ConfigureAwait(false);
            logger.Answered(answer.GetType().Name, attempt, body.Length, runId);
            switch (answer)
            {
                case WorkflowAnswer.Accepted:
                    return new PostOutcome.Accepted("accepted by the workflow", runId);
                case WorkflowAnswer.Delivered:
                    return new PostOutcome.Delivered("posted, says the workflow", runId);
                case WorkflowAnswer.Unknown unknown:
                    return new PostOutcome.Unknown(unknown.Detail, runId);
                case WorkflowAnswer.Refused refused:
                    return new PostOutcome.NotPosted(refused.Detail, runId);
                case WorkflowAnswer.NotAllowed refused when bearer is null || rejected is not null:
                    return new PostOutcome.NotPosted(refused.Detail, runId);
                case WorkflowAnswer.NotAllowed:
                    rejected = bearer;
                    break;
                case WorkflowAnswer.TooLarge when body.Length <= SmallestBudget:
                    return new PostOutcome.NotPosted($"413: too large even with {body.Length} bytes", runId);
                case WorkflowAnswer.TooLarge:
                    card = card with { Budget = Math.Max(SmallestBudget, body.Length * 2 / 3) };
                    body = DigestCard.Body(content, card);
                    break;
                case WorkflowAnswer.Busy busy when attempt >= _options.Attempts:
                    return new PostOutcome.NotPosted($"{busy.Detail}; gave up after {attempt} attempts", runId);
                case WorkflowAnswer.Busy busy:
                    var pause = wait ?? Backoff(attempt);
                    if (pause > _options.LongestWait)
                    {
                        return new PostOutcome.NotPosted($"{busy.Detail}; it asks to wait {pause.TotalSeconds:0} s, which is too long", runId);
                    }

                    logger.Waits(pause.TotalSeconds, attempt);
                    await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    private async Task<(WorkflowAnswer Answer, TimeSpan? Wait, string? RunId)> SendAsync(byte[] body, string? bearer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Address)
        {
            Content = new OneTimeContent(body, new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" }),
        };
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        cancellationToken.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource(_options.AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var runId = response.Headers.TryGetValues("x-ms-workflow-run-id", out var ids) ? TenantText.Plain(ids.First()) : null;
            var text = await ReadAsync(response.Content, either.Token).ConfigureAwait(false);
            return (text is null && response.StatusCode == System.Net.HttpStatusCode.OK
                ? new WorkflowAnswer.Unknown("200, but its words broke off")
                : WorkflowAnswer.Of(response.StatusCode, text ?? string.Empty), RetryAfter.Of(response, time.GetUtcNow()), runId);
        }
        catch (OperationCanceledException)
        {
            return (new WorkflowAnswer.Unknown(late.IsCancellationRequested
                ? FormattableString.Invariant($"no answer within {_options.AnswerWithin.TotalSeconds:0} s; it may have been posted or not")
                : "stopped while waiting for the answer; it may have been posted or not"), null, null);
        }
        catch (HttpRequestException fault)
        {
            return (fault.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
                ? new WorkflowAnswer.Busy($"{endpoint.Shown} cannot be reached ({fault.HttpRequestError})")
                : new WorkflowAnswer.Unknown($"the connection broke ({fault.HttpRequestError}); it may have been posted or not"), null, null);
        }
    }

    /// <returns>The beginning of the body; null when it broke off.</returns>
    private static async Task<string?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[WorkflowAnswer.LongestBody];
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return Encoding.UTF8.GetString(buffer, 0, read);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>2, 4, 8 s and so on; one poster a channel needs no jitter.</summary>
    private static TimeSpan Backoff(int attempt) => TimeSpan.FromSeconds(Math.Pow(2, attempt));

    private static WorkflowOptions Checked(WorkflowOptions options, WorkflowEndpoint endpoint, ITokenSource? token)
    {
        options.Card.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Attempts, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.AnswerWithin, TimeSpan.Zero, nameof(options));
        return (options.Auth, endpoint.HasSignature) switch
        {
            (WorkflowAuth.Sas, false) => throw new ArgumentException(
                "the address of the workflow carries no signature (sig=): copy the whole address, or set auth: entra for a flow that admits only users of the tenant", nameof(endpoint)),
            (WorkflowAuth.Entra, true) => throw new ArgumentException(
                "the address of the workflow carries a signature, and a token beside it would be refused: set auth: sas, or take the address of a flow restricted to users of the tenant", nameof(endpoint)),
            (WorkflowAuth.Entra, _) when token is null => throw new ArgumentNullException(nameof(token)),
            _ => options,
        };
    }
}
