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

    public async Task PassAsync(CancellationToken cancellationToken)
    {
        while (Left() is { Ticks: > 0 } left)
        {
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
