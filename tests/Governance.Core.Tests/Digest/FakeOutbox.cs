using System.Collections.Immutable;
using Governance.Core.Digest;

namespace Governance.Core.Tests.Digest;

/// <summary>Keeps slots in memory by the rules of <see cref="DigestEntry"/>.</summary>
internal sealed class FakeOutbox : IDigestOutbox
{
    private readonly Dictionary<DigestSlot, DigestEntry> _entries = [];

    /// <summary>Number of the write, from 1, that fails after it was kept; 0 for none.</summary>
    public int BreaksAfter { get; set; }

    private int _writes;

    public Task<DigestClaim> ClaimAsync(DigestSlot slot, string scanId, DateTimeOffset now, bool again, CancellationToken cancellationToken)
    {
        var known = _entries.GetValueOrDefault(slot);
        if (known is not null && !known.MayBeClaimed(now, again))
        {
            return Task.FromResult<DigestClaim>(new DigestClaim.Refused(known));
        }

        var entry = DigestEntry.Claim(slot, known, scanId, now);
        Keep(entry);
        return Task.FromResult<DigestClaim>(new DigestClaim.Granted(entry));
    }

    public Task RecordAsync(DigestEntry entry, CancellationToken cancellationToken)
    {
        if (!_entries.TryGetValue(entry.Slot, out var known) || !known.MayBecome(entry))
        {
            throw new DigestClaimLostException(entry.Slot, entry.Attempt);
        }

        Keep(entry);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<DigestEntry>> ListAsync(Guid tenantId, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<DigestEntry>>([.. _entries.Values.OrderByDescending(entry => entry.ChangedAt).Take(limit)]);

    private void Keep(DigestEntry entry)
    {
        _entries[entry.Slot] = entry;
        if (++_writes == BreaksAfter)
        {
            throw new ProcessStoppedException();
        }
    }
}

/// <summary>As if the process had been killed here.</summary>
internal sealed class ProcessStoppedException : Exception;

/// <summary>Answers as told and counts what people would see.</summary>
internal sealed class FakeChannel(params PostOutcome[] answers) : IDigestChannel
{
    public List<DigestContent> Seen { get; } = [];

    public Exception? Throws { get; set; }

    /// <summary>Messages a digest takes that may take several.</summary>
    public int PartCount { get; set; } = 1;

    public ImmutableArray<DigestContent> Parts(DigestContent content) => content.MostParts == 1 || PartCount == 1
        ? [content]
        : [.. Enumerable.Range(1, PartCount).Select(part => content with { Part = new DigestPart(part, PartCount) })];

    public Task<PostOutcome> PostAsync(DigestContent content, CancellationToken cancellationToken)
    {
        if (Throws is { } error)
        {
            throw error;
        }

        Seen.Add(content);
        return Task.FromResult(answers.Length == 0 ? new PostOutcome.Accepted("accepted", "run-1") : answers[Math.Min(Seen.Count, answers.Length) - 1]);
    }
}

internal sealed class MovedTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
