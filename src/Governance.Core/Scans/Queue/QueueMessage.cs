namespace Governance.Core.Scans.Queue;

/// <summary>A message as a queue carries it: the envelope and the bytes in it.</summary>
/// <param name="Id">Made of what the message is about, so that sending twice is sending once. At most 128 characters.</param>
/// <param name="TenantId">Tenant on the envelope; null when the sender named none.</param>
public sealed record QueueMessage(string Id, Guid? TenantId, ReadOnlyMemory<byte> Body);

/// <summary>A message in the hands of one receiver until its lease ends.</summary>
/// <param name="Number">Grows with every delivery of the message, replays included; a receiver with a smaller number has lost it.</param>
/// <param name="Attempt">Deliveries since it was sent or last replayed, this one included; from 1.</param>
public sealed record Delivery(QueueMessage Message, long Number, int Attempt, DateTimeOffset LeasedUntil);

/// <summary>What became of a message that a receiver gave back.</summary>
public enum Settlement
{
    /// <summary>Done as asked.</summary>
    Settled,

    /// <summary>It was given back for the last time and is parked now.</summary>
    Parked,

    /// <summary>The lease was lost: another receiver has the message, or it is settled already. Nothing changed.</summary>
    Lost,
}

/// <summary>A message that no receiver could handle.</summary>
/// <param name="Reason">One line without any secret.</param>
public sealed record ParkedMessage(string Id, Guid? TenantId, string Reason, int Attempts, DateTimeOffset SentAt, DateTimeOffset ParkedAt);

/// <summary>How many messages are where. Accepted = pending + leased + parked + done.</summary>
/// <param name="Pending">Waiting, due or not.</param>
/// <param name="Done">Handled; kept for a while so that a late repeat is known.</param>
/// <param name="OldestPending">When the longest waiting message was sent; null when none waits.</param>
public sealed record QueueCounts(int Pending, int Leased, int Parked, int Done, DateTimeOffset? OldestPending);
