namespace Governance.Core.Scans;

/// <summary>Remembers which change a caller's key stood for, so that a repeated request has one effect and one answer.</summary>
public interface IIdempotencyKeys
{
    /// <summary>Takes a key for a request that is about to be carried out, or tells what it stands for.</summary>
    /// <param name="requestDigest">SHA-256 of method, path, tenant and body.</param>
    Task<KeyClaim> ClaimAsync(IdempotencyKey key, byte[] requestDigest, CancellationToken cancellationToken);

    /// <summary>Keeps the answer that repeats are to get, for a day at least.</summary>
    Task KeepAsync(IdempotencyKey key, KeptAnswer answer, CancellationToken cancellationToken);

    /// <summary>Gives a key back whose request was not carried out.</summary>
    Task ReleaseAsync(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Ends a claim whose request failed without telling whether it had an effect. The next claim of the same request gets the same mark at once.</summary>
    Task AbandonAsync(IdempotencyKey key, CancellationToken cancellationToken);
}

/// <param name="Caller">Who sent the key: one caller's keys say nothing of another's.</param>
/// <param name="Key">As sent: 1 to 128 visible ASCII characters.</param>
public sealed record IdempotencyKey(Guid TenantId, string Caller, string Key);

/// <summary>An answer as it was given.</summary>
/// <param name="Location">Value of the header of that name; null when there was none.</param>
/// <param name="Body">JSON; empty when there was none.</param>
public sealed record KeptAnswer(int Status, string? Location, byte[] Body);

/// <summary>What a key stands for.</summary>
public abstract record KeyClaim
{
    private KeyClaim()
    {
    }

    /// <summary>No answer yet, and nobody is at it: the caller may carry the request out, and must then keep its answer or release the key.</summary>
    /// <param name="Mark">
    /// 32 random hexadecimal digits, to be put on what the request brings about. A claim whose holder died gives the same mark again, so
    /// that what the dead had done already is known by it.
    /// </param>
    public sealed record Fresh(string Mark) : KeyClaim;

    public sealed record Answered(KeptAnswer Answer) : KeyClaim;

    /// <summary>Another request than this one.</summary>
    public sealed record OtherRequest : KeyClaim;

    /// <summary>The same request, still being carried out. After some minutes without an end its holder counts as dead.</summary>
    public sealed record InProgress : KeyClaim;
}
