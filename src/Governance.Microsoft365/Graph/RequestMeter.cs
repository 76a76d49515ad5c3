using Governance.Core.Scans;

namespace Governance.Microsoft365.Graph;

/// <summary>Counts requests; what a part counts, its scan counts too.</summary>
internal sealed class RequestMeter(RequestMeter? whole = null)
{
    private int _sent;
    private int _repeated;
    private int _throttled;
    private int _answered;

    public int Sent => _sent;

    /// <summary>Requests that got an answer of any status.</summary>
    public int Answered => _answered;

    public RequestCounts Counts => new(_sent, _repeated, _throttled);

    public void Send(bool repeat)
    {
        Interlocked.Increment(ref _sent);
        Interlocked.Add(ref _repeated, repeat ? 1 : 0);
        whole?.Send(repeat);
    }

    /// <summary>Counts an item of a batch that was throttled although its call was not.</summary>
    public void Throttled()
    {
        Interlocked.Increment(ref _throttled);
        whole?.Throttled();
    }

    public void Answer(bool throttled)
    {
        Interlocked.Increment(ref _answered);
        Interlocked.Add(ref _throttled, throttled ? 1 : 0);
        whole?.Answer(throttled);
    }
}
