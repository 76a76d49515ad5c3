using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Graph;

/// <summary>Reads a tenant's consents from Microsoft Graph, or from whatever speaks its wire format: everything, in the fewest requests.</summary>
public sealed class GraphConsentSource : IConsentSource
{
    private readonly HttpClient _http;
    private readonly GraphOptions _options;
    private readonly GraphEndpoint _endpoint;
    private readonly ITokenSource _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="http">Made by <see cref="GraphTransport.Client(GraphOptions)"/>; not disposed here.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names each.</exception>
    public GraphConsentSource(HttpClient http, GraphOptions options, ITokenSource tokens, TimeProvider time, ILogger<GraphConsentSource> logger)
    {
        var problems = options.Problems();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(options));
        }

        _http = http;
        _options = options;
        _endpoint = new GraphEndpoint(options.Endpoint);
        _tokens = tokens;
        _time = time;
        _logger = logger;
    }

    public ScanMode Mode => ScanMode.Full;

    /// <inheritdoc/>
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
        var read = new TenantRead(client, walk, _endpoint, _options, meter, progress, _time, _logger, either.Token);

        var inventory = await ReadAsync(read, start, stop).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return new SourceReading(inventory, meter.Counts);
    }

    private async Task<Inventory> ReadAsync(TenantRead read, DateTimeOffset start, CancellationTokenSource stop)
    {
        var assigned = new AssignmentsPart(read);
        var organization = OrganizationRead.ReadAsync(read, _tokens);
        var grants = DirectoryParts.GrantsAsync(read);
        var principals = PrincipalsAsync(read, assigned);
        var assignments = assigned.ReadAsync(ReadingOf(principals));
        var users = DirectoryParts.UsersAsync(read);
        var events = OptionalParts.ConsentEventsAsync(read);
        var requests = OptionalParts.ConsentRequestsAsync(read);
        var signIns = OptionalParts.SignInsAsync(read);
        await AllOrNothingAsync(stop, organization, principals, grants, assignments, users, events, requests, signIns).ConfigureAwait(false);

        var (tenant, fault) = await organization.ConfigureAwait(false);
        var inventory = new Inventory
        {
            Organization = tenant ?? new Organization(Guid.Empty, string.Empty, null),
            ReadAt = start,
            ServicePrincipals = (await principals.ConfigureAwait(false)).Value,
            Grants = (await grants.ConfigureAwait(false)).Value,
            Assignments = (await assignments.ConfigureAwait(false)).Value,
            Users = (await users.ConfigureAwait(false)).Value,
            ConsentEvents = (await events.ConfigureAwait(false)).Value,
            ConsentRequests = (await requests.ConfigureAwait(false)).Value,
            SignIns = (await signIns.ConfigureAwait(false)).Value,
            Parts =
            [
                (await principals.ConfigureAwait(false)).Reading,
                (await grants.ConfigureAwait(false)).Reading,
                (await assignments.ConfigureAwait(false)).Reading,
                (await users.ConfigureAwait(false)).Reading,
                (await events.ConfigureAwait(false)).Reading,
                (await requests.ConfigureAwait(false)).Reading,
                (await signIns.ConfigureAwait(false)).Reading,
            ],
        };
        return fault is null
            ? inventory
            : inventory with { Organization = await OrganizationRead.FromTokenAsync(read, _tokens, fault, inventory.Parts.Where(part => Inventory.Needed.Contains(part.Part))).ConfigureAwait(false) };
    }

    private static async Task<PartOutcome<ImmutableArray<ServicePrincipal>>> PrincipalsAsync(TenantRead read, AssignmentsPart assigned)
    {
        try
        {
            return await DirectoryParts.ServicePrincipalsAsync(read, assigned.Offer).ConfigureAwait(false);
        }
        finally
        {
            assigned.NoMore();
        }
    }

    private static async Task<PartReading> ReadingOf<T>(Task<PartOutcome<T>> part) => (await part.ConfigureAwait(false)).Reading;

    /// <summary>When one task fails for good the others are stopped at once, and its exception is the one thrown.</summary>
    private static async Task AllOrNothingAsync(CancellationTokenSource stop, params Task[] tasks)
    {
        var left = tasks.ToList();
        while (left.Count > 0)
        {
            var ended = await Task.WhenAny(left).ConfigureAwait(false);
            left.Remove(ended);
            if (!ended.IsCompletedSuccessfully)
            {
                await stop.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll(left).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
                await ended.ConfigureAwait(false);
            }
        }
    }
}
