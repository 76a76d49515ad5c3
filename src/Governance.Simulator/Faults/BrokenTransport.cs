using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Governance.Simulator.Faults;

/// <summary>Sends an answer badly.</summary>
internal static class BrokenTransport
{
    private const int DripPieces = 50;

    public static async Task SendAsync(HttpContext http, Fault fault, ReadOnlyMemory<byte> body, TimeProvider clock)
    {
        var response = http.Response;
        var half = body[..(body.Length / 2)];
        var aborted = http.RequestAborted;
        switch (fault.Kind)
        {
            case FaultKind.Reset:
                Reset(http);
                break;
            case FaultKind.Cut:
                await response.BodyWriter.WriteAsync(half, aborted);
                await response.BodyWriter.FlushAsync(aborted);
                http.Abort();
                break;
            case FaultKind.CutLength:
                response.ContentLength = body.Length;
                await response.BodyWriter.WriteAsync(half, aborted);
                await response.BodyWriter.FlushAsync(aborted);
                http.Abort();
                break;
            case FaultKind.CutClean:
                await response.BodyWriter.WriteAsync(half, aborted);
                break;
            case FaultKind.Silence:
                await response.StartAsync(aborted);
                await response.BodyWriter.FlushAsync(aborted);
                await Task.Delay(Timeout.Infinite, aborted);
                break;
            case FaultKind.Drip:
                var wait = TimeSpan.FromMilliseconds(int.Parse(fault.Argument ?? "100", CultureInfo.InvariantCulture));
                var piece = Math.Max(1, body.Length / DripPieces);
                for (var at = 0; at < body.Length; at += piece)
                {
                    await Task.Delay(wait, clock, aborted);
                    await response.BodyWriter.WriteAsync(body.Slice(at, Math.Min(piece, body.Length - at)), aborted);
                }

                break;
            case FaultKind.Huge:
                await SendHugeAsync(response, int.Parse(fault.Argument ?? "64", CultureInfo.InvariantCulture), aborted);
                break;
            case FaultKind.Malformed:
                await response.WriteAsync("{\"value\":[{\"id\":\"7b0c\",}}],,", aborted);
                break;
            default:
                throw new InvalidOperationException($"{fault.Kind} breaks no transport");
        }
    }

    private static async Task SendHugeAsync(HttpResponse response, int megabytes, CancellationToken cancellationToken)
    {
        var block = new byte[1 << 20];
        Array.Fill(block, (byte)'A');
        await response.WriteAsync("{\"value\":[{\"id\":\"", cancellationToken);
        for (var sent = 0; sent < megabytes; sent++)
        {
            await response.BodyWriter.WriteAsync(block, cancellationToken);
        }

        await response.WriteAsync("\"}]}", cancellationToken);
    }

    private static void Reset(HttpContext http)
    {
        // With a zero linger time the system sends RST rather than an orderly end.
        if (http.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        http.Abort();
    }
}
