using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Runs;

/// <summary>How far a requested scan is.</summary>
public enum ScanRunState
{
    /// <summary>Waits for a worker: for the first time, or after a failure that may pass.</summary>
    Queued,
    Running,

    /// <summary>A scan was kept; <see cref="ScanRun.ScanId"/> names it.</summary>
    Completed,

    /// <summary>Given up; <see cref="ScanRun.Problem"/> says why. A replay of its message starts it anew.</summary>
    Failed,
    Cancelled,
}

/// <summary>How far the reading of one part is.</summary>
/// <param name="Expected">Null when the source has not said.</param>
public sealed record PartProgress(InventoryPart Part, long Items, long? Expected, bool Done);

/// <summary>A scan that somebody asked for: one live run a tenant, whoever else asks joins it.</summary>
/// <param name="Id">Also makes the id of its message, so that a message sent twice is one message.</param>
/// <param name="RequestedBy">Who asked: an object id, <c>local</c>, or <c>schedule:</c> and a name. No personal name.</param>
/// <param name="Fence">Number of the delivery that works on it; only grows, so that an overtaken worker can be told apart. 0 before the first.</param>
/// <param name="StartedAt">Start of the last attempt; null before the first.</param>
/// <param name="EndedAt">Null while it is live.</param>
/// <param name="ScanId">The scan it left; null when it left none (yet).</param>
/// <param name="Problem">Why the last attempt failed; null when none did.</param>
public sealed record ScanRun(
    string Id,
    Guid TenantId,
    ScanMode Mode,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    ScanRunState State,
    long Fence,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    ImmutableArray<PartProgress> Parts,
    string? ScanId,
    string? Problem,
    bool CancelRequested)
{
    /// <summary>Grows with every change that is stored; 0 before the first.</summary>
    public int Version { get; init; }

    public bool Live => State is ScanRunState.Queued or ScanRunState.Running;

    public static ScanRun New(string id, Guid tenantId, ScanMode mode, string requestedBy, DateTimeOffset at) =>
        new(id, tenantId, mode, requestedBy, at, ScanRunState.Queued, 0, null, null, [], null, null, CancelRequested: false);

    /// <summary>A worker takes it up, or takes it over from one that was given up.</summary>
    /// <returns>The same run when there is nothing to do: it ended, or a later delivery has it.</returns>
    public ScanRun TakenUp(long fence, DateTimeOffset at)
    {
        var open = Live || (State == ScanRunState.Failed && ScanId is null);
        if (!open || fence <= Fence)
        {
            return this;
        }

        // A scan that was kept before its worker died needs no second one.
        return ScanId is not null
            ? this with { State = ScanRunState.Completed, Fence = fence, EndedAt = at, Problem = null }
            : this with { State = ScanRunState.Running, Fence = fence, StartedAt = at, EndedAt = null, Parts = [], Problem = null };
    }

    /// <summary>Notes the scan that is about to be kept, in one step with keeping it where the store can.</summary>
    /// <exception cref="FencedOffException">Another worker has the run, it was cancelled, or it left a scan already.</exception>
    public ScanRun Committing(long fence, string scanId)
    {
        if (State != ScanRunState.Running || Fence != fence || (ScanId is not null && ScanId != scanId))
        {
            throw new FencedOffException(Id);
        }

        return CancelRequested ? throw new RunCancelledException(Id) : this with { ScanId = scanId };
    }

    public ScanRun Progressed(long fence, ImmutableArray<PartProgress> parts) =>
        State == ScanRunState.Running && Fence == fence && !Parts.SequenceEqual(parts) ? this with { Parts = parts } : this;

    /// <summary>Asks it to stop; one that no worker has yet ends at once.</summary>
    public ScanRun Cancelling(DateTimeOffset at) => State switch
    {
        ScanRunState.Queued => this with { State = ScanRunState.Cancelled, CancelRequested = true, EndedAt = at },
        ScanRunState.Running when !CancelRequested => this with { CancelRequested = true },
        _ => this,
    };

    /// <summary>The worker that has it ends it.</summary>
    public ScanRun Ended(long fence, ScanRunState state, string? problem, DateTimeOffset at) =>
        State == ScanRunState.Running && Fence == fence
            ? this with { State = state, Problem = problem, EndedAt = at < RequestedAt ? RequestedAt : at }
            : this;

    /// <summary>The worker that has it could not finish; another attempt follows.</summary>
    public ScanRun Waiting(long fence, string problem, DateTimeOffset at) => (State, Fence == fence, CancelRequested) switch
    {
        (ScanRunState.Running, true, true) => Ended(fence, ScanRunState.Cancelled, null, at),
        (ScanRunState.Running, true, false) => this with { State = ScanRunState.Queued, Problem = problem },
        _ => this,
    };

    /// <summary>Its message was parked: no further attempt comes by itself.</summary>
    public ScanRun GivenUp(string problem, DateTimeOffset at) => (Live, ScanId) switch
    {
        (true, null) => this with { State = ScanRunState.Failed, Problem = problem, EndedAt = at },
        (true, _) => this with { State = ScanRunState.Completed, Problem = null, EndedAt = at },
        _ => this,
    };
}
