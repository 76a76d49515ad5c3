using System.Collections.Immutable;

namespace Governance.Core.Digest;

/// <summary>Remembers which messages were posted, so that at most one is posted for a slot.</summary>
public interface IDigestOutbox
{
    /// <summary>Takes a slot for one worker: a new one, or one whose <see cref="DigestEntry.MayBeClaimed"/> says so.</summary>
    /// <remarks>Of several at once, one is granted.</remarks>
    Task<DigestClaim> ClaimAsync(DigestSlot slot, string scanId, DateTimeOffset now, bool again, CancellationToken cancellationToken);

    /// <summary>Keeps the next state of an attempt.</summary>
    /// <exception cref="DigestClaimLostException">The attempt is not the latest, or <see cref="DigestEntry.MayBecome"/> forbids it.</exception>
    Task RecordAsync(DigestEntry entry, CancellationToken cancellationToken);

    /// <summary>Entries of a tenant, last changed first.</summary>
    Task<ImmutableArray<DigestEntry>> ListAsync(Guid tenantId, int limit, CancellationToken cancellationToken);
}
