namespace Governance.Core.Digest;

/// <summary>The workflow of a message: take its slot, note that posting begins, post, note how it ended.</summary>
/// <remarks>
/// A stop before the note leaves a slot that can be taken again after its lease; a stop behind it leaves <c>unknown</c>, which
/// nothing posts again by itself.
/// </remarks>
public sealed class PostDigest(IDigestChannel channel, IDigestOutbox outbox, TimeProvider time)
{
    /// <param name="again">True when a person looked and wants a message whose end is unknown posted again.</param>
    /// <returns>The slot as it stands, and whether this call posted for it.</returns>
    public async Task<DigestPosted> RunAsync(DigestSlot slot, string scanId, DigestContent content, bool again, CancellationToken cancellationToken)
    {
        var claim = await outbox.ClaimAsync(slot, scanId, time.GetUtcNow(), again, cancellationToken).ConfigureAwait(false);
        if (claim is not DigestClaim.Granted)
        {
            return new DigestPosted(claim.Entry, false);
        }

        var entries = await PostAsync([claim.Entry], content, cancellationToken).ConfigureAwait(false);
        return new DigestPosted(entries[0], true);
    }

    /// <summary>Posts one message for all slots claimed and keeps the same end for each.</summary>
    internal async Task<DigestEntry[]> PostAsync(IReadOnlyList<DigestEntry> claimed, DigestContent content, CancellationToken cancellationToken)
    {
        var begun = await RecordAsync(claimed, DigestState.Unknown, "posting began; no answer is known", null, cancellationToken).ConfigureAwait(false);
        PostOutcome outcome;
        try
        {
            outcome = await channel.PostAsync(content, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await RecordAsync(begun, DigestState.Failed, error is OperationCanceledException ? "stopped before posting" : error.Message, null, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        // What is known must be kept even when the caller wants to stop.
        return await RecordAsync(begun, StateOf(outcome), outcome.Detail, outcome.RunId, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<DigestEntry[]> RecordAsync(IReadOnlyList<DigestEntry> entries, DigestState state, string detail, string? runId, CancellationToken cancellationToken)
    {
        var changed = entries.Select(entry => entry with { State = state, Detail = detail, RunId = runId, ChangedAt = time.GetUtcNow() }).ToArray();
        foreach (var entry in changed)
        {
            await outbox.RecordAsync(entry, cancellationToken).ConfigureAwait(false);
        }

        return changed;
    }

    private static DigestState StateOf(PostOutcome outcome) => outcome switch
    {
        PostOutcome.Delivered => DigestState.Delivered,
        PostOutcome.Accepted => DigestState.Accepted,
        PostOutcome.NotPosted => DigestState.Failed,
        _ => DigestState.Unknown,
    };
}

/// <param name="Posted">False when another call had the slot, or it was done before.</param>
public sealed record DigestPosted(DigestEntry Entry, bool Posted);
