using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Governance.Azure.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Governance.Functions.Tests.Host;

/// <summary>
/// Stands in for the Functions host: starts the built worker as a process, speaks its gRPC protocol, loads every function and
/// invokes the one a test names, with what the real host would send for its trigger.
/// </summary>
internal sealed class StandInHost : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _answers = new();
    private readonly ConcurrentQueue<string> _logs = new();
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Func<StreamingMessage, Task>> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http = new();
    private Process? _worker;

    private StandInHost(WebApplication server, QueueDeliveries? queues)
    {
        _server = server;
        Queues = queues;
    }

    /// <summary>What the worker says it has, in the order it says it.</summary>
    public IReadOnlyList<RpcFunctionMetadata> Functions { get; private set; } = [];

    /// <summary>Functions that the worker loaded.</summary>
    public List<string> Loaded { get; } = [];

    /// <summary>Functions that were invoked and ended well.</summary>
    public ConcurrentDictionary<string, int> Succeeded { get; } = new();

    public QueueDeliveries? Queues { get; }

    /// <summary>What the worker wrote, and what it logged to its host.</summary>
    public string Log
    {
        get
        {
            lock (_output)
            {
                return $"{string.Join('\n', _logs)}\n{_output}";
            }
        }
    }

    private static string Folder => AppContext.BaseDirectory;

    private Uri Proxy { get; set; } = new("http://127.0.0.1/");

    /// <param name="settings">Application settings, as environment variables.</param>
    public static async Task<StandInHost> StartAsync(IReadOnlyDictionary<string, string> settings, QueueDeliveries? queues = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var port = NodeProcess.FreePort();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var host = new StandInHost(builder.Build(), queues);
        host._server.Run(host.AnswerAsync);
        await host._server.StartAsync();
        try
        {
            await host.StartWorkerAsync(settings, port);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        return host;
    }

    /// <summary>Fires a timer, as at its time or as one that was missed.</summary>
    public async Task<InvocationResponse?> FireAsync(string function, bool pastDue = false) => await InvokeAsync(function, new TypedData
    {
        Json = JsonSerializer.Serialize(new
        {
            Schedule = new { AdjustForDST = true },
            ScheduleStatus = new { Last = DateTimeOffset.UnixEpoch, Next = DateTimeOffset.UnixEpoch.AddDays(1), LastUpdated = DateTimeOffset.UnixEpoch },
            IsPastDue = pastDue,
        }),
    });

    /// <summary>Hands the next message of a function's queue to it; as the real host does, a message whose function fails goes back.</summary>
    /// <param name="cancel">Tells the function to stop, as the host does when it is about to stop itself.</param>
    /// <returns>Null when no message was due.</returns>
    public async Task<InvocationResponse?> DeliverAsync(string function, CancellationToken cancel = default)
    {
        var queue = Binding(function, "serviceBusTrigger").GetProperty("queueName").GetString()!;
        if (await Queues!.ReceiveAsync(queue) is not { } message)
        {
            return null;
        }

        var answer = await InvokeAsync(function, new TypedData { ModelBindingData = QueueDeliveries.Data(message) }, cancel: cancel);
        if (answer.Result.Status != StatusResult.Types.Status.Success)
        {
            await Queues.AbandonAsync(message);
        }

        return answer;
    }

    /// <summary>Sends a request the way the host's proxy does: to the worker's own port, with the invocation it belongs to.</summary>
    /// <remarks>The worker waits five seconds for either half of it; on a busy machine that can be too short, and then the function was not begun.</remarks>
    /// <param name="json">Body; null for none.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? bearer = null, string? json = null, string? ifMatch = null)
    {
        while (true)
        {
            var id = Guid.NewGuid().ToString();
            var invocation = InvokeAsync("Api", new TypedData { Http = new RpcHttp { Method = method.Method, Url = new Uri(Proxy, path).ToString() } }, id: id);
            using var request = new HttpRequestMessage(method, new Uri(Proxy, path));
            request.Headers.Add("x-ms-invocation-id", id);
            request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
            if (ifMatch is not null)
            {
                request.Headers.Add("If-Match", ifMatch);
            }

            if (bearer is not null)
            {
                request.Headers.Authorization = new("Bearer", bearer);
            }

            var answer = await _http.SendAsync(request);
            var ended = await invocation;
            if (ended.Result.Status == StatusResult.Types.Status.Success)
            {
                return answer;
            }

            Assert.True(ended.Result.Exception.Message.Contains("Timed out waiting", StringComparison.Ordinal), $"Api: {ended.Result.Exception.Message}\n{Log}");
        }
    }

    public async Task<InvocationResponse> InvokeAsync(string function, TypedData data, string? id = null, CancellationToken cancel = default)
    {
        var metadata = Functions.Single(known => known.Name == function);
        var trigger = metadata.RawBindings.Select(raw => JsonDocument.Parse(raw).RootElement).First(binding => binding.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));
        var invocation = new InvocationRequest { InvocationId = id ?? Guid.NewGuid().ToString(), FunctionId = metadata.FunctionId, TraceContext = new RpcTraceContext { TraceParent = string.Empty } };
        invocation.InputData.Add(new ParameterBinding { Name = trigger.GetProperty("name").GetString(), Data = data });
        await using var cancelling = cancel.Register(() => _ = SendAsync(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocation.InvocationId, GracePeriod = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)) } }));
        var answer = (await AskAsync(new StreamingMessage { InvocationRequest = invocation }, invocation.InvocationId)).InvocationResponse;
        if (answer.Result.Status == StatusResult.Types.Status.Success)
        {
            Succeeded.AddOrUpdate(function, 1, (_, times) => times + 1);
        }

        return answer;
    }

    /// <summary>Tells the worker to stop, as the host does before it stops itself, and waits until it has.</summary>
    public async Task TerminateAsync()
    {
        await SendAsync(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)) } });
        await _worker!.WaitForExitAsync();
    }

    /// <summary>Signals the worker to stop, as a machine that shuts down does, and waits until it has.</summary>
    public async Task SignalAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_worker!.Id}"]);
        await kill.WaitForExitAsync();
        await _worker.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is { } worker)
        {
            worker.Kill(entireProcessTree: true);
            await worker.WaitForExitAsync();
            worker.Dispose();
        }

        await _server.DisposeAsync();
        _http.Dispose();
    }

    private async Task StartWorkerAsync(IReadOnlyDictionary<string, string> settings, int port)
    {
        string[] arguments =
        [
            "exec", Path.Combine(Folder, "Governance.Functions.dll"), "--functions-uri", $"http://127.0.0.1:{port}", "--functions-worker-id", "worker-1",
            "--functions-request-id", "request-1", "--functions-grpc-max-message-length", "2147483647",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = Folder;
        _worker = Process.Start(start)!;
        _worker.OutputDataReceived += Keep;
        _worker.ErrorDataReceived += Keep;
        _worker.BeginOutputReadLine();
        _worker.BeginErrorReadLine();
        _ = _worker.WaitForExitAsync().ContinueWith(_ => End(), TaskScheduler.Default);

        await _stream.Task;
        var started = (await AskAsync(new StreamingMessage { WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.1000.0", WorkerDirectory = Folder, FunctionAppDirectory = Folder } })).WorkerInitResponse;
        Assert.Equal(StatusResult.Types.Status.Success, started.Result.Status);
        Proxy = new Uri(started.Capabilities["HttpUri"]);
        await ListeningAsync();
        var metadata = (await AskAsync(new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = Folder } })).FunctionMetadataResponse;
        Assert.Equal(StatusResult.Types.Status.Success, metadata.Result.Status);
        Functions = metadata.FunctionMetadataResults;
        foreach (var function in Functions)
        {
            var loaded = (await AskAsync(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function } })).FunctionLoadResponse;
            Assert.True(loaded.Result.Status == StatusResult.Types.Status.Success, $"{function.Name}: {loaded.Result.Exception?.Message}");
            Loaded.Add(function.Name);
        }
    }

    /// <summary>The worker opens its own port a little after it has answered its host.</summary>
    private async Task ListeningAsync()
    {
        while (!_worker!.HasExited)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(Proxy.Host, Proxy.Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }
    }

    private JsonElement Binding(string function, string type) => Functions.Single(known => known.Name == function).RawBindings
        .Select(raw => JsonDocument.Parse(raw).RootElement).Single(binding => string.Equals(binding.GetProperty("type").GetString(), type, StringComparison.OrdinalIgnoreCase));

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.Value is not { } path || !path.EndsWith("/EventStream", StringComparison.Ordinal))
        {
            await Queues!.SettleAsync(context);
            return;
        }

        context.Response.ContentType = "application/grpc";
        await context.Response.Body.FlushAsync();
        var one = new SemaphoreSlim(1, 1);
        while (await ReadAsync(context) is { } message)
        {
            switch (message.ContentCase)
            {
                case StreamingMessage.ContentOneofCase.StartStream:
                    _stream.TrySetResult(WriteAsync);
                    break;
                case StreamingMessage.ContentOneofCase.RpcLog:
                    _logs.Enqueue($"{message.RpcLog.Category}: {message.RpcLog.Message} {message.RpcLog.Exception?.Message}");
                    break;
                default:
                    var key = message.InvocationResponse?.InvocationId ?? message.RequestId;
                    if (_answers.TryRemove(key, out var asked))
                    {
                        asked.TrySetResult(message);
                    }

                    break;
            }
        }

        async Task WriteAsync(StreamingMessage message)
        {
            await one.WaitAsync();
            try
            {
                await GrpcFrames.WriteAsync(context.Response, message, context.RequestAborted);
            }
            finally
            {
                one.Release();
            }
        }
    }

    private static async Task<StreamingMessage?> ReadAsync(HttpContext context)
    {
        try
        {
            return await GrpcFrames.ReadAsync(context.Request, StreamingMessage.Parser, context.RequestAborted);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<StreamingMessage> AskAsync(StreamingMessage message, string? key = null)
    {
        message.RequestId = Guid.NewGuid().ToString();
        var asked = _answers[key ?? message.RequestId] = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(message);
        return await asked.Task;
    }

    private async Task SendAsync(StreamingMessage message) => await (await _stream.Task)(message);

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }

    /// <summary>Whoever waits for the worker waits in vain.</summary>
    private void End()
    {
        var fault = new WorkerEndedException(Log);
        _stream.TrySetException(fault);
        foreach (var asked in _answers.Values)
        {
            asked.TrySetException(fault);
        }
    }
}

/// <summary>The worker's process ended while its host waited for an answer.</summary>
internal sealed class WorkerEndedException(string log) : Exception($"the worker ended:\n{log}");
