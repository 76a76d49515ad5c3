namespace Governance.Microsoft365.Teams;

/// <summary>Lets one post through a second, whatever the channel. Share one among all channels of a process.</summary>
public sealed class PostPace(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _one = new(1, 1);
    private long? _lastAt;

    public async Task PassAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_lastAt is { } last && Gap - time.GetElapsedTime(last) is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }

            _lastAt = time.GetTimestamp();
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
