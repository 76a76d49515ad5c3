using Governance.Core.Consents;
using Governance.Core.Scans;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Graph;

/// <summary>Reads a tenant's consents from Microsoft Graph, or from whatever speaks its wire format, in the fewest requests.</summary>
public sealed class GraphConsentSource : IConsentSource
{
    private readonly HttpClient _http;
    private readonly GraphOptions _options;
    private readonly GraphEndpoint _endpoint;
    private readonly ITokenSource _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IncrementalReading? _incremental;
    private readonly CheckpointedReading? _checkpoints;

    /// <param name="http">Made by <see cref="GraphTransport.Client(GraphOptions)"/>; not disposed here.</param>
    /// <param name="incremental">Null to read everything and keep no cursors.</param>
    /// <param name="checkpoints">Null to begin anew each time.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names each.</exception>
    public GraphConsentSource(
        HttpClient http,
        GraphOptions options,
        ITokenSource tokens,
        TimeProvider time,
        ILogger<GraphConsentSource> logger,
        IncrementalReading? incremental = null,
        CheckpointedReading? checkpoints = null)
    {
        options.Require();
        _http = http;
        _options = options;
        _endpoint = new GraphEndpoint(options.Endpoint);
        _tokens = tokens;
        _time = time;
        _logger = logger;
        _incremental = incremental;
        _checkpoints = checkpoints;
    }

    public ScanMode Mode => ScanMode.Full;

    /// <inheritdoc/>
    /// <exception cref="ReadingSuspendedException">Out of time; only with <see cref="CheckpointedReading.Suspends"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; nothing of what was read counts.</exception>
    public async Task<SourceReading> ReadAsync(IProgress<ReadProgress> progress, CancellationToken cancellationToken)
    {
        var start = _time.GetUtcNow();
        var meter = new RequestMeter();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var budget = new CancellationTokenSource(_options.TimeBudget, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, budget.Token);
        var client = new GraphClient(_http, _options, _endpoint, _tokens, _time, _logger, start + _options.TimeBudget, meter, stop.Token);
        var walk = new PageWalk(client, _endpoint, _logger);
        var read = new TenantRead(client, walk, _endpoint, _options, meter, progress, _time, _logger, either.Token)
        {
            Checkpoints = _checkpoints is null ? null : await ReadingCheckpoints.OpenAsync(_checkpoints, Name(), _time, cancellationToken).ConfigureAwait(false),
        };

        var tenant = new TenantReading(read, _tokens, start, stop);
        var (inventory, mode) = _incremental is null
            ? (await tenant.ListAsync().ConfigureAwait(false), ScanMode.Full)
            : await tenant.ChangesAsync(_incremental).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        await SuspendAsync(client, read, inventory).ConfigureAwait(false);
        return new SourceReading(inventory, meter.Counts) { Mode = mode, Notes = tenant.Notes };
    }

    /// <summary>What is gone on with later is no reading yet. Where nothing was gained and nobody asked for patience, what was read is all there will be.</summary>
    private static async Task SuspendAsync(GraphClient client, TenantRead read, Inventory inventory)
    {
        if (client.Late is not { } wait || inventory.Parts.All(part => part.Status is PartStatus.Complete or PartStatus.Skipped)
            || read.Checkpoints is not { } checkpoints || await checkpoints.SuspendAsync(wait).ConfigureAwait(false) is not { } progressed)
        {
            return;
        }

        if (progressed || (wait > TimeSpan.Zero && inventory.Parts.Any(part => Inventory.Needed.Contains(part.Part) && !part.Complete)))
        {
            throw new ReadingSuspendedException(wait, progressed);
        }
    }

    /// <summary>Two readings of one name would ask for the same pages.</summary>
    private string Name() => $"{_endpoint.At(string.Empty)} {_options.TenantId} {_options.PageSize} {(_incremental is null ? "list" : "changes")}";
}
