using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Governance.Api.Access;

/// <summary>People who signed in with a token in a browser. In memory alone, so a restart signs everybody out.</summary>
public sealed class BrowserSessions(TimeProvider time) : IBrowserProof
{
    public const string Cookie = "governance_session";

    /// <summary>How long one sign-in counts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private const int Most = 1000;
    private const int RandomBytes = 32;
    private readonly ConcurrentDictionary<string, Session> _byHash = new(StringComparer.Ordinal);

    /// <returns>The value of the cookie; only its hash is kept.</returns>
    public string Begin(ApiCaller caller)
    {
        var now = time.GetUtcNow();
        foreach (var (old, _) in _byHash.Where(entry => entry.Value.Ends <= now))
        {
            _byHash.TryRemove(old, out _);
        }

        foreach (var (old, _) in _byHash.OrderBy(entry => entry.Value.Ends).Take(_byHash.Count - Most + 1))
        {
            _byHash.TryRemove(old, out _);
        }

        var id = RandomNumberGenerator.GetHexString(2 * RandomBytes, lowercase: true);
        _byHash[Hash(id)] = new Session(caller, now + Lifetime);
        return id;
    }

    /// <returns>Who signed in; null for nobody, or too long ago.</returns>
    public ApiCaller? Find(HttpRequest request) =>
        IdOf(request) is { } id && _byHash.TryGetValue(Hash(id), out var session) && time.GetUtcNow() < session.Ends ? session.Caller : null;

    public void End(HttpRequest request)
    {
        if (IdOf(request) is { } id)
        {
            _byHash.TryRemove(Hash(id), out _);
        }
    }

    public ValueTask<ApiCaller?> ProveAsync(HttpRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(Find(request));

    private static string? IdOf(HttpRequest request) => request.Cookies[Cookie] is { Length: 2 * RandomBytes } id ? id : null;

    private static string Hash(string id) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private sealed record Session(ApiCaller Caller, DateTimeOffset Ends);
}
