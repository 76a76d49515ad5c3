using System.Net.Sockets;
using System.Security.Cryptography;
using Governance.Api;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Api.Resources;
using Governance.Api.SignIn;
using Governance.Core.Catalogue;
using Governance.Core.Digest;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Revocations;
using Governance.Core.Scans.Runs;
using Governance.Core.Text;
using Governance.Embedded.InProcess;
using Governance.Embedded.Sqlite;
using Governance.Microsoft365.Graph;
using Governance.Microsoft365.Teams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Governance.Cli.Serving;

/// <summary>What a server is started with.</summary>
/// <param name="Schedules">Makes the schedules from the workflow that asks for scans.</param>
internal sealed record ServerSetup(
    DirectoryInfo Data,
    ListenAddress Listen,
    EntraOptions? Entra,
    ApiOptions Limits,
    bool JsonLog,
    Func<IServiceProvider, ITenantSources> Tenants,
    Func<RequestScan, IReadOnlyCollection<Schedule>> Schedules)
{
    /// <summary>What may change consents; null where writing is off.</summary>
    public IConsentWriters? Writers { get; init; }

    /// <summary>Where log lines go beside standard error; null for nowhere. For tests.</summary>
    public ILoggerProvider? AlsoLogTo { get; init; }

    /// <summary>Changes what is registered; null for nothing. For tests.</summary>
    public Action<IServiceCollection>? Adjust { get; init; }
}

/// <summary>API, queue, worker and schedules on one data folder, in one process.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const int MostWorkers = 16;
    private static readonly TimeSpan LetGo = TimeSpan.FromSeconds(10);
    private readonly SqliteDatabase _database;
    private readonly ServerFolder _folder;
    private readonly WebApplication _app;
    private readonly TimeProvider _time;

    private Server(SqliteDatabase database, ServerFolder folder, WebApplication app, TimeProvider time)
    {
        _database = database;
        _folder = folder;
        _app = app;
        _time = time;
        Tokens = new SqliteApiTokens(database, time);
    }

    public SqliteApiTokens Tokens { get; }

    internal IServiceProvider Services => _app.Services;

    /// <summary>Address it listens at, with the port it was given; after the start.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <exception cref="StoreUnavailableException">Another server has the data folder, or it cannot be used.</exception>
    /// <exception cref="NameFormBrokenException">Names cannot be compared on this machine.</exception>
    public static async Task<Server> OpenAsync(ServerSetup setup, TimeProvider time, CancellationToken cancellationToken)
    {
        NameFormCheck.Run();
        var options = new SqliteOptions { Folder = setup.Data.FullName };
        var database = new SqliteDatabase(options);
        var folder = await ServerFolder.TakeAsync(database, time, cancellationToken).ConfigureAwait(false);
        setup.Limits.SignInPage = ReportSignIn.Path;
        setup.Limits.CursorKey = await folder.KeyAsync("cursors", 32, cancellationToken).ConfigureAwait(false);
        return new Server(database, folder, Build(setup, database, options, folder, time), time);
    }

    /// <summary>Works until it is stopped from outside or by a signal; then finishes what is being answered and gives back what is in hand.</summary>
    public async Task RunAsync(Action<Uri> started, CancellationToken cancellationToken)
    {
        var queue = _app.Services.GetRequiredService<SqliteScanQueue>();
        await queue.ReclaimAsync(cancellationToken).ConfigureAwait(false);
        await _app.Services.GetRequiredService<SqliteIdempotencyKeys>().ReclaimAsync(cancellationToken).ConfigureAwait(false);
        await ListenAsync(cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _app.Lifetime.ApplicationStopping);
        started(Address);

        // A tenant has one live scan at most: with a worker for each, none waits for another that is huge or throttled.
        var workers = Math.Clamp(_app.Services.GetRequiredService<ITenantSources>().Tenants.Length, 1, MostWorkers);
        Task[] work =
        [
            .. Enumerable.Range(0, workers).Select(_ => _app.Services.GetRequiredService<QueueWorker>().RunAsync(stop.Token)),
            _app.Services.GetRequiredService<Scheduler>().RunAsync(stop.Token),
            _app.Services.GetRequiredService<DigestRounds>().RunAsync(stop.Token),
            _app.Services.GetRequiredService<RetentionRounds>().RunAsync(stop.Token),
            new Housekeeping(_folder, queue, _app.Services.GetRequiredService<RecoverRuns>(), _time, _app.Services.GetRequiredService<ILogger<Housekeeping>>()).RunAsync(stop.Token),
        ];

        // The first to end is the stop, or a fault that must end the server.
        var first = await Task.WhenAny(work).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(LetGo, _time);
        await _app.StopAsync(patience.Token).ConfigureAwait(false);
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    /// <exception cref="CliException">The address is taken, or is none of this machine's.</exception>
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            throw CliException.Usage($"--listen: {refused.Message.TrimEnd('.')}; name another address, or stop what listens there");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }

    private static WebApplication Build(ServerSetup setup, SqliteDatabase database, SqliteOptions options, ServerFolder folder, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = setup.Data.FullName });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // With its log on, the host begins a trace of its own that nobody records, and ours would be left out with it.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // Why it cannot start is said once, by what started it, and without a stack.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (setup.AlsoLogTo is { } provider)
        {
            builder.Logging.AddProvider(provider);
        }

        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (setup.JsonLog)
        {
            builder.Logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        }
        else
        {
            builder.Logging.AddSimpleConsole(line => (line.SingleLine, line.ColorBehavior) = (true, LoggerColorBehavior.Disabled));
        }

        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = setup.Limits.LongestBody + RequestBody.Drained;
            kestrel.Limits.MaxConcurrentConnections = 2000;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Listen(setup.Listen.Address, setup.Listen.Port, listening =>
            {
                if (setup.Listen.Certificate is { } certificate)
                {
                    listening.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate.Own, certificate.Chain));
                }
            });
        });
        builder.Services.AddRoutingCore();
        Register(builder.Services, setup, database, options, folder, time);
        var app = builder.Build();
        if (!setup.Listen.Proxies.IsEmpty)
        {
            app.UseForwardedHeaders(Forwarded(setup.Listen));
        }

        app.MapGovernanceApi();
        app.MapReportSignIn();
        return app;
    }

    /// <summary>The last hop alone is believed, and only when it is a proxy that was named.</summary>
    private static ForwardedHeadersOptions Forwarded(ListenAddress listen)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in listen.Proxies)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        return forwarded;
    }

    private static async Task<HealthReading> FileAsync(SqliteDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            await database.RequireThereAsync(cancellationToken).ConfigureAwait(false);
            return HealthReading.Healthy;
        }
        catch (StoreUnavailableException fault) when (fault.Fault == StoreFault.Gone)
        {
            return new HealthReading(HealthState.Unhealthy, "the database file was removed or replaced: nothing is taken any more; put it back, then start the server again");
        }
    }

    private static void Register(IServiceCollection services, ServerSetup setup, SqliteDatabase database, SqliteOptions options, ServerFolder folder, TimeProvider time)
    {
        Func<string> tail = () => RandomNumberGenerator.GetHexString(6, lowercase: true);
        var queue = new SqliteScanQueue(database, time);
        services.AddSingleton(time).AddSingleton(setup.Limits).AddSingleton(tail).AddSingleton(queue).AddSingleton<IScanQueue>(queue);
        services.AddSingleton<IScanStore>(new SqliteScanStore(database, options));
        var ledger = new SqliteDecisionLedger(database, options);
        services.AddSingleton<IDecisionLedger>(ledger).AddSingleton(new DecisionStores(ledger, new SqlitePersons(database, options), new SqlitePersonalRecords(database)));
        services.AddSingleton(new NightlyRetention(ledger, new SqlitePersons(database, options), new SqlitePersonalRecords(database), time));
        services.AddSingleton(new SqliteScheduleMarks(database)).AddSingleton<RetentionRounds>();
        services.AddSingleton<IScanRuns>(new SqliteScanRuns(database));
        var keys = new SqliteIdempotencyKeys(database, time);
        services.AddSingleton(keys).AddSingleton<IIdempotencyKeys>(keys);
        services.AddSingleton<ILearnedApps>(new SqliteLearnedApps(database));
        services.AddSingleton<IScanCheckpoints>(new SqliteScanCheckpoints(database));
        services.AddSingleton(setup.Tenants);
        services.AddSingleton<Func<TenantState, Core.Policy.GovernancePolicy>>(Kept.PolicyOf);
        var outbox = new SqliteDigestOutbox(database);
        services.AddSingleton<IDigestOutbox>(outbox).AddSingleton(provider => DigestRounds.Probe(provider.GetRequiredService<IScanStore>(), outbox, time));
        services.AddSingleton(new PostPace(time)).AddSingleton(provider => new WorkflowChannels(
            WorkflowTransport.Client(proxy: HttpClient.DefaultProxy.GetProxy(new Uri("https://example.logic.azure.com/")) is not null),
            Environment.GetEnvironmentVariable,
            () => CredentialToken.FromThisMachine(time),
            provider.GetRequiredService<PostPace>(),
            time,
            provider.GetRequiredService<ILogger<WorkflowChannel>>()));
        services.AddSingleton<Func<Guid, CancellationToken, Task<TenantState?>>>(
            provider => async (tenant, token) => (await provider.GetRequiredService<GovernanceApi>().Facts.ReadAsync(tenant, token).ConfigureAwait(false))?.State);
        services.AddSingleton<DigestRounds>();
        services.AddSingleton<RequestScan>().AddSingleton<RecoverRuns>().AddSingleton<QueueWorker>();
        services.AddSingleton(provider => new RunQueuedScan(
            provider.GetRequiredService<IScanRuns>(),
            new RenewingStore(provider.GetRequiredService<IScanStore>(), provider.GetRequiredService<GovernanceApi>().Facts),
            provider.GetRequiredService<ITenantSources>(),
            time,
            tail,
            ledger));
        services.AddSingleton(provider => new Scheduler(
            setup.Schedules(provider.GetRequiredService<RequestScan>()), provider.GetRequiredService<SqliteScheduleMarks>(), time, provider.GetRequiredService<ILogger<Scheduler>>()));
        services.AddSingleton(new HealthProbe("file", cancellationToken => FileAsync(database, cancellationToken)));
        services.AddSingleton(new HealthProbe("folder", async cancellationToken => await folder.StillHeldAsync(cancellationToken).ConfigureAwait(false)
            ? HealthReading.Healthy
            : new HealthReading(HealthState.Unhealthy, "another server has taken the data folder")));
        if (setup.Entra is { } entra)
        {
            var entraTokens = new EntraTokens(entra, new HttpClient { Timeout = TimeSpan.FromSeconds(10) }, time);
            services.AddSingleton<ICallerProof>(entraTokens).AddSingleton<IBrowserProof>(new PlatformSignIn(entraTokens));
        }

        var tokens = new SqliteApiTokens(database, time);
        var local = new LocalTokens(async (token, cancellationToken) =>
            await tokens.FindAsync(token, cancellationToken).ConfigureAwait(false) is { } known ? (known.Name, known.Roles) : null);
        services.AddSingleton(local).AddSingleton<ICallerProof>(local).AddReportSignIn();
        if (setup.Writers is { } writers)
        {
            services.AddSingleton(writers);
        }

        services.AddGovernanceApi();
        setup.Adjust?.Invoke(services);
    }
}
