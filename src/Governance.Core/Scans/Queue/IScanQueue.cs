using System.Collections.Immutable;

namespace Governance.Core.Scans.Queue;

/// <summary>Carries requests for scans from whoever asks to whoever scans, at least once.</summary>
/// <remarks>Handlers may see a message twice, late or half done before; nothing accepted is lost.</remarks>
public interface IScanQueue
{
    /// <summary>Accepts a message; one whose id is known already, handled or not, is accepted once.</summary>
    /// <returns>False when the id was known.</returns>
    Task<bool> SendAsync(QueueMessage message, CancellationToken cancellationToken);

    /// <summary>Leases the message that has been due longest.</summary>
    /// <param name="lease">After this time without <see cref="RenewAsync"/> another receiver gets the message.</param>
    /// <returns>Null when none is due.</returns>
    Task<Delivery?> ReceiveAsync(TimeSpan lease, CancellationToken cancellationToken);

    /// <returns>The delivery with its new end; null when the lease was lost.</returns>
    Task<Delivery?> RenewAsync(Delivery delivery, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>The message was handled.</summary>
    Task<Settlement> CompleteAsync(Delivery delivery, CancellationToken cancellationToken);

    /// <summary>The message could not be handled now; after the last attempt it is parked.</summary>
    /// <param name="reason">One line without any secret.</param>
    /// <param name="delay">Not delivered again before this.</param>
    Task<Settlement> ReturnAsync(Delivery delivery, string reason, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>A part of the work is done: the message is due again after a delay, for the rest, and the attempt does not count.</summary>
    Task<Settlement> PostponeAsync(Delivery delivery, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>The receiver is stopping: the message is due again at once and the attempt does not count.</summary>
    Task<Settlement> ReleaseAsync(Delivery delivery, CancellationToken cancellationToken);

    /// <summary>The message can never be handled as it is.</summary>
    Task<Settlement> ParkAsync(Delivery delivery, string reason, CancellationToken cancellationToken);

    /// <summary>Parked messages, longest parked first.</summary>
    Task<ImmutableArray<ParkedMessage>> ParkedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Makes a parked message due again, with all its attempts before it.</summary>
    /// <returns>False when no such message is parked.</returns>
    Task<bool> ReplayAsync(string messageId, CancellationToken cancellationToken);

    Task<QueueCounts> CountAsync(CancellationToken cancellationToken);
}
