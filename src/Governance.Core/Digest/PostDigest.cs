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
        return claim is DigestClaim.Granted granted
            ? new DigestPosted(await PostAllAsync(granted.Entry, content, cancellationToken).ConfigureAwait(false), true)
            : new DigestPosted(claim.Entry, false);
    }

    /// <summary>Posts the messages of a digest that no attempt before has posted.</summary>
    /// <remarks>
    /// Where the facts changed since the first of them, the missing ones would no longer fit to it: then one whole message of the
    /// newer facts ends the digest.
    /// </remarks>
    private async Task<DigestEntry> PostAllAsync(DigestEntry entry, DigestContent content, CancellationToken cancellationToken)
    {
        var parts = channel.Parts(content);
        var print = DigestProgress.PrintOf(content);
        var next = 0;
        if (entry.Progress is { } progress)
        {
            var same = progress.Print == print && progress.Of == parts.Length;
            (parts, next) = same ? (parts, progress.Posted) : ([content with { MostParts = 1 }], 0);
        }

        while (true)
        {
            var ended = (await PostAsync([entry], parts[next], parts.Length > next + 1 ? new DigestProgress(next + 1, parts.Length, false, print) : null, cancellationToken).ConfigureAwait(false))[0];
            if (ended.State != DigestState.Pending)
            {
                return ended;
            }

            entry = ended;
            next++;
        }
    }

    /// <summary>Posts one message for all slots claimed and keeps the same end for each.</summary>
    /// <param name="more">What is then posted, when other messages of the digest follow; null for the last one.</param>
    internal async Task<DigestEntry[]> PostAsync(IReadOnlyList<DigestEntry> claimed, DigestContent content, DigestProgress? more, CancellationToken cancellationToken)
    {
        var begun = await RecordAsync(claimed, entry => entry with { State = DigestState.Unknown, Detail = "posting began; no answer is known" }, cancellationToken).ConfigureAwait(false);
        PostOutcome outcome;
        try
        {
            outcome = await channel.PostAsync(content, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            var why = error is OperationCanceledException ? "stopped before posting" : error.Message;
            await RecordAsync(begun, entry => entry with { State = DigestState.Failed, Detail = why }, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        // What is known must be kept even when the caller wants to stop.
        var goesOn = more is not null && outcome is PostOutcome.Accepted or PostOutcome.Delivered;
        bool Seen(DigestEntry entry) => outcome is PostOutcome.Delivered && entry.Progress is null or { Seen: true };
        return await RecordAsync(
            begun,
            entry => goesOn
                ? entry with { State = DigestState.Pending, Detail = $"message {more!.Posted} of {more.Of}: {outcome.Detail}", RunId = outcome.RunId, Progress = more with { Seen = Seen(entry) } }
                : entry with { State = outcome is PostOutcome.Delivered && !Seen(entry) ? DigestState.Accepted : StateOf(outcome), Detail = outcome.Detail + Part(content.Part), RunId = outcome.RunId },
            CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<DigestEntry[]> RecordAsync(IReadOnlyList<DigestEntry> entries, Func<DigestEntry, DigestEntry> change, CancellationToken cancellationToken)
    {
        var changed = entries.Select(entry => change(entry) with { ChangedAt = time.GetUtcNow() }).ToArray();
        foreach (var entry in changed)
        {
            await outbox.RecordAsync(entry, cancellationToken).ConfigureAwait(false);
        }

        return changed;
    }

    private static string Part(DigestPart? part) => part is null ? string.Empty : $" (message {part.Number} of {part.Of})";

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
