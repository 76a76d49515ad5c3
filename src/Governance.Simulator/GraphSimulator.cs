using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
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
    private readonly Router router;

    private GraphSimulator(SimulatedTenant tenant, SimulatorOptions options)
    {
        Tenant = tenant;
        this.options = options;
        router = new Router(tenant, options);
        Requests = new RequestLog(options.LoggedRequests);
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
        var request = http.Request;
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var requestId = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        var authorized = request.Headers.Authorization.Count > 0;
        var eventual = string.Equals(request.Headers["ConsistencyLevel"], "eventual", StringComparison.OrdinalIgnoreCase);
        Reply reply;
        var units = 0;
        try
        {
            var call = await CallAsync(http, raw, eventual);
            reply = router.Answer(call);
            units = Cost.Of(call);
        }
        catch (GraphException refusal)
        {
            reply = Reply.Error(refusal.Status, refusal.Code, refusal.Message, options.TimeProvider.GetUtcNow(), requestId);
        }

        Requests.Add(new LoggedRequest(request.Method, raw, reply.Status, units, reply.Rows, eventual, authorized, InBatch: false, Fault: null));
        await WriteAsync(http.Response, reply, http.RequestAborted);
    }

    private async Task<GraphCall> CallAsync(HttpContext http, string raw, bool eventual)
    {
        var version = raw.StartsWith("/beta/", StringComparison.Ordinal) ? "/beta" : "/v1.0";
        if (!raw.StartsWith(version + "/", StringComparison.Ordinal))
        {
            throw new GraphException(404, "BadRequest", "Invalid version: use /v1.0 or /beta.");
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return new GraphCall(http.Request.Method, $"http://{http.Request.Host}{version}", raw[version.Length..])
        {
            State = Tenant.State,
            Eventual = eventual,
            Body = body.ToArray(),
        };
    }

    private static async Task WriteAsync(HttpResponse response, Reply reply, CancellationToken cancellationToken)
    {
        response.StatusCode = reply.Status;
        if (reply.Body is { } body)
        {
            response.ContentType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
            await using (var json = new Utf8JsonWriter(response.BodyWriter, Relaxed))
            {
                body(json);
            }

            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }
}
