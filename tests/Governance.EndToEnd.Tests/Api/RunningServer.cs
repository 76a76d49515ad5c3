using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Cli.Serving;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Revocations;
using Governance.Core.Scans.Runs;
using Governance.Embedded.InProcess;
using Governance.EndToEnd.Tests.Cli;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>The server of <c>governance serve</c> on a data folder of its own, asked over real HTTP.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly bool _ownsTenant;
    private readonly TemporaryFolder _folder;
    private CancellationTokenSource _stop = new();
    private Server? _server;
    private Task _running = Task.CompletedTask;

    private RunningServer(ScannableTenant tenant, TemporaryFolder folder, bool ownsTenant)
    {
        Tenant = tenant;
        _folder = folder;
        _ownsTenant = ownsTenant;
    }

    public ScannableTenant Tenant { get; }

    public LogLines Log { get; } = new();

    /// <summary>Null for a server that cannot write.</summary>
    public IConsentWriters? Writers { get; private init; }

    public required ListenAddress Listen { get; init; }

    /// <summary>What it does again and again; null for nothing.</summary>
    public Schedule? Schedule { get; private init; }

    /// <summary>What is registered otherwise than usual; null for nothing.</summary>
    public Action<IServiceCollection>? Adjust { get; private init; }

    public Uri Address { get; private set; } = null!;

    public string Token { get; private set; } = string.Empty;

    public string Database => Path.Combine(_folder["data"], "governance.db");

    public IServiceProvider Services => _server!.Services;

    public IScanStore Scans => _server!.Services.GetRequiredService<IScanStore>();

    public IScanQueue Queue => _server!.Services.GetRequiredService<IScanQueue>();

    public IDecisionLedger Ledger => _server!.Services.GetRequiredService<IDecisionLedger>();

    public IScanRuns Runs => _server!.Services.GetRequiredService<IScanRuns>();

    public static async Task<RunningServer> StartAsync(ScannableTenant? tenant = null, EntraOptions? entra = null, ApiOptions? limits = null, TimeProvider? time = null, IConsentWriters? writers = null, Schedule? schedule = null, ListenAddress? listen = null, Action<IServiceCollection>? adjust = null)
    {
        var server = new RunningServer(tenant ?? await ScannableTenant.StartAsync(), new TemporaryFolder(), tenant is null) { Writers = writers, Schedule = schedule, Adjust = adjust, Listen = listen ?? ListenAddress.Read("http://127.0.0.1:0", null, behindProxy: false) };
        await server.OpenAsync(entra, limits, time ?? TimeProvider.System);
        return server;
    }

    /// <summary>Stops the server as a signal would and starts another one on the same folder.</summary>
    public async Task RestartAsync(Action? between = null)
    {
        await StopAsync();
        between?.Invoke();
        await OpenAsync(null, null, TimeProvider.System);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience);
        await _server!.DisposeAsync();
    }

    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token);
        return client;
    }

    public HttpClient Stranger() => new() { BaseAddress = Address };

    /// <summary>Asks for a scan and waits until it has ended.</summary>
    public async Task<JsonElement> ScanAsync()
    {
        using var client = Client();
        using var asked = await client.PostAsync("/api/scans", null);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        return await EndOf(client, asked.Headers.Location!.ToString());
    }

    public static async Task<JsonElement> EndOf(HttpClient client, string location)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var scan = await client.GetJson(location);
            if (scan.GetProperty("completedAt").ValueKind != JsonValueKind.Null)
            {
                return scan;
            }

            Assert.True(waited.Elapsed < Patience, $"the scan did not end: {scan}");
            await Task.Delay(50);
        }
    }

    public static async Task Until(Func<Task<bool>> holds)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(waited.Elapsed < Patience, "waited in vain");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Tenant.OpenGate();
        if (!_stop.IsCancellationRequested)
        {
            await StopAsync();
        }

        if (_ownsTenant)
        {
            await Tenant.DisposeAsync();
        }

        _folder.Dispose();
        _stop.Dispose();
    }

    private async Task OpenAsync(EntraOptions? entra, ApiOptions? limits, TimeProvider time)
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        var setup = new ServerSetup(
            new DirectoryInfo(_folder["data"]), Listen, entra, limits ?? new ApiOptions(), JsonLog: true, _ => new Lent(Tenant), _ => Schedule is null ? [] : [Schedule])
        {
            AlsoLogTo = Log,
            Writers = Writers,
            Adjust = Adjust,
        };
        _server = await Server.OpenAsync(setup, time, default);
        Token = await _server.Tokens.ReplaceAsync("test", RoleNames.Of(ApiRoles.All), default);
        var started = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _running = _server.RunAsync(started.SetResult, _stop.Token);
        await await Task.WhenAny(started.Task, _running);
        Address = await started.Task;
    }
}

/// <summary>A tenant that outlives the server it is lent to.</summary>
internal sealed class Lent(ScannableTenant tenant) : ITenantSources
{
    public System.Collections.Immutable.ImmutableArray<Guid> Tenants => tenant.Tenants;

    public Task<OpenedTenant> OpenAsync(Guid tenantId, ScanMode mode, CancellationToken cancellationToken) => tenant.OpenAsync(tenantId, mode, cancellationToken);
}

/// <summary>Log lines as they were written.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Collector(_lines);

    public void Dispose()
    {
    }

    private sealed class Collector(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");
    }
}

internal static class ApiClient
{
    public static async Task<JsonElement> GetJson(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>The code of a problem answer, whose form is checked on the way.</summary>
    public static async Task<string> Problem(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal(response.Headers.GetValues("X-Correlation-Id").Single(), problem.GetProperty("correlationId").GetString());
        return problem.GetProperty("type").GetString()!["urn:governance:problem:".Length..];
    }
}
