using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Governance.Core.Policy.Revocations;
using Governance.Core.Scans;
using Governance.Core.Scans.Revocations;

namespace Governance.Microsoft365.Graph;

/// <summary>Takes consents away and puts them back through Graph, one plain request each.</summary>
/// <remarks>
/// Needs <c>DelegatedPermissionGrant.ReadWrite.All</c> and <c>AppRoleAssignment.ReadWrite.All</c>, and to read back what it did
/// <c>Directory.Read.All</c>. A write is sent once; a wait that Graph asks for is kept before the next request of any kind.
/// </remarks>
public sealed class GraphConsentWriter : IConsentWriter
{
    private const int MostPages = 1000;
    private readonly HttpClient _http;
    private readonly GraphOptions _options;
    private readonly GraphEndpoint _endpoint;
    private readonly ITokenSource _tokens;
    private readonly TimeProvider _time;
    private readonly ThrottleGate _gate;

    /// <param name="http">Made by <see cref="GraphTransport.Client(GraphOptions)"/>; not disposed here.</param>
    /// <param name="tokens">Of the writer's own identity.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names each.</exception>
    public GraphConsentWriter(HttpClient http, GraphOptions options, ITokenSource tokens, TimeProvider time)
    {
        options.Require();
        _http = http;
        _options = options;
        _endpoint = new GraphEndpoint(options.Endpoint);
        _tokens = tokens;
        _time = time;
        _gate = new ThrottleGate(time);
    }

    public async Task<Guid> TenantAsync(CancellationToken cancellationToken)
    {
        var token = await _tokens.TokenAsync(_endpoint.TokenScope, null, null, cancellationToken).ConfigureAwait(false);
        var rows = await ListAsync("organization?$select=id", cancellationToken).ConfigureAwait(false);
        var answers = rows is [var only, ..] ? only.GetProperty("id").GetGuid() : throw new SourceUnreachableException($"{_endpoint.HostAndPort} does not say which tenant it is");
        return TokenClaims.TenantOf(token) is { } own && own != answers
            ? throw new TenantAccessDeniedException(403, $"wrong tenant: {answers} answers, the token belongs to {own}")
            : answers;
    }

    public async Task<ImmutableArray<RevocationItem>> HeldByAsync(Guid servicePrincipalId, CancellationToken cancellationToken)
    {
        var grants = await ListAsync($"oauth2PermissionGrants?$filter=clientId eq '{servicePrincipalId:D}'&$top=999", cancellationToken).ConfigureAwait(false);
        var roles = await ListAsync($"servicePrincipals/{servicePrincipalId:D}/appRoleAssignments?$top=999", cancellationToken).ConfigureAwait(false);
        return
        [
            .. grants.Select(WrittenItems.Grant).Concat(roles.Select(WrittenItems.Assignment).OfType<RevocationItem>())
                .DistinctBy(item => item.Id, StringComparer.Ordinal).OrderBy(item => item.Id, StringComparer.Ordinal),
        ];
    }

    public Task<WriteAnswer> DeleteAsync(RevocationItem item, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Delete, WrittenItems.PathOf(item), null, cancellationToken);

    public Task<WriteAnswer> CreateAsync(RevocationItem item, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Post, WrittenItems.CollectionOf(item), WrittenItems.BodyOf(item), cancellationToken);

    private async Task<WriteAnswer> WriteAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await SendAsync(method, _endpoint.At(path), body, cancellationToken).ConfigureAwait(false);
            var status = (int)answer.StatusCode;
            return status switch
            {
                >= 200 and < 300 => new WriteAnswer(WriteOutcome.Done, $"{status}"),
                404 when method == HttpMethod.Delete => new WriteAnswer(WriteOutcome.AlreadyGone, "404"),
                401 or 403 => new WriteAnswer(WriteOutcome.AccessDenied, $"access denied ({status}): the writer needs {WrittenItems.RightFor(path)}"),
                429 or 408 or >= 500 => new WriteAnswer(WriteOutcome.Unknown, $"{status}"),
                _ => new WriteAnswer(WriteOutcome.Refused, $"refused ({status} {(await GraphError.ReadAsync(answer, cancellationToken).ConfigureAwait(false)).PlainCode})"),
            };
        }
        catch (Exception fault) when (NoAnswer(fault, cancellationToken))
        {
            return new WriteAnswer(WriteOutcome.Unknown, "no answer");
        }
    }

    /// <summary>Reads a list to its last link; a list that cannot be read whole is not given at all.</summary>
    private async Task<List<JsonElement>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var rows = new List<JsonElement>();
        var link = _endpoint.At(path);
        for (var page = 0; page < MostPages; page++)
        {
            using var document = await PageAsync(link, cancellationToken).ConfigureAwait(false);
            if (document is null)
            {
                return rows;
            }

            if (!document.RootElement.TryGetProperty("value", out var value) || value.ValueKind != JsonValueKind.Array)
            {
                throw new SourceUnreachableException($"{_endpoint.HostAndPort} answered with a page that holds no list");
            }

            rows.AddRange(value.EnumerateArray().Select(row => row.Clone()));
            if (!document.RootElement.TryGetProperty("@odata.nextLink", out var next) || next.GetString() is not { } text)
            {
                return rows;
            }

            link = Uri.TryCreate(text, UriKind.Absolute, out var follow) && _endpoint.Owns(follow)
                ? follow
                : throw new SourceUnreachableException($"{_endpoint.HostAndPort} answered with a link to another place; it was not followed");
        }

        throw new SourceUnreachableException($"{_endpoint.HostAndPort} answered with pages without end");
    }

    /// <returns>Null when what is asked about is gone.</returns>
    private async Task<JsonDocument?> PageAsync(Uri link, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            string trouble;
            try
            {
                using var answer = await SendAsync(HttpMethod.Get, link, null, cancellationToken).ConfigureAwait(false);
                switch ((int)answer.StatusCode)
                {
                    case 200:
                        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                        return JsonDocument.Parse(body);
                    case 404:
                        return null;
                    case 401 or 403:
                        throw new TenantAccessDeniedException((int)answer.StatusCode, $"{_endpoint.HostAndPort} refuses to show what the app holds ({(int)answer.StatusCode}); the writer needs Directory.Read.All");
                    case 429 or 408 or >= 500:
                        trouble = $"{(int)answer.StatusCode}";
                        break;
                    default:
                        throw new SourceUnreachableException($"{_endpoint.HostAndPort} refused a read ({(int)answer.StatusCode})");
                }
            }
            catch (Exception fault) when (NoAnswer(fault, cancellationToken) || fault is JsonException)
            {
                trouble = fault is JsonException ? "a broken answer" : "no answer";
            }

            if (attempt >= _options.Attempts)
            {
                throw new SourceUnreachableException($"{_endpoint.HostAndPort} could not be read: {trouble}");
            }

            var wait = _options.FirstWait * Math.Pow(2, attempt - 1);
            await Task.Delay(wait < _options.LongestWait ? wait : _options.LongestWait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends once; with a renewed token once more where the first was refused, which means that nothing was done.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, byte[]? body, CancellationToken cancellationToken)
    {
        await _gate.PassAsync(_time.GetUtcNow() + _options.TimeBudget, cancellationToken).ConfigureAwait(false);
        var token = await _tokens.TokenAsync(_endpoint.TokenScope, null, null, cancellationToken).ConfigureAwait(false);
        var answer = await SendAsync(method, address, body, token, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.Unauthorized
            && await _tokens.TokenAsync(_endpoint.TokenScope, token, null, cancellationToken).ConfigureAwait(false) is var renewed && renewed != token)
        {
            answer.Dispose();
            answer = await SendAsync(method, address, body, renewed, cancellationToken).ConfigureAwait(false);
        }

        if (RetryAfter.Of(answer, _time.GetUtcNow()) is { } wait)
        {
            _gate.Close(wait);
        }

        return answer;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, byte[]? body, string token, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(method, address) { Version = _http.DefaultRequestVersion, VersionPolicy = _http.DefaultVersionPolicy };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (method == HttpMethod.Get)
        {
            message.Headers.TryAddWithoutValidation("ConsistencyLevel", "eventual");
        }
        else
        {
            message.Content = body is null ? OneTimeContent.Empty() : OneTimeContent.Json(body);
        }

        using var silence = new CancellationTokenSource(_options.Silence, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        return await _http.SendAsync(message, either.Token).ConfigureAwait(false);
    }

    private static bool NoAnswer(Exception fault, CancellationToken cancellationToken) =>
        fault is HttpRequestException or IOException or GraphFault || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
