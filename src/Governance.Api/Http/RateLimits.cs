using System.Threading.RateLimiting;

namespace Governance.Api.Http;

/// <summary>How much one caller may ask: requests, changes, and attempts without a valid token.</summary>
internal sealed class RateLimits(ApiOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _requests = Buckets(2 * options.RequestsPerSecond, options.RequestsPerSecond, TimeSpan.FromSeconds(1));
    private readonly PartitionedRateLimiter<string> _changes = Buckets(Math.Max(1, options.ChangesPerMinute / 3), 1, TimeSpan.FromMinutes(1) / options.ChangesPerMinute);
    private readonly PartitionedRateLimiter<string> _refusals = Buckets(options.RefusalsPerMinute, options.RefusalsPerMinute, TimeSpan.FromMinutes(1));

    /// <exception cref="ApiProblemException">The caller asked too often.</exception>
    public void Request(string caller, bool changes)
    {
        Take(_requests, caller);
        if (changes)
        {
            Take(_changes, caller);
        }
    }

    /// <exception cref="ApiProblemException">Too many requests without a valid token came from the address.</exception>
    public void Refusal(string address) => Take(_refusals, address);

    public void Dispose()
    {
        _requests.Dispose();
        _changes.Dispose();
        _refusals.Dispose();
    }

    private static void Take(PartitionedRateLimiter<string> limiter, string caller)
    {
        using var lease = limiter.AttemptAcquire(caller);
        if (!lease.IsAcquired)
        {
            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? (int)Math.Ceiling(after.TotalSeconds) : 1;
            throw new ApiProblemException(429, "too-many-requests", "this caller asked too often; wait and try again") { RetryAfter = Math.Max(1, wait) };
        }
    }

    private static PartitionedRateLimiter<string> Buckets(int burst, int refill, TimeSpan period) => PartitionedRateLimiter.Create<string, string>(
        caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst, TokensPerPeriod = refill, ReplenishmentPeriod = period, QueueLimit = 0, AutoReplenishment = true,
        }),
        StringComparer.Ordinal);
}
