using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;
using Governance.Simulator.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Governance.Simulator;

/// <summary>A made-up tenant served on the loopback address in Microsoft Graph's wire format.</summary>
public sealed class GraphSimulator : IAsyncDisposable
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly WebApplication server;
    private readonly SimulatorOptions options;
    private readonly Pipeline pipeline;
    private readonly Batch batch;
    private int answered;

    private GraphSimulator(SimulatedTenant tenant, SimulatorOptions options)
    {
        Tenant = tenant;
        this.options = options;
        Requests = new RequestLog(options.LoggedRequests);
        pipeline = new Pipeline(tenant, options, Faults);
        batch = new Batch(pipeline, Requests, options.TimeProvider);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(System.Net.IPAddress.Loopback, options.Port);
        });
        server = builder.Build();
        server.Run(AnswerAsync);
    }

    /// <summary>The v1.0 root, such as <c>http://127.0.0.1:40123/v1.0</c>. The beta root lies beside it.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1/v1.0");

    public SimulatedTenant Tenant { get; }

    /// <summary>What goes wrong; empty at first.</summary>
    public FaultPlan Faults { get; } = new();

    public RequestLog Requests { get; }

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<GraphSimulator> StartAsync(
        SimulatedTenant tenant, SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var simulator = new GraphSimulator(tenant, options ?? new SimulatorOptions());
        await simulator.server.StartAsync(cancellationToken);
        simulator.Endpoint = new Uri(simulator.server.Urls.Single() + "/v1.0");
        return simulator;
    }

    public async ValueTask DisposeAsync()
    {
        await server.StopAsync();
        await server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var arrived = options.TimeProvider.GetUtcNow();
        var request = http.Request;
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var requestId = StableGuid.Create(Tenant.State.Seed, RowKind.AuditEvent, Interlocked.Increment(ref answered)).ToString();
        var authorization = request.Headers.Authorization.ToString();
        var eventual = string.Equals(request.Headers["ConsistencyLevel"], "eventual", StringComparison.OrdinalIgnoreCase);
        var (outcome, rows) = await OutcomeAsync(http, raw, authorization, eventual, requestId);
        var status = outcome.Transport?.Kind == FaultKind.Reset ? 0 : outcome.Reply.Status;
        Requests.Add(new LoggedRequest(
            request.Method, raw, status, outcome.ResourceUnits, rows, eventual, authorization.Length > 0, InBatch: false, outcome.Fault?.ToString())
        {
            At = arrived,
            RetryAfter = outcome.Reply.RetryAfter,
        });
        try
        {
            var latency = options.LatencyPerRequest + (options.LatencyPerRow * rows);
            if (latency > TimeSpan.Zero)
            {
                await Task.Delay(latency, options.TimeProvider, http.RequestAborted);
            }

            WriteHead(http, outcome, requestId);
            await WriteAsync(http, outcome);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away, or the simulator stops: there is nobody to answer.
        }
    }

    private async Task<(Outcome Outcome, int Rows)> OutcomeAsync(HttpContext http, string raw, string authorization, bool eventual, string requestId)
    {
        GraphCall call;
        try
        {
            call = await CallAsync(http, raw, eventual);
        }
        catch (GraphException error)
        {
            return (new Outcome(Reply.Error(error.Status, error.Code, error.Message, options.TimeProvider.GetUtcNow(), requestId), 0, null, null), 0);
        }

        if (call is not { Method: "POST", Segments: ["$batch"] })
        {
            var outcome = pipeline.Answer(call, authorization, inBatch: false, requestId);
            return (outcome, outcome.Reply.Rows);
        }

        return pipeline.AnswerBatch(call, authorization, requestId, () => batch.Answer(call, Tenant, requestId));
    }

    private async Task<GraphCall> CallAsync(HttpContext http, string raw, bool eventual)
    {
        var version = raw.StartsWith("/beta/", StringComparison.Ordinal) ? "/beta" : "/v1.0";
        if (!raw.StartsWith(version + "/", StringComparison.Ordinal))
        {
            throw new GraphException(400, "BadRequest", "Invalid version. Use /v1.0 or /beta.");
        }

        var body = Array.Empty<byte>();
        if (http.Request.Method is not "GET")
        {
            using var buffer = new MemoryStream();
            await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
            body = buffer.ToArray();
        }

        return new GraphCall(http.Request.Method, $"http://{http.Request.Host}{version}", raw[version.Length..])
        {
            State = Tenant.State,
            Eventual = eventual,
            Body = body,
        };
    }

    private void WriteHead(HttpContext http, Outcome outcome, string requestId)
    {
        var response = http.Response;
        response.StatusCode = outcome.Reply.Status;
        var headers = response.Headers;
        headers["request-id"] = requestId;
        headers["client-request-id"] = http.Request.Headers.TryGetValue("client-request-id", out var sent) ? sent : requestId;
        headers["x-ms-ags-diagnostic"] = "{\"ServerInfo\":{\"DataCenter\":\"Simulated\",\"Slice\":\"E\",\"Ring\":\"0\"}}";
        headers.CacheControl = "no-cache";
        headers.Date = options.TimeProvider.GetUtcNow().ToString("R");
        if (outcome.ResourceUnits > 0)
        {
            headers["x-ms-resource-unit"] = outcome.ResourceUnits.ToString();
        }

        foreach (var (name, value) in outcome.Reply.Headers)
        {
            headers[name] = value;
        }

        if (outcome.Reply.Body is not null)
        {
            response.ContentType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
        }
        else if (outcome.Reply.Text is not null)
        {
            response.ContentType = "text/plain";
        }
    }

    private async Task WriteAsync(HttpContext http, Outcome outcome)
    {
        if (outcome.Transport is { } fault)
        {
            var whole = new ArrayBufferWriter<byte>();
            WriteBody(whole, outcome.Reply);
            await BrokenTransport.SendAsync(http, fault, whole.WrittenMemory, options.TimeProvider);
            return;
        }

        WriteBody(http.Response.BodyWriter, outcome.Reply);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static void WriteBody(IBufferWriter<byte> output, Reply reply)
    {
        if (reply.Body is { } body)
        {
            using var json = new Utf8JsonWriter(output, Relaxed);
            body(json);
        }
        else if (reply.Text is { } text)
        {
            output.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }
    }
}
