namespace Governance.Core.Digest;

/// <summary>The one place that a message can take: at most one is posted for it.</summary>
/// <param name="Channel">Name of the channel in the policy.</param>
/// <param name="Period">Key such as <c>2026-W47</c>; for an alert the finding and when it opened.</param>
public sealed record DigestSlot(Guid TenantId, string Channel, DigestAudience Audience, string Period);

public enum DigestState
{
    /// <summary>Taken by a worker that has posted nothing yet.</summary>
    Pending,

    /// <summary>The channel took it; whether it shows is the channel's affair.</summary>
    Accepted,

    /// <summary>The channel said that people can see it.</summary>
    Delivered,

    /// <summary>A post was begun and its end is not known.</summary>
    Unknown,

    /// <summary>It was not posted; another attempt may be made.</summary>
    Failed,
}

/// <summary>What became of a slot.</summary>
/// <param name="Attempt">Counted from 1; only the worker of the latest attempt may write.</param>
/// <param name="ScanId">Scan that the message tells of.</param>
/// <param name="ChangedAt">When this state was entered.</param>
/// <param name="Detail">For the operator; holds no address and no secret.</param>
/// <param name="RunId">Id of the run in the channel; null when it gave none.</param>
public sealed record DigestEntry(
    DigestSlot Slot, DigestState State, int Attempt, string ScanId, DateTimeOffset ChangedAt, string Detail, string? RunId)
{
    /// <summary>How far a digest of several messages is; null when it is in one or none was posted.</summary>
    public DigestProgress? Progress { get; init; }

    /// <summary>A new attempt at a slot; messages posted by the attempts before stay counted.</summary>
    /// <param name="known">The slot as it stands; null when nobody took it yet.</param>
    public static DigestEntry Claim(DigestSlot slot, DigestEntry? known, string scanId, DateTimeOffset now) =>
        new(slot, DigestState.Pending, (known?.Attempt ?? 0) + 1, scanId, now, "claimed", null) { Progress = known?.Progress };

    /// <summary>How long a worker may take between claiming a slot and posting.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>True when another attempt cannot show the message twice.</summary>
    /// <param name="again">True when a person looked and wants it posted although the last end is unknown.</param>
    public bool MayBeClaimed(DateTimeOffset now, bool again) => State switch
    {
        DigestState.Failed => true,
        DigestState.Pending => now >= ChangedAt + Lease,
        DigestState.Unknown => again,
        _ => false,
    };

    /// <summary>True when the worker of this attempt may write the next entry over this one; back to waiting only when one more message was posted.</summary>
    public bool MayBecome(DigestEntry next) => next.Attempt == Attempt && State switch
    {
        DigestState.Pending => next.State is DigestState.Unknown or DigestState.Failed,
        DigestState.Unknown => next.State is not DigestState.Pending || (next.Progress?.Posted ?? 0) > (Progress?.Posted ?? 0),
        _ => false,
    };
}

/// <summary>The answer to a claim.</summary>
public abstract record DigestClaim(DigestEntry Entry)
{
    /// <param name="Entry">Pending, with a new attempt.</param>
    public sealed record Granted(DigestEntry Entry) : DigestClaim(Entry);

    /// <param name="Entry">As it stands; another has it or it is done.</param>
    public sealed record Refused(DigestEntry Entry) : DigestClaim(Entry);
}

/// <summary>A worker wrote for an attempt that is no longer the latest, or a change that is not allowed.</summary>
public sealed class DigestClaimLostException(DigestSlot slot, int attempt)
    : Exception($"attempt {attempt} at {slot.Period} for {slot.Channel} is no longer the one that may write");
