using System.Threading.Channels;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>
/// Reads app role assignments from the side of the resources that offer roles, several at a time, each as soon as its service
/// principal is known.
/// </summary>
/// <param name="batched">True to ask for the first pages of twenty resources in one call, once all are known.</param>
internal sealed class AssignmentsPart(TenantRead read, bool batched = false)
{
    private const string ResourcesLost = "the service principals that offer roles were not read whole";
    private static readonly Guid MicrosoftGraph = Guid.Parse("00000003-0000-0000-c000-000000000000");

    private readonly HashSet<Guid> _offered = [];
    private readonly AppRoleAssignmentsBuilder _all = new();
    private readonly RequestMeter _meter = new(read.Meter);
    private readonly Lock _lock = new();
    private readonly List<(Guid Resource, WalkEnd End)> _broken = [];
    private readonly Channel<ServicePrincipal> _queue = Channel.CreateUnboundedPrioritized(
        new UnboundedPrioritizedChannelOptions<ServicePrincipal> { Comparer = Comparer<ServicePrincipal>.Create(LargestFirst) });

    private readonly List<Guid> _done = [];
    private int _keeping;
    private int _doneKept;
    private HashSet<Guid> _before = [];
    private int _kept;
    private int _removed;
    private int _pages;
    private int _whole;
    private long _rows;
    private long _unreadable;
    private string? _firstUnreadable;
    private string? _lastLink;
    private GraphFault? _stop;

    /// <summary>Takes a service principal into account if it can have assignments; one offered before is left out.</summary>
    public void Offer(ServicePrincipal principal)
    {
        if ((!principal.AppRoles.IsEmpty || principal.AssignmentRequired) && _offered.Add(principal.Id))
        {
            _queue.Writer.TryWrite(principal);
        }
    }

    /// <summary>Says that no more will be offered.</summary>
    public void NoMore() => _queue.Writer.TryComplete();

    /// <param name="principals">How the reading of the service principals ends.</param>
    public async Task<PartOutcome<AppRoleAssignments>> ReadAsync(Task<PartReading> principals)
    {
        await Task.Yield();
        TakeUp();
        read.Checkpoints?.AtSuspension(() => _done.Count > _doneKept ? KeepNowAsync() : Task.CompletedTask);
        if (batched)
        {
            await principals.ConfigureAwait(false);
        }

        await Task.WhenAll(Enumerable.Range(0, read.Options.Parallelism).Select(_ => batched ? WorkInBatchesAsync() : WorkAsync())).ConfigureAwait(false);
        var assignments = _all.Build();
        var reading = Judge(assignments.Count, await principals.ConfigureAwait(false));
        return new(assignments, read.Ended(reading, _unreadable));
    }

    /// <summary>What was read of the assignments is not whole where the resources were not.</summary>
    public static PartReading Within(PartReading assignments, PartReading principals) => principals.Complete || !assignments.Complete
        ? assignments
        : assignments with { Status = PartStatus.Partial, Reason = assignments.Reason is { } said ? $"{said}; {ResourcesLost}" : ResourcesLost };

    /// <summary>The longest chain of pages should start first: Microsoft Graph's, then those with the most roles.</summary>
    private static int LargestFirst(ServicePrincipal one, ServicePrincipal other)
    {
        var graph = (other.AppId == MicrosoftGraph).CompareTo(one.AppId == MicrosoftGraph);
        var roles = graph != 0 ? graph : other.AppRoles.Length.CompareTo(one.AppRoles.Length);
        return roles != 0 ? roles : one.Id.CompareTo(other.Id);
    }

    private async Task WorkAsync()
    {
        await foreach (var resource in _queue.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (Volatile.Read(ref _stop) is null && !_before.Contains(resource.Id))
            {
                await WalkAsync(resource.Id, null).ConfigureAwait(false);
                await KeepAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes over the resources that an earlier process read whole.</summary>
    private void TakeUp()
    {
        if (read.Checkpoints?.Of(InventoryPart.AppRoleAssignments) is not { State: var state, Segments: var segments })
        {
            return;
        }

        foreach (var assignment in segments.SelectMany(segment => segment.Assignments.All))
        {
            _all.Add(assignment);
        }

        _before = [.. state.Done ?? []];
        _done.AddRange(_before);
        _doneKept = _done.Count;
        (_pages, _unreadable, _firstUnreadable, _lastLink, _whole, _kept) =
            (state.Pages, state.Unreadable, state.FirstUnreadable, state.LastLink, _before.Count, _all.Added);
    }

    private Task KeepAsync() => read.Checkpoints?.Due(InventoryPart.AppRoleAssignments) == true ? KeepNowAsync() : Task.CompletedTask;

    private async Task KeepNowAsync()
    {
        if (Interlocked.Exchange(ref _keeping, 1) == 1)
        {
            return;
        }

        try
        {
            PartState state;
            AppRoleAssignments segment;
            int rows;
            lock (_lock)
            {
                lock (_all)
                {
                    (rows, segment) = (_all.Added, _all.Since(_kept));
                }

                state = new PartState(null, 0, _pages, rows, null, _unreadable, _firstUnreadable, _lastLink, null, [.. _done]);
            }

            var inventory = new Inventory
            {
                Organization = new Organization(Guid.Empty, string.Empty, null), ReadAt = read.Checkpoints!.StartedAt, Parts = [], Assignments = segment,
            };
            if (await read.Checkpoints.KeepAsync(InventoryPart.AppRoleAssignments, state, inventory, CancellationToken.None).ConfigureAwait(false))
            {
                (_kept, _doneKept) = (rows, state.Done!.Length);
            }
        }
        finally
        {
            Volatile.Write(ref _keeping, 0);
        }
    }

    private async Task WorkInBatchesAsync()
    {
        while (_queue.Reader.TryRead(out var first))
        {
            var resources = new List<Guid> { first.Id };
            while (resources.Count < GraphBatch.MostItems && _queue.Reader.TryRead(out var next))
            {
                resources.Add(next.Id);
            }

            if (Volatile.Read(ref _stop) is not null)
            {
                continue;
            }

            var links = resources.Select(resource => "/" + GraphQueries.AssignedTo(resource, read.Options.PageSize)).ToArray();
            var answers = await GraphBatch.AskAsync(read, links, InventoryPart.AppRoleAssignments, _meter).ConfigureAwait(false);
            for (var i = 0; i < resources.Count; i++)
            {
                await WalkAsync(resources[i], answers[i].Page).ConfigureAwait(false);
            }
        }
    }

    private async Task WalkAsync(Guid resource, Func<PageRows, PageEnvelope?>? first)
    {
        var before = 0L;
        var plan = new WalkPlan(
            InventoryPart.AppRoleAssignments,
            null,
            read.Endpoint.At(GraphQueries.AssignedTo(resource, read.Options.PageSize)),
            Rights.Of(InventoryPart.AppRoleAssignments),
            _meter,
            read.Directory,
            () => new AssignmentRows(_all)) { First = first };
        var end = await read.Walk.WalkAsync(
            plan,
            (rows, _) =>
            {
                read.Report(InventoryPart.AppRoleAssignments, Interlocked.Add(ref _rows, rows - before), null);
                before = rows;
            },
            read.Token).ConfigureAwait(false);
        var removed = end.Fault is { Kind: FaultKind.NotFound } && await RemovedAsync(resource).ConfigureAwait(false);
        Note(resource, removed ? end with { Fault = null, Reason = null } : end);
    }

    /// <summary>A resource that answers 404 is gone only if its service principal is.</summary>
    private async Task<bool> RemovedAsync(Guid resource)
    {
        var found = 0;
        var rows = new DocumentRows<object>((System.Text.Json.JsonElement row, ref string? fault) => row.GetRawText(), _ => found++);
        var request = new PageRequest(read.Endpoint.At(GraphQueries.One(resource)), InventoryPart.AppRoleAssignments, false, _meter, read.Directory);
        try
        {
            await read.Client.PageAsync(request, rows, read.Token).ConfigureAwait(false);
        }
        catch (GraphFault)
        {
            return false;
        }

        rows.Keep();
        if (found == 0)
        {
            Interlocked.Increment(ref _removed);
            read.Logger.Removed(resource);
        }

        return found == 0;
    }

    private void Note(Guid resource, WalkEnd end)
    {
        lock (_lock)
        {
            _pages += end.Pages;
            _unreadable += end.Unreadable;
            _firstUnreadable ??= end.FirstUnreadable;
            _lastLink = end.LastLink ?? _lastLink;
            if (end.Reason is null)
            {
                _whole++;
                _done.Add(resource);
                return;
            }

            _broken.Add((resource, end));

            // What stops one would stop the next as well: no further calls.
            if (end.Fault is { Kind: FaultKind.Throttled or FaultKind.OutOfTime or FaultKind.TokenRefused or FaultKind.NoConnection }
                || (end.Fault is { Refusal: true, Kind: not FaultKind.NotFound } && _whole == 0))
            {
                _stop ??= end.Fault;
            }
        }
    }

    private PartReading Judge(long items, PartReading principals)
    {
        var reasons = new List<string>();
        if (_broken.Count > 0)
        {
            var first = _broken.OrderBy(broken => broken.Resource).First();
            var rest = _offered.Count - _whole;
            reasons.Add($"{first.End.Reason} ({rest} of {_offered.Count} resources not read whole)");
        }

        if (_unreadable > 0)
        {
            reasons.Add($"{_unreadable} rows unreadable, the first because {_firstUnreadable}");
        }

        if (!principals.Complete)
        {
            reasons.Add(ResourcesLost);
        }

        var refused = _pages == 0 && (principals.Status == PartStatus.Unavailable || (_broken.Count > 0 && _broken.TrueForAll(broken => broken.End.Fault is { Refusal: true })));
        var status = reasons.Count == 0 ? PartStatus.Complete : refused ? PartStatus.Unavailable : PartStatus.Partial;
        if (_removed > 0)
        {
            reasons.Add($"{_removed} service principal{(_removed == 1 ? " was" : "s were")} removed during the scan");
        }

        return new PartReading(
            InventoryPart.AppRoleAssignments, status, items, null, _pages, _meter.Sent, reasons.Count == 0 ? null : string.Join("; ", reasons), _lastLink);
    }
}
