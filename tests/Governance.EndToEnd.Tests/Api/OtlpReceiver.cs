using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Takes metrics, traces and log lines as a collector does: OTLP over HTTP, in protobuf.</summary>
/// <remarks>Source of the field numbers: opentelemetry-proto v1, <c>metrics_service.proto</c>, <c>trace_service.proto</c>, <c>logs_service.proto</c>, <c>resource.proto</c>.</remarks>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<byte[]> Metrics { get; } = new();

    public ConcurrentQueue<byte[]> Traces { get; } = new();

    public ConcurrentQueue<byte[]> Logs { get; } = new();

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Names of the metrics: resource_metrics, scope_metrics, metrics, name.</summary>
    public HashSet<string> MetricNames => Metrics.SelectMany(message => Texts(message, 1, 2, 2, 1)).ToHashSet();

    /// <summary>Names of the spans: resource_spans, scope_spans, spans, name.</summary>
    public HashSet<string> SpanNames => Traces.SelectMany(message => Texts(message, 1, 2, 2, 5)).ToHashSet();

    /// <summary>Texts of the log lines: resource_logs, scope_logs, log_records, body, string_value.</summary>
    public HashSet<string> LogLines => Logs.SelectMany(message => Texts(message, 1, 2, 2, 5, 1)).ToHashSet();

    /// <summary>Keys of what is said about each span: attributes, key.</summary>
    public HashSet<string> SpanAttributes => Traces.SelectMany(message => Texts(message, 1, 2, 2, 9, 1)).ToHashSet();

    /// <summary>Everything received, as it stands on the wire.</summary>
    public string Everything => string.Concat(Metrics.Concat(Traces).Concat(Logs).Select(Encoding.UTF8.GetString));

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var queue = (context.Request.Path.Value, context.Request.ContentType) switch
        {
            ("/v1/metrics", "application/x-protobuf") => Metrics,
            ("/v1/traces", "application/x-protobuf") => Traces,
            ("/v1/logs", "application/x-protobuf") => Logs,
            _ => null,
        };
        queue?.Enqueue(body.ToArray());
        context.Response.StatusCode = queue is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
    }

    /// <summary>Texts at the end of a path of field numbers.</summary>
    private static IEnumerable<string> Texts(ReadOnlyMemory<byte> message, params int[] path) => Fields(message)
        .Where(field => field.Number == path[0])
        .SelectMany(field => path.Length == 1 ? [Encoding.UTF8.GetString(field.Value.Span)] : Texts(field.Value, path[1..]));

    /// <summary>Fields of a protobuf message that have a length; numbers are passed over.</summary>
    private static IEnumerable<(int Number, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Number(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Number(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Number(message, ref at);
                    yield return ((int)(tag >> 3), message.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new FormatException($"wire type {tag & 7} at {at}");
            }
        }
    }

    private static ulong Number(ReadOnlyMemory<byte> message, ref int at)
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message.Span[at++];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }
    }
}
