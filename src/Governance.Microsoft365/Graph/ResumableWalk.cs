using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Lists a collection of the directory, going on where an earlier process stopped and leaving checkpoints for a later one.</summary>
/// <param name="cursor">Where changes after the list begin, to be kept with it; null when none was asked for.</param>
internal sealed class ResumableWalk(TenantRead read, InventoryPart part, string? cursor)
{
    private int _kept;
    private (WalkEnd End, Uri? Next)? _last;

    /// <summary>Makes the place for the rows anew, with those of the segments already in it.</summary>
    public required Func<IReadOnlyList<Inventory>, PageRows> Begin { get; init; }

    /// <summary>Rows in that place, doubles included.</summary>
    public required Func<int> Added { get; init; }

    /// <summary>Puts the rows from a number on into an inventory.</summary>
    public required Func<Inventory, int, Inventory> Since { get; init; }

    public async Task<(WalkEnd End, RequestMeter Meter)> RunAsync(string query)
    {
        // The first page must not wait for the caller's other parts to be started.
        await Task.Yield();
        var meter = new RequestMeter(read.Meter);
        var found = read.Checkpoints?.Of(part);
        var begun = false;
        var plan = new WalkPlan(part, read.Endpoint.At(GraphQueries.Counted(query)), read.Endpoint.At(query), Rights.Of(part), meter, read.Directory, () =>
        {
            if (begun)
            {
                read.Checkpoints?.StartAfresh(part);
            }

            var rows = Begin(begun ? [] : found?.Segments ?? []);
            begun = true;
            _last = null;
            _kept = Added();
            return rows;
        })
        {
            Resume = found is { State: var state } ? (state.Next is null ? null : read.Endpoint.At(state.Next), EndOf(state)) : null,
            Kept = read.Checkpoints is null ? null : KeepAsync,
        };
        read.Checkpoints?.AtSuspension(KeepLastAsync);
        var end = await read.Walk.WalkAsync(plan, (rows, expected) => read.Report(part, rows, expected), read.Token).ConfigureAwait(false);
        return (end, meter);
    }

    public static WalkEnd EndOf(PartState state) => new(
        null, null, state.Pages, state.Rows, state.Expected, state.Unreadable, state.FirstUnreadable, state.LastLink);

    private Task KeepAsync(WalkEnd end, Uri? next)
    {
        _last = (end, next);
        return read.Checkpoints!.Due(part) ? KeepLastAsync() : Task.CompletedTask;
    }

    private async Task KeepLastAsync()
    {
        if (_last is not var (end, next))
        {
            return;
        }

        var state = new PartState(
            next?.PathAndQuery, 0, end.Pages, end.Rows, end.Expected, end.Unreadable, end.FirstUnreadable, end.LastLink, cursor, null);
        var rows = Added();
        var empty = new Inventory { Organization = new Organization(Guid.Empty, string.Empty, null), ReadAt = read.Checkpoints!.StartedAt, Parts = [] };
        if (await read.Checkpoints.KeepAsync(part, state, Since(empty, _kept), CancellationToken.None).ConfigureAwait(false))
        {
            _kept = rows;
            _last = null;
        }
    }
}
