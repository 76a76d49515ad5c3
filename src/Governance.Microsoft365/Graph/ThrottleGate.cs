namespace Governance.Microsoft365.Graph;

/// <summary>Holds back every request to one service while that service has asked to wait.</summary>
internal sealed class ThrottleGate(TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _until = DateTimeOffset.MinValue;

    public void Close(TimeSpan wait)
    {
        lock (_lock)
        {
            var until = time.GetUtcNow() + wait;
            _until = until > _until ? until : _until;
        }
    }

    /// <param name="end">When the time for the whole reading is used up.</param>
    /// <exception cref="GraphFault">The wait asked for ends later than that: no one idles for nothing.</exception>
    public async Task PassAsync(DateTimeOffset end, CancellationToken cancellationToken)
    {
        while (Left() is { Ticks: > 0 } left)
        {
            if (time.GetUtcNow() + left >= end)
            {
                throw new GraphFault(FaultKind.Throttled, $"the service asked to wait {left.TotalSeconds:0.###} s, longer than the time left", null, left);
            }

            await Task.Delay(left, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeSpan Left()
    {
        lock (_lock)
        {
            return _until - time.GetUtcNow();
        }
    }
}
