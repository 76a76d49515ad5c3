using System.Security.Cryptography;
using System.Text;
using Governance.Core.Scans;

namespace Governance.Api.Http;

/// <summary>Carries a change out once for each key that its caller sends with it.</summary>
internal static class Idempotent
{
    private const string Header = "Idempotency-Key";
    private const int Longest = 128;

    public static async Task<ApiAnswer> HandleAsync(ApiCall call)
    {
        if (call.Http.Request.Headers[Header] is not { Count: > 0 } sent)
        {
            return await call.Endpoint.Handle(call).ConfigureAwait(false);
        }

        if (sent is not [{ Length: > 0 and <= Longest } text] || text.Any(character => character is < '!' or > '~'))
        {
            throw ApiProblemException.Invalid("invalid-idempotency-key", $"{Header} is not 1 to {Longest} visible ASCII characters");
        }

        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var key = new IdempotencyKey(tenant, call.Caller!.Id, text);
        return await call.Api.Keys.ClaimAsync(key, Digest(call, tenant), call.Aborted).ConfigureAwait(false) switch
        {
            KeyClaim.Fresh { Mark: var mark } => await CarryOutAsync(call with { Mark = mark }, key).ConfigureAwait(false),
            KeyClaim.Answered { Answer: var answer } => new ApiAnswer(answer.Status, ApiAnswer.JsonType, answer.Body) { Location = answer.Location, Replayed = true },
            KeyClaim.InProgress => throw new ApiProblemException(409, "request-in-progress", "the same request is still being carried out") { RetryAfter = 2 },
            _ => throw new ApiProblemException(422, "idempotency-key-reused", "this key was sent with another request before") { Suspicious = true },
        };
    }

    private static async Task<ApiAnswer> CarryOutAsync(ApiCall call, IdempotencyKey key)
    {
        try
        {
            var answer = await call.Endpoint.Handle(call).ConfigureAwait(false);

            // The effect is there: that its caller hung up must not leave the key without its answer.
            await call.Api.Keys.KeepAsync(key, new KeptAnswer(answer.Status, answer.Location, answer.Body.ToArray()), CancellationToken.None).ConfigureAwait(false);
            return answer;
        }
        catch (ApiProblemException)
        {
            await call.Api.Keys.ReleaseAsync(key, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        catch (Exception)
        {
            // It may have had its effect: the mark of the claim tells a repeat what was done already.
            await AbandonAsync(call, key).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The first fault is the one to report: a store that does not take this either ends the claim by its time.</summary>
    private static async Task AbandonAsync(ApiCall call, IdempotencyKey key)
    {
        try
        {
            await call.Api.Keys.AbandonAsync(key, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
        }
    }

    private static byte[] Digest(ApiCall call, Guid tenant) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{call.Endpoint.Method} {call.Http.Request.Path} {tenant}\n"), .. call.Body.Span]);
}
