using System.Collections.Immutable;
using Governance.Core.Policy.Revocations;

namespace Governance.Core.Scans.Revocations;

/// <summary>Changes a tenant's consents, with an identity of its own: the scanner's cannot write.</summary>
public interface IConsentWriter
{
    /// <summary>The tenant that answers.</summary>
    /// <exception cref="TenantAccessDeniedException">The identity is refused.</exception>
    /// <exception cref="SourceUnreachableException">Nothing answers.</exception>
    Task<Guid> TenantAsync(CancellationToken cancellationToken);

    /// <summary>Everything an app holds now, read whole and sorted by id; empty when the app is gone.</summary>
    /// <inheritdoc cref="TenantAsync" path="/exception"/>
    Task<ImmutableArray<RevocationItem>> HeldByAsync(Guid servicePrincipalId, CancellationToken cancellationToken);

    /// <summary>Takes an item away. Asked once: what follows from an answer that did not come is the caller's to find out.</summary>
    Task<WriteAnswer> DeleteAsync(RevocationItem item, CancellationToken cancellationToken);

    /// <summary>Puts an item back as it was.</summary>
    Task<WriteAnswer> CreateAsync(RevocationItem item, CancellationToken cancellationToken);
}

public enum WriteOutcome
{
    Done,

    /// <summary>404 on a delete.</summary>
    AlreadyGone,

    /// <summary>The identity lacks the right (401, 403).</summary>
    AccessDenied,

    /// <summary>Another answer that no repeat can change.</summary>
    Refused,

    /// <summary>No answer, or one that says nothing about what happened: a timeout, a broken connection, 429, 5xx.</summary>
    Unknown,
}

/// <param name="Why">Without tenant text.</param>
public sealed record WriteAnswer(WriteOutcome Outcome, string Why);
