using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>A server of HTTP/1.1 that answers reads on a connection which it keeps, takes a write whole, and then ends the connection without an answer.</summary>
internal sealed class SilentServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _writes = [];
    private readonly Task _accepting;

    public SilentServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>Method and target of each write that arrived, in order.</summary>
    public string[] Writes
    {
        get
        {
            lock (_writes)
            {
                return [.. _writes];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            while (await HeadAsync(stream) is { } head)
            {
                if (!head.StartsWith("GET ", StringComparison.Ordinal))
                {
                    lock (_writes)
                    {
                        _writes.Add(head[..head.IndexOf(" HTTP/", StringComparison.Ordinal)]);
                    }

                    return;
                }

                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"value\":[]}"u8.ToArray(), _stop.Token);
            }
        }
    }

    /// <summary>Reads a head, and the body whose length it tells.</summary>
    private async Task<string?> HeadAsync(NetworkStream stream)
    {
        var seen = new StringBuilder();
        var one = new byte[1];
        while (!seen.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            seen.Append((char)one[0]);
        }

        var head = seen.ToString();
        var told = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        await stream.ReadExactlyAsync(new byte[told is null ? 0 : int.Parse(told.Split(':')[1])], _stop.Token);
        return head;
    }
}
