using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.EndToEnd.Tests.Api;

/// <param name="RetryAfter">The wait that the answer asked for; null when it asked for none.</param>
internal sealed record PostedMessage(string Channel, DateTimeOffset At, TimeSpan? RetryAfter);

/// <summary>A host of workflows at its public name, reached as from inside a company: through a proxy, over TLS.</summary>
/// <remarks>Answers 202 before, after, late or not at all; what it shows is counted by channel.</remarks>
internal sealed class WorkflowHost : IAsyncDisposable
{
    private const string Name = "prod-07.westeurope.logic.azure.com";

    /// <summary>A channel whose messages are refused with words that repeat the secret of the address.</summary>
    public const string Refused = "refused";

    public const string Signature = "canary-signature-of-a-workflow";
    /// <summary>How long a sender is told to wait: longer than its own pace, so that the difference shows.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    private readonly TestCertificates _certificates = new();
    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _app;
    private readonly Random _random;
    private readonly string _trusted;
    private int _port;
    private volatile bool _calm;
    private bool _busy;

    private WorkflowHost(Random random, string trusted)
    {
        (_random, _trusted) = (random, trusted);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listening => listening.UseHttps(_certificates.Issue(Name))));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Messages that people see, by channel.</summary>
    public ConcurrentDictionary<string, int> Shown { get; } = new();

    /// <summary>What was received, in the order in which it came.</summary>
    public ConcurrentQueue<PostedMessage> Posts { get; } = new();

    /// <summary>What was received, as text.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>What a program must be told to reach it.</summary>
    public Dictionary<string, string> Environment => new() { ["HTTPS_PROXY"] = $"http://127.0.0.1:{((IPEndPoint)_proxy.LocalEndpoint).Port}", ["SSL_CERT_FILE"] = _trusted };

    /// <param name="trusted">Where the certificate that programs must trust is written.</param>
    public static async Task<WorkflowHost> StartAsync(Random random, string trusted)
    {
        var host = new WorkflowHost(random, trusted);
        await File.WriteAllTextAsync(trusted, host._certificates.AuthorityPem);
        await host._app.StartAsync();
        host._port = new Uri(host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        host._proxy.Start();
        _ = host.AcceptAsync();
        return host;
    }

    /// <summary>From now on every message is taken and shown at once.</summary>
    public void Calm() => (_calm, _busy) = (true, false);

    /// <summary>Tells the sender of the next message to wait.</summary>
    public void BeBusy() => _busy = true;

    public static string AddressOf(string channel) =>
        $"https://{Name}/workflows/{channel}/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={Signature}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _proxy.Dispose();
        await _app.DisposeAsync();
        _certificates.Dispose();
        _stop.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Bodies.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
        var channel = context.Request.Path.Value!.Split('/')[2];
        if (channel == Refused)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync($"{{\"error\":\"{context.Request.QueryString} is not signed\"}}");
            return;
        }

        int chance;
        lock (_random)
        {
            chance = _busy ? 0 : _calm ? 5 : _random.Next(10);
            _busy = false;
        }

        Posts.Enqueue(new PostedMessage(channel, TimeProvider.System.GetUtcNow(), chance < 2 ? Wait : null));
        if (chance < 2)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = Wait.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return;
        }

        await Task.Delay(chance < 4 ? 200 : 0, context.RequestAborted);
        Shown.AddOrUpdate(channel, 1, (_, shown) => shown + 1);
        await Task.Delay(chance > 6 ? 300 : 0, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    /// <summary>The proxy: opens a tunnel to the host for whoever asks for its name.</summary>
    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = TunnelAsync(await _proxy.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) == 1)
            {
                head.Append((char)one[0]);
            }

            if (!head.ToString().StartsWith($"CONNECT {Name}:443 ", StringComparison.Ordinal))
            {
                return;
            }

            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
            await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
            await Task.WhenAny(stream.CopyToAsync(server.GetStream(), _stop.Token), server.GetStream().CopyToAsync(stream, _stop.Token));
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
        {
            // One side has gone.
        }
    }
}
