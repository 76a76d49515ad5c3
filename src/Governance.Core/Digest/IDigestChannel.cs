using System.Collections.Immutable;

namespace Governance.Core.Digest;

/// <summary>A place where people receive digests.</summary>
public interface IDigestChannel
{
    /// <summary>The messages that a digest takes here, in order: itself where it fits into one.</summary>
    ImmutableArray<DigestContent> Parts(DigestContent content) => [content];

    /// <summary>Posts one message once. What goes wrong after the post left is told by the outcome, cancellation included.</summary>
    /// <remarks>Whatever it throws means that nothing was posted.</remarks>
    Task<PostOutcome> PostAsync(DigestContent content, CancellationToken cancellationToken);
}

/// <summary>What the place said to a post.</summary>
/// <param name="Detail">For the operator; holds no address and no secret.</param>
/// <param name="RunId">Id under which the place keeps what became of it; null when it gave none.</param>
public abstract record PostOutcome(string Detail, string? RunId)
{
    /// <summary>The place says that people can see it.</summary>
    public sealed record Delivered(string Detail, string? RunId = null) : PostOutcome(Detail, RunId);

    /// <summary>The place took it and shows it later, or not.</summary>
    public sealed record Accepted(string Detail, string? RunId = null) : PostOutcome(Detail, RunId);

    /// <summary>It may have been posted or not; posting again could show it twice.</summary>
    public sealed record Unknown(string Detail, string? RunId = null) : PostOutcome(Detail, RunId);

    /// <summary>It was not posted.</summary>
    public sealed record NotPosted(string Detail, string? RunId = null) : PostOutcome(Detail, RunId);
}
