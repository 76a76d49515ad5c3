using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Tests.Teams;

/// <summary>One request as it came in.</summary>
/// <param name="Target">Path and query byte for byte.</param>
internal sealed record Received(string Target, string? Authorization, string? ContentType, byte[] Body);

/// <summary>Behaves like Teams behind a workflow: takes a message with one card, knows its limits, answers before it shows anything.</summary>
internal sealed class TeamsReceiver : IAsyncDisposable
{
    /// <summary>Most bytes of a message after the service has encoded it anew.</summary>
    public const int Limit = 28_672;

    public const string Path = "/powerautomate/automations/direct/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke";
    public const string Signed = "?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=S3cr3t-%2b_%2B%20canary";

    private static readonly JsonSerializerOptions Escaped = new() { Encoder = JavaScriptEncoder.Default };
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task<bool>>> _next = new();

    private TeamsReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>Cards that people see.</summary>
    public ConcurrentQueue<JsonElement> Posted { get; } = new();

    /// <summary>True for a retired connector's way of answering: 200, with what went wrong in the body.</summary>
    public bool AnswersInBody { get; init; }

    /// <summary>True when the flow admits users of the tenant alone.</summary>
    public bool WantsToken { get; init; }

    public string? Token { get; set; } = "good-token";

    public string Address { get; private set; } = string.Empty;

    public static async Task<TeamsReceiver> StartAsync(bool answersInBody = false, bool wantsToken = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new TeamsReceiver(app) { AnswersInBody = answersInBody, WantsToken = wantsToken };
        app.Run(receiver.AnswerAsync);
        await app.StartAsync();
        receiver.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + Path + (wantsToken ? "?api-version=1" : Signed);
        return receiver;
    }

    /// <summary>The next request gets this answer and shows nothing.</summary>
    public void Next(int status, string body = "", params (string Name, string Value)[] headers) => _next.Enqueue(async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(body);
        return true;
    });

    /// <summary>The next request's message is shown, but no answer comes: the connection is cut.</summary>
    public void NextShowsAndCuts() => _next.Enqueue(context =>
    {
        Show(Requests.Last().Body);
        context.Abort();
        return Task.FromResult(true);
    });

    /// <summary>The next request's message is shown, and the answer never comes.</summary>
    /// <param name="arrived">Called when the request is in.</param>
    public void NextShowsAndHangs(Action arrived) => _next.Enqueue(async context =>
    {
        Show(Requests.Last().Body);
        arrived();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        return true;
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var received = new Received(target, context.Request.Headers.Authorization, context.Request.ContentType, body.ToArray());
        Requests.Enqueue(received);
        if (_next.TryDequeue(out var scripted) && await scripted(context))
        {
            return;
        }

        if (WantsToken ? received.Authorization != $"Bearer {Token}" : received.Authorization is not null || !target.EndsWith(Signed, StringComparison.Ordinal))
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("""{"error":{"code":"DirectApiAuthorizationRequired","message":"The request must be authenticated only by Shared Access scheme."}}""");
            return;
        }

        var problem = Problem(received.Body);
        if (AnswersInBody)
        {
            await context.Response.WriteAsync(problem is { } code ? $"Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error {code} with ContextId tcid=0,server=x" : "1");
        }
        else
        {
            context.Response.StatusCode = 202;
            context.Response.Headers["x-ms-workflow-run-id"] = "08584000000000000000000000000CU00";
        }

        if (problem is null)
        {
            Show(received.Body);
        }
    }

    /// <returns>The status that posting fails with; null when it does not.</returns>
    private static int? Problem(byte[] body)
    {
        var message = JsonDocument.Parse(body).RootElement;
        var encoded = JsonSerializer.SerializeToUtf8Bytes(message, Escaped);
        var content = message.GetProperty("attachments")[0].GetProperty("content");
        return encoded.Length > Limit ? 413
            : content.ValueKind != JsonValueKind.Object || content.GetProperty("type").GetString() != "AdaptiveCard" ? 400
            : null;
    }

    private void Show(byte[] body) => Posted.Enqueue(JsonDocument.Parse(Encoding.UTF8.GetString(body)).RootElement.GetProperty("attachments")[0].GetProperty("content"));
}
