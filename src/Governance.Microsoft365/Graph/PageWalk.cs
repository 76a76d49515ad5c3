using Governance.Core.Consents;
using Governance.Microsoft365.Rows;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Graph;

/// <summary>A collection to walk from its first link to its last.</summary>
/// <param name="Counted">First page with <c>$count=true</c>; null when the collection is read without a count.</param>
/// <param name="Plain">First page without a count.</param>
/// <param name="Right">Application permission that reading it needs.</param>
/// <param name="Begin">Makes the place for the rows; called again when the walk must start afresh, and then forgets all it had.</param>
internal sealed record WalkPlan(InventoryPart Part, Uri? Counted, Uri Plain, string Right, RequestMeter Meter, ThrottleGate Gate, Func<PageRows> Begin)
{
    /// <summary>Reads a first page that came otherwise; gives null when it must be asked for after all. Null when there is none.</summary>
    public Func<PageRows, PageEnvelope?>? First { get; init; }

    /// <summary>Where the walk goes on instead of at its first page, with what it had come to; null to begin. The rows are there after <see cref="Begin"/>.</summary>
    public (Uri? Next, WalkEnd So)? Resume { get; init; }

    /// <summary>Told after each page how far the walk has come and which page is next; null when no one asks.</summary>
    public Func<WalkEnd, Uri?, Task>? Kept { get; init; }
}

/// <summary>How a walk ended.</summary>
/// <param name="Fault">What stopped it; null when it reached the last link or stopped for a link it would not follow.</param>
/// <param name="Reason">Why the last link was not reached, with the place; null when it was.</param>
/// <param name="Rows">Rows handed on, doubles included.</param>
/// <param name="Unreadable">Rows that could not be read.</param>
/// <param name="FirstUnreadable">Why the first of them could not, with the place; null when all could.</param>
internal sealed record WalkEnd(
    GraphFault? Fault, string? Reason, int Pages, long Rows, long? Expected, long Unreadable, string? FirstUnreadable, string? LastLink)
{
    /// <summary>Why the rows cannot be held against a count, although one was asked for; null when they can, or none was asked for.</summary>
    public string? Uncounted { get; init; }

    /// <summary>Link to the changes after this walk as received; null when there was none.</summary>
    public string? DeltaLink { get; init; }
}

/// <summary>Follows the links of a collection, and no others.</summary>
internal sealed class PageWalk(GraphClient client, GraphEndpoint endpoint, ILogger logger)
{
    private const int MostRestarts = 3;
    private const int MostEmptyPages = 1000;
    private const int SparePages = 100;

    /// <param name="progress">Told the rows so far and the count after each page.</param>
    public async Task<WalkEnd> WalkAsync(WalkPlan plan, Action<long, long?>? progress, CancellationToken cancellationToken)
    {
        var countRefused = false;
        for (var restart = 1; ; restart++)
        {
            var end = await OnceAsync(restart == 1 ? plan : plan with { First = null, Resume = null }, countRefused || plan.Counted is null ? plan.Plain : plan.Counted, progress, cancellationToken).ConfigureAwait(false);
            if (end.Fault is { Kind: FaultKind.Refused, Status: 400 } && end.Pages == 0 && plan.Counted is not null && !countRefused)
            {
                countRefused = true;
                logger.CountRefused(plan.Part);
            }
            else if (end.Fault is { Kind: FaultKind.LinkExpired } && restart <= MostRestarts)
            {
                logger.Restarts(plan.Part, end.Pages + 1, restart);
            }
            else
            {
                return plan.Counted is null || end.Expected is not null
                    ? end
                    : end with { Uncounted = $"{(countRefused ? "this server would not count" : "no count was given")}, so the number of rows is unproven" };
            }
        }
    }

    private async Task<WalkEnd> OnceAsync(WalkPlan plan, Uri first, Action<long, long?>? progress, CancellationToken cancellationToken)
    {
        var rows = plan.Begin();
        var seen = new HashSet<string>(StringComparer.Ordinal) { first.AbsoluteUri };
        var end = new WalkEnd(null, null, 0, 0, null, 0, null, null);
        var empty = 0;

        // The header goes with every page of a counted list, whichever page it goes on at.
        var counted = first == plan.Counted;
        if (plan.Resume is { } resume)
        {
            end = resume.So;
            if (resume.Next is null)
            {
                return end;
            }

            first = resume.Next;
            seen.Add(first.AbsoluteUri);
        }

        for (var address = first; ;)
        {
            PageEnvelope page;
            try
            {
                var request = new PageRequest(address, plan.Part, counted, plan.Meter, plan.Gate);
                page = (end.Pages == 0 ? plan.First?.Invoke(rows) : null) ?? await client.PageAsync(request, rows, cancellationToken).ConfigureAwait(false);
            }
            catch (GraphFault fault)
            {
                return Stop(end, fault, plan.Right);
            }

            var number = end.Pages + 1;
            empty = rows.Count + rows.Unreadable == 0 ? empty + 1 : 0;
            end = end with
            {
                Pages = number,
                Rows = end.Rows + rows.Count,
                Expected = end.Expected ?? page.Count,
                Unreadable = end.Unreadable + rows.Unreadable,
                FirstUnreadable = end.FirstUnreadable ?? (rows.FirstFault is { } fault_ ? $"{fault_} on page {number}" : null),
                LastLink = address.PathAndQuery,
                DeltaLink = page.DeltaLink,
            };
            rows.Keep();
            progress?.Invoke(end.Rows, end.Expected);
            if (page.NextLink is null)
            {
                await KeepAsync(plan, end, null).ConfigureAwait(false);
                return end;
            }

            if (!Uri.TryCreate(address, page.NextLink, out var next) || !endpoint.Owns(next))
            {
                logger.ForeignLink(plan.Part, number);
                return end with { Reason = $"link to another host refused at page {number}" };
            }

            if (!seen.Add(next.AbsoluteUri))
            {
                return end with { Reason = $"loop at page {number}" };
            }

            if (empty >= MostEmptyPages)
            {
                return end with { Reason = $"{empty} empty pages in a row, stopped at page {number}" };
            }

            if (end.Expected is { } expected && end.Rows > (2 * expected) + (SparePages * 999))
            {
                return end with { Reason = $"{end.Rows} rows although the count is {expected}, stopped at page {number}" };
            }

            await KeepAsync(plan, end, next).ConfigureAwait(false);
            address = next;
        }
    }

    private static Task KeepAsync(WalkPlan plan, WalkEnd end, Uri? next) => plan.Kept?.Invoke(end, next) ?? Task.CompletedTask;

    private static WalkEnd Stop(WalkEnd end, GraphFault fault, string right) => end with
    {
        Fault = fault,
        Reason = end.Pages == 0 && fault.Refusal ? fault.Words(right) : $"{fault.Words(right)} at page {end.Pages + 1}",
    };
}
