using System.CommandLine;
using Governance.Cli.Serving;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Embedded.Offline;
using Governance.Microsoft365.Graph;
using Governance.Microsoft365.Offline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Cli;

/// <summary>Options that say where consents are read from.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string?> _endpoint = new("--graph-endpoint") { Description = "Graph root; default https://graph.microsoft.com/v1.0", HelpName = "URL" };
    private readonly Option<string?> _tokenEnv = new("--token-env") { Description = "Environment variable that holds a bearer token for Graph", HelpName = "VAR" };
    private readonly Option<bool> _deviceCode = new("--device-code") { Description = "Sign in with a code on another device" };
    private readonly Option<Guid?> _tenant = new("--tenant") { Description = "Tenant that is meant; another one is refused", HelpName = "ID" };
    private readonly Option<FileSystemInfo?> _from = new("--from") { Description = "Read files instead of Graph: exported Graph JSON pages (folder or file), an exported inventory, output of AzureHound, a ROADrecon database", HelpName = "PATH" };
    private readonly Option<bool> _full = new("--full") { Description = "Read everything (default)" };
    private readonly Option<bool> _incremental = new("--incremental") { Description = "Read only what changed, where a base for it is kept" };
    private readonly Option<string[]> _with = new("--with") { Description = "Optional parts to read too: consentEvents, consentRequests, signInActivity, agentIdentities, consentPolicy", HelpName = "PARTS", AllowMultipleArgumentsPerToken = true };

    private readonly Option<int> _checkpointEvery = new("--checkpoint-every")
    {
        Description = "Seconds between notes of how far reading has come, so that a killed scan can go on (default 20; 0 for every page)",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => (int)CheckpointedReading.Usual.TotalSeconds,
    };

    /// <summary>Adds only what says where Graph is and who asks.</summary>
    public void AddConnectionTo(Command command)
    {
        foreach (var option in new Option[] { _endpoint, _tokenEnv, _deviceCode, _tenant })
        {
            command.Add(option);
        }
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _endpoint, _tokenEnv, _deviceCode, _tenant, _from, _full, _incremental, _with, _checkpointEvery })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.TryGet(_checkpointEvery, out var seconds) && seconds is < 0 or > 86_400)
            {
                result.AddError("--checkpoint-every: a number of seconds from 0 to 86400 is needed.");
            }

            if (result.TryGet(_full, out var full) && full && result.TryGet(_incremental, out var incremental) && incremental)
            {
                result.AddError("--full and --incremental exclude each other.");
            }

            if (result.TryGet(_from, out var from) && from is not null
                && ((result.TryGet(_endpoint, out var endpoint) && endpoint is not null) || (result.TryGet(_tokenEnv, out var variable) && variable is not null)))
            {
                result.AddError("--from reads files: it takes no --graph-endpoint or --token-env.");
            }
        });
    }

    /// <summary>Of a command, which has no log: what its reader met stands in the evidence of the scan that it prints.</summary>
    private static ILogger<GraphConsentSource> NoLog => NullLogger<GraphConsentSource>.Instance;

    /// <summary>Tenant that is meant; null when none was named.</summary>
    public Guid? Tenant(ParseResult parsed) => parsed.GetValue(_tenant);

    /// <summary>Says what is wrong with the options of a served tenant before anything is opened.</summary>
    /// <exception cref="CliException">An option cannot be used.</exception>
    public void Check(ParseResult parsed, TenantSetting tenant, Terminal terminal, TimeProvider time)
    {
        if (parsed.GetValue(_from) is null)
        {
            Options(parsed, tenant.Id, tenant.Endpoint);
            Token(parsed, tenant.Id, tenant.TokenEnv, terminal, time);
        }
    }

    /// <summary>Opens the source in the mode that the command line names.</summary>
    /// <param name="store">Where the scan that changes are added to is kept.</param>
    /// <param name="unfinished">Where it is kept how far an unfinished scan has come; null to keep nothing of it.</param>
    /// <param name="trainingGroup">Group of trained users that the policy names; null when it names none.</param>
    /// <exception cref="CliException">An option cannot be used.</exception>
    public OpenSource Open(ParseResult parsed, Terminal terminal, TimeProvider time, IScanStore store, IScanCheckpoints? unfinished = null, Guid? trainingGroup = null) =>
        Open(
            parsed, parsed.GetValue(_tenant), parsed.GetValue(_tokenEnv), null, terminal, time, store, parsed.GetValue(_incremental) ? ScanMode.Incremental : ScanMode.Full,
            unfinished, trainingGroup, NoLog);

    /// <summary>Opens the source of a served tenant in a mode.</summary>
    /// <inheritdoc cref="Open(ParseResult, Terminal, TimeProvider, IScanStore, IScanCheckpoints, Guid?)"/>
    public OpenSource Open(
        ParseResult parsed, TenantSetting tenant, Terminal terminal, TimeProvider time, IScanStore store, ScanMode mode, IScanCheckpoints unfinished, Guid? trainingGroup,
        ILogger<GraphConsentSource> logger) =>
        Open(parsed, tenant.Id, tenant.TokenEnv, tenant.Endpoint, terminal, time, store, mode, unfinished, trainingGroup, logger);

    private OpenSource Open(
        ParseResult parsed, Guid? tenant, string? tokenEnv, string? endpoint, Terminal terminal, TimeProvider time, IScanStore store, ScanMode mode, IScanCheckpoints? unfinished,
        Guid? trainingGroup, ILogger<GraphConsentSource> logger)
    {
        if (parsed.GetValue(_from) is { } path)
        {
            return path.Exists
                ? new OpenSource(Offline(path.FullName, tenant, time), tenant, null)
                : throw CliException.Usage($"there is no file or folder {path.FullName}");
        }

        var options = Options(parsed, tenant, endpoint);
        var token = Token(parsed, tenant, tokenEnv, terminal, time);
        options.TrainingGroup = trainingGroup;
        var incremental = mode == ScanMode.Incremental ? IncrementalReading.On(store, terminal.Note) : null;
        var checkpoints = unfinished is null ? null : new CheckpointedReading(unfinished, TimeSpan.FromSeconds(parsed.GetValue(_checkpointEvery)));
        return Graph(options, token, time, tenant, incremental, checkpoints, logger);
    }

    /// <param name="logger">Null for a command.</param>
    public static OpenSource Graph(
        GraphOptions options, ITokenSource token, TimeProvider time, Guid? tenant, IncrementalReading? incremental = null, CheckpointedReading? checkpoints = null,
        ILogger<GraphConsentSource>? logger = null)
    {
        var http = GraphTransport.Client(options);
        return new OpenSource(new GraphConsentSource(http, options, token, time, logger ?? NoLog, incremental, checkpoints), tenant, http);
    }

    /// <summary>What a path holds is told by its first bytes, not by its name.</summary>
    private static IConsentSource Offline(string path, Guid? tenant, TimeProvider time) =>
        InventoryFileSource.Recognises(path) ? new InventoryFileSource(path)
        : AzureHoundSource.Recognises(path) ? new AzureHoundSource(path, time)
        : RoadreconSource.Recognises(path) ? new RoadreconSource(path, time)
        : new ExportedPagesSource(path, tenant, time);

    /// <summary>What asks each endpoint whether it answers; for Graph alone.</summary>
    public (GraphProbe Probe, IDisposable Closing) Probe(ParseResult parsed, Terminal terminal, TimeProvider time, Guid? trainingGroup)
    {
        var tenant = parsed.GetValue(_tenant);
        var options = Options(parsed, tenant, null);
        options.TrainingGroup = trainingGroup;
        var http = GraphTransport.Client(options);
        return (new GraphProbe(http, options, Token(parsed, tenant, parsed.GetValue(_tokenEnv), terminal, time), time), http);
    }

    private GraphOptions Options(ParseResult parsed, Guid? tenant, string? endpoint)
    {
        var options = Endpoint(endpoint ?? parsed.GetValue(_endpoint), tenant);
        foreach (var name in (parsed.GetValue(_with) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (name == "consentPolicy")
            {
                options.ConsentPolicy = true;
                continue;
            }

            options.OptionalParts.Add(name switch
            {
                "consentEvents" => InventoryPart.ConsentEvents,
                "consentRequests" => InventoryPart.ConsentRequests,
                "signInActivity" => InventoryPart.SignInActivity,
                "agentIdentities" => InventoryPart.AgentIdentities,
                _ => throw CliException.Usage($"--with: there is no part '{name}'; there are consentEvents, consentRequests, signInActivity, agentIdentities and consentPolicy"),
            });
        }

        return options;
    }

    /// <summary>Graph root that is meant; the usual one when none was named.</summary>
    public Uri Endpoint(ParseResult parsed) => Endpoint(parsed.GetValue(_endpoint), null).Endpoint;

    /// <summary>Name of the variable that holds the scanner's token; null when the token comes from elsewhere.</summary>
    public string? TokenVariable(ParseResult parsed) => parsed.GetValue(_tokenEnv);

    /// <exception cref="CliException">It is no address that can be used.</exception>
    public static GraphOptions Endpoint(string? endpoint, Guid? tenant)
    {
        var options = new GraphOptions { TenantId = tenant };
        if (endpoint is not null)
        {
            options.Endpoint = Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
                ? address
                : throw CliException.Usage($"--graph-endpoint: '{endpoint}' is no address such as https://graph.microsoft.com");
        }

        return options.Problems() is { Count: > 0 } problems ? throw CliException.Usage($"--graph-endpoint: {problems[0]}") : options;
    }

    private ITokenSource Token(ParseResult parsed, Guid? tenant, string? variable, Terminal terminal, TimeProvider time)
    {
        if (variable is not null)
        {
            try
            {
                return FixedToken.FromEnvironment(variable);
            }
            catch (ArgumentException problem)
            {
                throw CliException.Usage($"--token-env: {problem.Message}");
            }
        }

        return parsed.GetValue(_deviceCode)
            ? CredentialToken.FromDeviceCode(tenant?.ToString(), null, line => terminal.Notes.WriteLineAsync(line), time)
            : CredentialToken.FromThisMachine(time);
    }
}

/// <summary>An opened source and what must be closed after it.</summary>
internal sealed record OpenSource(IConsentSource Source, Guid? TenantId, IDisposable? Closing) : IDisposable
{
    public void Dispose() => Closing?.Dispose();
}
