using System.Collections.Concurrent;

namespace Governance.Simulator;

/// <summary>What was asked of the simulator. Safe to read while it serves.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentQueue<LoggedRequest> entries = new();
    private readonly int capacity;
    private long httpCalls;
    private long requests;
    private long resourceUnits;
    private long throttled;

    internal RequestLog(int capacity) => this.capacity = capacity;

    /// <summary>Calls over HTTP; a batch is one.</summary>
    public long HttpCalls => Interlocked.Read(ref httpCalls);

    /// <summary>Requests answered: a batch counts as its items.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Resource units charged.</summary>
    public long ResourceUnits => Interlocked.Read(ref resourceUnits);

    /// <summary>Answers with status 429.</summary>
    public long Throttled => Interlocked.Read(ref throttled);

    /// <summary>The latest requests in order of their answers; a batch stands after its items.</summary>
    public IReadOnlyList<LoggedRequest> Entries => [.. entries];

    public void Clear()
    {
        entries.Clear();
        Interlocked.Exchange(ref httpCalls, 0);
        Interlocked.Exchange(ref requests, 0);
        Interlocked.Exchange(ref resourceUnits, 0);
        Interlocked.Exchange(ref throttled, 0);
    }

    internal void Add(LoggedRequest entry)
    {
        if (!entry.InBatch)
        {
            Interlocked.Increment(ref httpCalls);
        }

        if (!entry.PathAndQuery.EndsWith("/$batch", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref requests);
        }

        Interlocked.Add(ref resourceUnits, entry.ResourceUnits);
        if (entry.Status == 429)
        {
            Interlocked.Increment(ref throttled);
        }

        entries.Enqueue(entry);
        while (entries.Count > capacity)
        {
            entries.TryDequeue(out _);
        }
    }
}

/// <summary>One request.</summary>
/// <param name="Method">Such as <c>GET</c>.</param>
/// <param name="PathAndQuery">With the version root, as sent.</param>
/// <param name="Status">The answer's status; 0 when the connection was reset instead.</param>
/// <param name="ResourceUnits">Charged against the quota.</param>
/// <param name="Rows">Rows in the answer.</param>
/// <param name="Eventual">Whether <c>ConsistencyLevel: eventual</c> was sent.</param>
/// <param name="Authorized">Whether an Authorization header was sent. Its value is never kept.</param>
/// <param name="InBatch">Whether it came as an item of a batch.</param>
/// <param name="Fault">The fault that was put in, null when none.</param>
public sealed record LoggedRequest(
    string Method, string PathAndQuery, int Status, int ResourceUnits, int Rows, bool Eventual, bool Authorized, bool InBatch, string? Fault)
{
    /// <summary>When it came in; an item of a batch when its turn came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The wait that the answer asked for, as sent; null when it asked for none.</summary>
    public required string? RetryAfter { get; init; }
}
